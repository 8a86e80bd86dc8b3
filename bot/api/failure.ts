import {
  ForgetError,
  JobError,
  KeyAlreadyConnected,
  KeyNotChecked,
  MappingError,
  NoFreeSlot,
  NoSuchSlot,
  NothingConnected,
  NothingToRestore,
  SlotsError,
  SlotTaken,
} from '@connectionsphere/core';
import { LeadFileError, StoreError } from '@connectionsphere/core/node';
import { TooManyHooks } from '../hooks/hooks.ts';
import { PrivateAddress } from '../hooks/post.ts';
import { ListNotStarted } from '../web/links.ts';
import { NoSuchWorkspace } from '../workspaces.ts';
import { Problem, type ProblemStatus } from './problem.ts';
import type { ProblemCode } from './problems.ts';

type Kind = abstract new (...args: never[]) => Error;

/** Errors of the core by what they are over HTTP; the first that fits counts. */
export const STATUSES: readonly (readonly [Kind, ProblemStatus])[] = [
  [KeyNotChecked, 502],
  [KeyAlreadyConnected, 409],
  [SlotTaken, 409],
  [NoFreeSlot, 409],
  [NothingConnected, 409],
  [NothingToRestore, 409],
  [NoSuchSlot, 404],
  [NoSuchWorkspace, 404],
  [SlotsError, 422],
  [PrivateAddress, 422],
  [TooManyHooks, 409],
  [LeadFileError, 422],
  [MappingError, 422],
  [ForgetError, 422],
  [ListNotStarted, 409],
  [JobError, 422],
];

/** What is answered for an error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = STATUSES.find(([kind]) => error instanceof kind);
  if (known && error instanceof Error) return new Problem(known[1], codeOf(error), error.message);
  if (error instanceof StoreError) {
    return new Problem(503, 'store-not-available', 'The server cannot use its store just now.', {
      retryAfter: 10,
    });
  }
  return bodyProblem(error) ?? new Problem(500, 'internal', 'Something went wrong here; it is in the log.');
}

/** Errors that express and its body parser give, told by `status` and `type`. */
function bodyProblem(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const type = 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large': {
      const limit = 'limit' in error ? Number(error.limit) : 0;
      return new Problem(
        413,
        'body-too-large',
        `The body is larger than ${Math.floor(limit / 1024 / 1024)} MB. Send fewer leads at once, or a list as CSV or NDJSON to /v1/jobs.`,
      );
    }
    case 'entity.parse.failed':
      return new Problem(422, 'invalid-body', 'The body is not valid JSON.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem(415, 'encoding-not-supported', 'Send the body as UTF-8, uncompressed or with gzip.');
    default:
      return error.status === 400
        ? new Problem(
            400,
            'malformed-request',
            'The request is malformed: its path, its length or its coding.',
          )
        : undefined;
  }
}

/** `KeyRefusedByApollo` → `key-refused-by-apollo`. `PROBLEMS` has all of them: a test looks. */
function codeOf({ name }: Error): ProblemCode {
  return name
    .replace(/Error$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase() as ProblemCode;
}
