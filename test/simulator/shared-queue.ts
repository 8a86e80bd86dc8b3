import type { ChunkQueue, ChunkWorker, JobRun } from '../../core/ports.ts';
import type { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import type { SharedConnection } from './shared-connection.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Pieces of work that one process has at once. */
const AT_ONCE = 4;
/** How long a chunk that would only wait is put off, ms. */
const PUT_OFF_MS = 10;

interface Item {
  readonly run: JobRun;
  /** None: the run is to be finished. */
  readonly number: number | undefined;
  /** Who works on it, and until when that is believed, by `time.elapsed`. */
  holder?: { readonly token: number; until: number };
  /** Not before this, by `time.elapsed`. */
  from: number;
}

/** What the server holds of the queue: items that are held by whoever took them, and given again where that one is silent. */
export class SharedItems {
  readonly #time: VirtualTime;
  readonly #items = new Set<Item>();
  readonly #workers = new Set<() => void>();
  #tokens = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(run: JobRun, chunks: readonly number[]): void {
    for (const number of [...chunks, undefined]) this.#items.add({ run, number, from: 0 });
    this.#wake();
  }

  has({ run }: JobRun): boolean {
    return [...this.#items].some((item) => item.number === undefined && item.run.run === run);
  }

  get isServed(): boolean {
    return this.#workers.size > 0;
  }

  /** `wake`: hears that there may be something to take. */
  join(wake: () => void): void {
    this.#workers.add(wake);
  }

  leave(wake: () => void): void {
    this.#workers.delete(wake);
  }

  /** The next that nobody works on; a run is finished when none of its chunks is left. */
  take(forMs: number): { item: Item; token: number } | undefined {
    const now = this.#time.elapsed;
    const free = [...this.#items].filter(
      (item) =>
        item.from <= now &&
        (item.holder?.until ?? 0) <= now &&
        (item.number !== undefined || this.#isLast(item)),
    );
    const [item] = free.sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
    if (!item) return undefined;
    this.#tokens += 1;
    item.holder = { token: this.#tokens, until: now + forMs };
    return { item, token: this.#tokens };
  }

  renew(item: Item, token: number, forMs: number): void {
    if (item.holder?.token === token) item.holder.until = this.#time.elapsed + forMs;
  }

  /** It is done, unless somebody else has it by now. */
  done(item: Item, token: number): void {
    if (item.holder?.token === token) this.#items.delete(item);
    this.#wake();
  }

  putBack(item: Item, token: number, afterMs: number): void {
    if (item.holder?.token !== token) return;
    delete item.holder;
    item.from = this.#time.elapsed + afterMs;
    if (afterMs > 0) this.#time.after(afterMs, () => this.#wake());
    else this.#wake();
  }

  #isLast({ run }: Item): boolean {
    return ![...this.#items].some((item) => item.number !== undefined && item.run.run === run.run);
  }

  #wake(): void {
    for (const wake of this.#workers) wake();
  }
}

/** The queue as one process has it. */
export class SharedQueue implements ChunkQueue {
  readonly #items: SharedItems;
  readonly #connection: SharedConnection;
  readonly #machine: Machine;
  readonly #draw: Draw;
  readonly #lockMs: number;
  readonly #working = new Set<Promise<void>>();
  /** By run, the chunk of it that is being read. */
  readonly #reading = new Set<string>();
  #stop: (() => void) | undefined;

  constructor(items: SharedItems, connection: SharedConnection, draw: Draw, lockMs: number) {
    this.#items = items;
    this.#connection = connection;
    this.#machine = connection.machine;
    this.#draw = draw;
    this.#lockMs = lockMs;
  }

  async add(run: JobRun, chunks: readonly number[]): Promise<void> {
    await this.#connection.write(() => this.#items.add(run, chunks));
  }

  has(run: JobRun): Promise<boolean> {
    return this.#connection.read(() => this.#items.has(run));
  }

  isServed(): Promise<boolean> {
    return this.#connection.read(() => this.#items.isServed);
  }

  /** What a process that died is one of the workers for, until its connection is seen to be gone. */
  leave(): void {
    this.#stop?.();
  }

  serve(worker: ChunkWorker): () => Promise<readonly JobRun[]> {
    let isOpen = true;
    const look = () => {
      this.#machine.after(this.#draw.between(0, 3), () => {
        if (isOpen && this.#working.size < AT_ONCE) this.#begin(worker, look);
      });
    };
    // What somebody silent had is looked for as well.
    const lookAgain = () => {
      look();
      this.#machine.after(this.#lockMs / 2, lookAgain);
    };
    lookAgain();
    this.#items.join(look);
    this.#stop = () => {
      isOpen = false;
      this.#items.leave(look);
    };
    return async () => {
      this.#stop?.();
      await Promise.all(this.#working);
      return [];
    };
  }

  #begin(worker: ChunkWorker, look: () => void): void {
    const working = this.#work(worker, look)
      .catch(() => undefined)
      .finally(() => this.#working.delete(working));
    this.#working.add(working);
  }

  async #work(worker: ChunkWorker, look: () => void): Promise<void> {
    const taken = await this.#connection.write(() => this.#items.take(this.#lockMs));
    if (!taken) return;
    const { item, token } = taken;
    let isOver = false;
    const renew = () => {
      this.#machine.after(this.#lockMs / 2, () => {
        if (isOver) return;
        void this.#connection
          .write(() => this.#items.renew(item, token, this.#lockMs))
          .catch(() => undefined);
        renew();
      });
    };
    renew();
    look();
    try {
      const afterMs = await this.#done(worker, item);
      if (afterMs === undefined) await this.#connection.read(() => this.#items.done(item, token));
      else await this.#connection.read(() => this.#items.putBack(item, token, afterMs));
    } finally {
      isOver = true;
    }
    look();
  }

  /** Works on it; gives after how many ms it is to be given out again, if it is. */
  async #done(worker: ChunkWorker, { run, number }: Item): Promise<number | undefined> {
    if (number === undefined) return (await worker.finish(run)) === 'again' ? 0 : undefined;
    if (this.#reading.has(run.run) || worker.mayBegin(run) === 'later') return PUT_OFF_MS;
    this.#reading.add(run.run);
    try {
      const worked = await worker.chunk(run, number, () => this.#reading.delete(run.run));
      return worked === 'again' ? 0 : undefined;
    } finally {
      this.#reading.delete(run.run);
    }
  }
}
