import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';

/** Where in the request something is wrong. */
export interface ProblemError {
  /** `leads[3].email`, `options.phones`, `limit`; empty for the body as a whole. */
  readonly path: string;
  /** Index of the lead that is meant, counted from 0. */
  readonly lead?: number;
  readonly message: string;
}

const TITLES = {
  400: 'Bad request',
  401: 'No valid token',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Not possible now',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid input',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Apollo gave no usable answer',
  503: 'Not available',
} as const;
export type ProblemStatus = keyof typeof TITLES;

interface ProblemMore {
  readonly errors?: readonly ProblemError[];
  /** Seconds; becomes `Retry-After`. */
  readonly retryAfter?: number;
  /** Becomes `RateLimit`. */
  readonly rateLimit?: string;
}

/** An answer that says what went wrong: an RFC 9457 problem document. `detail` says what to do as well. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ProblemStatus;
  readonly code: ProblemCode;
  readonly errors: readonly ProblemError[] | undefined;
  readonly retryAfter: number | undefined;
  readonly rateLimit: string | undefined;

  constructor(status: ProblemStatus, code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.retryAfter = more.retryAfter;
    this.rateLimit = more.rateLimit;
  }

  toJSON(): object {
    const { status, code, message, errors } = this;
    // Relative to the document that had the problem: a page that lists the codes.
    return {
      type: `/docs#problem-${code}`,
      title: TITLES[status],
      status,
      detail: message,
      code,
      ...(errors && { errors }),
    };
  }
}

/** What zod found, by field and lead. `what`: `body` or `query`. */
export function invalid(what: 'body' | 'query', error: z.ZodError): Problem {
  const errors = error.issues.flatMap(({ path, message, code, ...issue }) => {
    const fields = code === 'unrecognized_keys' && 'keys' in issue ? (issue.keys as string[]) : undefined;
    if (!fields) return [problemError(path, message)];
    return fields.map((field) => problemError([...path, field], 'There is no such field.'));
  });
  const [first] = errors;
  const where = first?.path ? `${first.path}: ` : '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new Problem(422, `invalid-${what}`, `${where}${first?.message ?? 'invalid'}${more}`, { errors });
}

function problemError(path: readonly PropertyKey[], message: string): ProblemError {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, '');
  const [list, lead] = path;
  return { path: text, ...(list === 'leads' && typeof lead === 'number' && { lead }), message };
}

/** A cursor that is none. `what`: whose pages give cursors. */
export function wrongCursor(what: string): Problem {
  return new Problem(
    422,
    'invalid-cursor',
    `cursor: it is none that a page of ${what} gave. Begin at the first page.`,
  );
}
