import { ForgetError, JobError, KeyNotChecked, MappingError, SlotsError } from '@connectionsphere/core';
import {
  BackupError,
  ConfigError,
  EncryptionKeysError,
  LeadFileError,
  StoreInUse,
  StoreNotMoved,
} from '@connectionsphere/core/node';
import { CommanderError } from 'commander';
import { NoSuchWorkspace } from '../workspaces.ts';
import { UsageError } from './usage-error.ts';

/** What a command line says and how it exits when something went wrong. */
export interface Failure {
  /** For programs: `usage`, `slot-taken`, `store-in-use` … */
  readonly code: string;
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** What a running server, asked to carry out the command, said. */
export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** How a server says who it is. */
const SERVE = 'connectionsphere serve';

/** Errors that whoever typed the command can put right by typing another. */
const INPUT_ERRORS = [
  CommanderError,
  UsageError,
  BackupError,
  ConfigError,
  EncryptionKeysError,
  LeadFileError,
  MappingError,
  SlotsError,
  ForgetError,
  JobError,
  NoSuchWorkspace,
  StoreNotMoved,
];

export function failureOf(error: unknown): Failure {
  if (error instanceof RemoteFailure) return error.failure;
  const isInput = INPUT_ERRORS.some((type) => error instanceof type) && !(error instanceof KeyNotChecked);
  return { code: codeOf(error), message: messageOf(error), exitCode: isInput ? 2 : 1 };
}

function codeOf(error: unknown): string {
  if (error instanceof CommanderError) return 'usage';
  if (!(error instanceof Error) || error.name === 'Error') return 'failed';
  return error.name
    .replace(/Error$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StoreInUse && error.owner?.command === SERVE) {
    return `${error.message} The server takes lists as well: in Slack, from n8n, or over its API.`;
  }
  if (!(error instanceof CommanderError)) return error.message;
  if (error.code === 'commander.help')
    return 'This command has commands of its own, and none was given. Add --help to see them.';
  // The value of an unknown option may be a key.
  const message = error.message.replace(/^error: /, '').replace(/(unknown option '[^'=]*)=[^']*'/, "$1'");
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return error.code === 'commander.missingArgument'
    ? `${sentence}. Type "./connectionsphere --help" to see what each command takes.`
    : sentence;
}
