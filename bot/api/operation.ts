import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Scope, Token } from './tokens.ts';

/** A checked request: nothing of it is wrong in form. */
export interface Call<Query = unknown, Body = unknown> {
  readonly workspace: string;
  readonly token: Token;
  /** Parts of the path, by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  /** The body, where the handler reads it as a stream. */
  readonly content: Readable;
  readonly response: Response;
  /** Aborts when whoever asked is gone. */
  readonly signal: AbortSignal;
}

export interface Answer {
  /** 200 unless given. */
  readonly status?: number;
  /** JSON; none: an empty answer. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call of the API: what it takes, who may make it, what it gives. Routes and documentation come from it. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `/v1/jobs/{id}` */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly group: string;
  /** None: any token. */
  readonly scope?: Scope;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Bytes of a JSON body; 1 MB unless given. */
  readonly bodyLimit?: number;
  /** Media types that the handler reads from the request by itself, checking the query by `streamQuery`. */
  readonly streams?: readonly string[];
  readonly streamQuery?: z.ZodType;
  /** The same request with the same `Idempotency-Key` is carried out once. */
  readonly idempotent?: boolean;
  readonly answers: Readonly<
    Record<
      number,
      { readonly description: string; readonly schema?: z.ZodType; readonly streams?: readonly string[] }
    >
  >;
  /** `undefined`: the handler has answered by itself. */
  readonly handle: (call: Call) => Promise<Answer | undefined>;
}

type Typed<Query extends z.ZodType, Body extends z.ZodType> = Omit<Operation, 'query' | 'body' | 'handle'> & {
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Answer | undefined>;
};

/** An operation whose handler gets what its schemas give. */
export function operation<Query extends z.ZodType, Body extends z.ZodType>(
  typed: Typed<Query, Body>,
): Operation {
  return typed as unknown as Operation;
}
