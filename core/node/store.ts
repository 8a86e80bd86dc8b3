import { chmod, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../ports.ts';
import { systemClock } from './clock.ts';
import { DataDirectoryError, ensureDataDirectory } from './data-directory.ts';
import {
  type CopiedStore,
  countersNamespace,
  countersOf,
  EntryStore,
  type MovableStore,
  type StoredEntry,
} from './entry-store.ts';
import { SqliteFile } from './sqlite-file.ts';
import { isBusy, readError, StoreInUse } from './store-errors.ts';
import { readOwner, writeOwner } from './store-owner.ts';

/** Expired entries leave in steps small enough not to be felt: at most 360,000 an hour. */
const SWEEP_EVERY_MS = 10_000;
const SWEEP_ENTRIES = 1_000;
/** A step of the clock that no delay of a timer explains, ms. */
const JUMP_MS = 60_000;
/** What a jump of the clock made expire stays so long, ms: the clock may be set right again. */
const REST_AFTER_JUMP_MS = 3_600_000;

/** How a server calls itself, and how often it is seen whether a command is through, ms. */
const SERVER_COMMAND = ' serve';
const LOOK_EVERY_MS = 100;

/** Entries taken to another store at a time. */
const MOVED_ENTRIES = 500;

export interface StoreOptions {
  /** What time it is, for entries that expire. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
  /** How this process is called in the message that others get, without arguments. Default: the script's name. */
  readonly command?: string;
  /** Where this process listens, for the same message. */
  readonly port?: number;
  /** How long to wait for a command that holds the store and will soon be through, ms; default: not at all. */
  readonly waitMs?: number;
}

/**
 * Opens the embedded store in `directory` (made if it is not there, for its owner alone) and holds it until
 * `close()` or the death of the process, however it dies.
 *
 * Throws `StoreInUse` at once when another process holds it, `StoreDamaged` and `StoreTooNew` when the file
 * cannot be used (it is then left as it is), `StoreUnavailable` or `DataDirectoryError` when the directory
 * cannot.
 *
 * While it is open, nothing else in this process may open the file: POSIX drops a process's locks on a file
 * when the process closes any descriptor of it.
 */
export async function openStore(directory: string, options: StoreOptions = {}): Promise<MovableStore> {
  const clock = options.clock ?? systemClock;
  await ensureDataDirectory(directory);
  const file = await openInTurn(directory, clock, options.waitMs ?? 0);
  try {
    await writeOwner(directory, {
      pid: process.pid,
      command: options.command ?? basename(process.argv[1] ?? process.title),
      since: new Date().toISOString(),
      ...(options.port === undefined ? {} : { port: options.port }),
    });
  } catch (error) {
    file.close();
    throw new DataDirectoryError(directory, error);
  }
  return new EmbeddedStore(file, clock, sweepNowAndThen(file, clock));
}

/** The same on a file that is open already, and of which nothing is swept. */
export function storeOn(file: SqliteFile, clock: Pick<Clock, 'now'>): MovableStore {
  return new EmbeddedStore(file, clock);
}

/** Removes expired entries until the function that it gives is called. */
function sweepNowAndThen(file: SqliteFile, clock: Pick<Clock, 'now'>): () => void {
  let ahead = clock.now() - performance.now();
  let restUntil = 0;
  const sweeper = setInterval(() => {
    const before = ahead;
    ahead = clock.now() - performance.now();
    if (ahead - before > JUMP_MS) restUntil = performance.now() + REST_AFTER_JUMP_MS;
    if (performance.now() < restUntil) return;
    // A disk that cannot be written is told to whoever writes next.
    file.sweep(SWEEP_ENTRIES).catch(() => undefined);
  }, SWEEP_EVERY_MS).unref();
  return () => clearInterval(sweeper);
}

/** A server holds the store for as long as it runs; a command for a moment. */
async function openInTurn(directory: string, clock: Pick<Clock, 'now'>, waitMs: number): Promise<SqliteFile> {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      return await openFile(directory, clock);
    } catch (error) {
      const isPassing = error instanceof StoreInUse && !error.owner?.command.endsWith(SERVER_COMMAND);
      if (!isPassing || performance.now() >= until) throw error;
      await systemClock.sleep(LOOK_EVERY_MS);
    }
  }
}

async function openFile(directory: string, clock: Pick<Clock, 'now'>): Promise<SqliteFile> {
  const path = join(directory, 'store.sqlite');
  const isNew = await preparePrivateFile(path).catch((error: unknown) => {
    throw new DataDirectoryError(directory, error);
  });
  // SQLite takes an empty file for a new one, but a store that once had an owner was not empty.
  const mayBeEmpty = isNew || !(await readOwner(directory));
  try {
    return new SqliteFile(new DatabaseSync(path), directory, () => clock.now(), { mayBeEmpty });
  } catch (error) {
    if (isBusy(error)) throw new StoreInUse(directory, await readOwner(directory), { cause: error });
    throw readError(directory, error);
  }
}

/** The file is its owner's alone; SQLite gives the files that it puts beside it the same mode. Gives whether it is new. */
async function preparePrivateFile(path: string): Promise<boolean> {
  try {
    // `wx`: a file that is there may be open here already, and must not be opened and closed again.
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
  return false;
}

class EmbeddedStore extends EntryStore implements MovableStore, CopiedStore {
  readonly #file: SqliteFile;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #stopSweeping: () => void;

  constructor(file: SqliteFile, clock: Pick<Clock, 'now'>, stopSweeping: () => void = () => undefined) {
    super(file, clock);
    this.#file = file;
    this.#clock = clock;
    this.#stopSweeping = stopSweeping;
  }

  async *stored(): AsyncGenerator<StoredEntry[], void> {
    for (let from: number | undefined = 0; from !== undefined; ) {
      const { rows, last } = this.#file.rows(from, MOVED_ENTRIES);
      yield rows.map(({ namespace, key, value = '', expires }) => {
        const ttlMs = expires === undefined ? undefined : Math.max(1, expires - this.#clock.now());
        const counters = countersOf(namespace);
        return {
          collection: counters ?? namespace,
          counted: counters !== undefined,
          key,
          text: value,
          ttlMs,
        };
      });
      from = last;
    }
  }

  async restore(entries: readonly StoredEntry[]): Promise<void> {
    await this.#file.write(
      entries.map(({ collection, counted, key, text, ttlMs }) => ({
        namespace: counted ? countersNamespace(collection) : collection,
        key,
        value: text,
        expires: this.expiry(ttlMs),
      })),
    );
  }

  async copyTo(path: string): Promise<void> {
    await this.#file.copyTo(path);
  }

  async purge(): Promise<readonly string[]> {
    this.#file.emptyLog();
    return [];
  }

  async close(): Promise<void> {
    this.#stopSweeping();
    this.#file.close();
  }
}
