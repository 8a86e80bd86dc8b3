/**
 * What can go wrong with the store in DATA_DIR. The messages are for the person who runs the program: what
 * happened, and what to do.
 */
export abstract class StoreError extends Error {}

/** Who holds a store, as it says itself. */
export interface StoreOwner {
  readonly pid: number;
  /** The program's name and command, without arguments: those may be private. */
  readonly command: string;
  /** When it opened the store, ISO 8601. */
  readonly since: string;
  /** Where it listens, if it does. */
  readonly port?: number;
}

/** Another process holds the store. `owner` as far as it has said who it is. */
export class StoreInUse extends StoreError {
  override readonly name = 'StoreInUse';
  readonly owner: StoreOwner | undefined;
  constructor(directory: string, owner: StoreOwner | undefined, options?: ErrorOptions) {
    const holder = owner
      ? `process ${owner.pid} (${owner.command}, since ${owner.since}${owner.port === undefined ? '' : `, listening on port ${owner.port}`})`
      : 'another process';
    super(
      `The store in ${directory} is in use by ${holder}. Wait until it has finished, stop it, or set DATA_DIR to another directory.`,
      options,
    );
    this.owner = owner;
  }
}

/** The file is not a store, or no longer a whole one. Nothing in it was changed. */
export class StoreDamaged extends StoreError {
  override readonly name = 'StoreDamaged';
  constructor(directory: string, detail: string, options?: ErrorOptions) {
    super(
      `The store in ${directory} is damaged: ${detail}. It was left as it is. Restore the directory from a backup, or move it away to start with an empty store.`,
      options,
    );
  }
}

/** The file was written by a later version of the program. Nothing in it was changed. */
export class StoreTooNew extends StoreError {
  override readonly name = 'StoreTooNew';
  constructor(directory: string, version: number, known: number) {
    super(
      `The store in ${directory} was written by a newer version of this program (format ${version}; this version knows formats up to ${known}). Update the program, or set DATA_DIR to another directory.`,
    );
  }
}

/** The store could not be opened or read for a reason outside the file: permissions, the disk. */
export class StoreUnavailable extends StoreError {
  override readonly name = 'StoreUnavailable';
}

/** A write did not become durable, and neither did any other of the same transaction. */
export class StoreNotWritten extends StoreError {
  override readonly name = 'StoreNotWritten';
  constructor(directory: string, detail: string, options?: ErrorOptions) {
    super(
      `The store in ${directory} could not be written: ${detail} and start again; nothing that was reported as saved is lost.`,
      options,
    );
  }
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE = {
  perm: 3,
  busy: 5,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** The primary result code of an error of `node:sqlite`; undefined for any other error. */
function sqliteCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** Whether SQLite says that somebody else holds the file. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === SQLITE.busy;
}

/** SQLite's error on reading or opening, as one that says what to do; busy and any other error as it is. */
export function readError(directory: string, error: unknown): unknown {
  const damage = damageError(directory, error);
  if (damage) return damage;
  const code = sqliteCode(error);
  if (code === undefined || code === SQLITE.busy) return error;
  const detail =
    code === SQLITE.cannotOpen || code === SQLITE.perm || code === SQLITE.readOnly
      ? 'no permission to read and write its files. Make this user their owner, or set DATA_DIR to another directory'
      : code === SQLITE.full
        ? 'disk full. Free space and start again'
        : `${(error as Error).message}. Check the disk and start again`;
  return new StoreUnavailable(`The store in ${directory} could not be opened or read: ${detail}.`, {
    cause: error,
  });
}

/** SQLite's error on writing, as one that says what to do; any other error as it is. */
export function writeError(directory: string, error: unknown): unknown {
  const damage = damageError(directory, error);
  if (damage) return damage;
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const detail =
    code === SQLITE.full
      ? 'disk full. Free space'
      : code === SQLITE.readOnly
        ? 'its files are read-only. Make them writable'
        : `${(error as Error).message}. Check the disk, its free space and quota,`;
  return new StoreNotWritten(directory, detail, { cause: error });
}

function damageError(directory: string, error: unknown): StoreDamaged | undefined {
  const code = sqliteCode(error);
  if (code !== SQLITE.corrupt && code !== SQLITE.notADatabase) return undefined;
  return new StoreDamaged(directory, (error as Error).message, { cause: error });
}
