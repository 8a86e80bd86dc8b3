import { AsyncLocalStorage } from 'node:async_hooks';
import { createCoordination } from '../../core/coordination.ts';
import { addFields } from '../../core/counters.ts';
import { type Entries, EntryStore, type ReadEntry } from '../../core/node/entry-store.ts';
import type { Addition, Write } from '../../core/node/write-batch.ts';
import type { Clock, Coordination, Fields } from '../../core/ports.ts';
import type { SharedConnection } from './shared-connection.ts';
import type { VirtualTime } from './virtual-time.ts';

const PAGE_KEYS = 20;
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 250;

interface Entry {
  readonly text: string;
  readonly expires: number | undefined;
}

interface Lock {
  readonly token: number;
  until: number;
}

interface HeldLock {
  readonly name: string;
  readonly token: number;
  over: boolean;
}

/** What was done under a lock is not written: another process has it. */
class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** What the server holds of the store and of locks. */
export class SharedData {
  readonly #time: VirtualTime;
  /** By namespace and key; numbers are JSON too. */
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #locks = new Map<string, Lock>();
  #tokens = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get(namespace: string, key: string): string | undefined {
    const entry = this.#entries.get(namespace)?.get(key);
    return entry && (entry.expires ?? Number.POSITIVE_INFINITY) > this.#time.now() ? entry.text : undefined;
  }

  /** Keys that start with `prefix`, in their order, after `after`. */
  keys(namespace: string, prefix: string, after?: string): string[] {
    return [...(this.#entries.get(namespace)?.keys() ?? [])]
      .filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
      .sort()
      .slice(0, PAGE_KEYS);
  }

  /** All of it or nothing; throws {@link LockLost} where one of the locks is not held any more. */
  write(writes: readonly Write[], additions: readonly Addition[], held: readonly HeldLock[]): void {
    for (const { name, token } of held)
      if (!this.#holds(name, token)) throw new LockLost('The lock was lost.');
    for (const { namespace, key, value, expires } of writes) this.#set(namespace, key, value, expires);
    for (const { namespace, key, change, expires } of additions) {
      const text = this.get(namespace, key);
      const sum = addFields(text === undefined ? undefined : JSON.parse(text), change);
      const until = expires ?? this.#entries.get(namespace)?.get(key)?.expires;
      this.#set(namespace, key, sum && JSON.stringify(sum), until);
    }
  }

  /** The lock's token, where it was free. */
  lock(name: string, forMs: number): number | undefined {
    const lock = this.#locks.get(name);
    if (lock && lock.until > this.#time.elapsed) return undefined;
    this.#tokens += 1;
    this.#locks.set(name, { token: this.#tokens, until: this.#time.elapsed + forMs });
    return this.#tokens;
  }

  renew(name: string, token: number, forMs: number): void {
    const lock = this.#locks.get(name);
    if (lock && this.#holds(name, token)) lock.until = this.#time.elapsed + forMs;
  }

  unlock(name: string, token: number): void {
    if (this.#holds(name, token)) this.#locks.delete(name);
  }

  #holds(name: string, token: number): boolean {
    const lock = this.#locks.get(name);
    return lock?.token === token && lock.until > this.#time.elapsed;
  }

  #set(namespace: string, key: string, value: string | undefined, expires: number | undefined): void {
    const entries = this.#entries.get(namespace) ?? new Map<string, Entry>();
    this.#entries.set(namespace, entries);
    if (value === undefined) entries.delete(key);
    else entries.set(key, { text: value, expires });
  }
}

/** Exclusion among all processes, with locks that expire where their holder stands still. */
export class SharedLocks implements Coordination {
  readonly #data: SharedData;
  readonly #connection: SharedConnection;
  readonly #lockMs: number;
  readonly #own = createCoordination();
  readonly #held = new AsyncLocalStorage<readonly HeldLock[]>();

  constructor(data: SharedData, connection: SharedConnection, lockMs: number) {
    this.#data = data;
    this.#connection = connection;
    this.#lockMs = lockMs;
  }

  held(): readonly HeldLock[] {
    return (this.#held.getStore() ?? []).filter(({ over }) => !over);
  }

  exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#own.exclusive(name, async () => {
      const lock: HeldLock = { name, token: await this.#take(name), over: false };
      this.#renewSoon(lock);
      try {
        return await this.#held.run([...this.held(), lock], work);
      } finally {
        lock.over = true;
        await this.#connection.read(() => this.#data.unlock(name, lock.token));
      }
    });
  }

  async #take(name: string): Promise<number> {
    const { clock } = this.#connection.machine;
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(LONGEST_RETRY_MS, wait * 2)) {
      const token = await this.#connection.read(() => this.#data.lock(name, this.#lockMs));
      if (token !== undefined) return token;
      await clock.sleep(wait);
    }
  }

  #renewSoon(lock: HeldLock): void {
    this.#connection.machine.after(this.#lockMs * 0.3, () => {
      if (lock.over) return;
      void this.#connection.read(() => this.#data.renew(lock.name, lock.token, this.#lockMs));
      this.#renewSoon(lock);
    });
  }
}

/** The store as one process has it. */
export class SharedStore extends EntryStore {
  constructor(
    data: SharedData,
    connection: Pick<SharedConnection, 'read' | 'write'>,
    held: () => readonly HeldLock[],
    clock: Pick<Clock, 'now'>,
  ) {
    super(new SharedEntries(data, connection, held), clock);
  }

  async close(): Promise<void> {}
}

/** Each call reaches what is shared in the order of calls, and is carried out at one moment. */
class SharedEntries implements Entries {
  readonly #data: SharedData;
  readonly #connection: Pick<SharedConnection, 'read' | 'write'>;
  readonly #held: () => readonly HeldLock[];

  constructor(
    data: SharedData,
    connection: Pick<SharedConnection, 'read' | 'write'>,
    held: () => readonly HeldLock[],
  ) {
    this.#data = data;
    this.#connection = connection;
    this.#held = held;
  }

  getMany(namespace: string, keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.#connection.read(() => keys.map((key) => this.#data.get(namespace, key)));
  }

  async *pages(namespace: string, prefix: string): AsyncGenerator<ReadEntry[], void> {
    let last: string | undefined;
    do {
      const after = last;
      const page = await this.#connection.read(() =>
        this.#data
          .keys(namespace, prefix, after)
          .map((key) => [key, this.#data.get(namespace, key)] as const),
      );
      yield page;
      last = page[PAGE_KEYS - 1]?.[0];
    } while (last !== undefined);
  }

  async fields(namespace: string, key: string): Promise<Fields> {
    const [text] = await this.getMany(namespace, [key]);
    return text === undefined ? {} : JSON.parse(text);
  }

  async *counted(namespace: string, prefix: string): AsyncGenerator<string, void> {
    for await (const page of this.pages(namespace, prefix)) {
      for (const [key, value] of page) if (value !== undefined) yield key;
    }
  }

  async write(writes: readonly Write[], additions: readonly Addition[]): Promise<void> {
    if (writes.length + additions.length === 0) return;
    const held = this.#held();
    await this.#connection.write(() => this.#data.write(writes, additions, held));
  }

  damaged(cause: unknown): Error {
    return new Error('An entry is no JSON.', { cause });
  }
}
