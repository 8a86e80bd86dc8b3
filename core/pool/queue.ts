/** What the pool must know of a piece of work to give it its turn; what it is about is the caller's. */
export interface Work {
  readonly workspace: string;
  /** Whose turn it uses: a job or a request. */
  readonly source: string;
  /** Pieces of one flavour may share a call: same workspace, same kind, same options. */
  readonly flavour: string;
  readonly kind: 'person' | 'company';
  /** A person waits for it: first in line, and not kept back to fill a ten. */
  readonly urgent: boolean;
  /** It costs credits for mobile numbers too. All of a flavour do, or none. */
  readonly mobile: boolean;
}

/** Waiting work of one flavour: sources take turns, repeated batches go first. */
interface Flavour<W extends Work> {
  readonly workspace: string;
  readonly kind: Work['kind'];
  readonly urgent: boolean;
  readonly mobile: boolean;
  /** In the order of their next turn. */
  readonly sources: Map<string, W[]>;
  /** Batches to be repeated exactly as they are. */
  readonly again: W[][];
  waiting: number;
  lastAdded: number;
  lastServed: number;
}

export interface Waiting {
  readonly workspace: string;
  readonly kind: Work['kind'];
  readonly urgent: boolean;
  readonly mobile: boolean;
  readonly flavour: string;
  /** Pieces waiting, repeated ones included. */
  readonly pieces: number;
  /** Monotonic ms at which a batch shorter than a full one may leave. */
  readonly ripeAt: number;
}

/** Work that waits for a lane. Urgent flavours first, then those served longest ago. */
export class WorkQueue<W extends Work> {
  readonly #flavours = new Map<string, Flavour<W>>();
  /** The flavours of each workspace that has work waiting. */
  readonly #ofWorkspace = new Map<string, Set<string>>();
  readonly #perSource = new Map<string, number>();
  /** Sources that are about to add more. */
  readonly #adding = new Set<string>();
  readonly #batchSize: number;
  readonly #lingerMs: number;
  #served = 0;

  /** `lingerMs`: how long an incomplete batch waits to be filled up. */
  constructor(batchSize: number, lingerMs: number) {
    this.#batchSize = batchSize;
    this.#lingerMs = lingerMs;
  }

  /**
   * `more` is to follow at once: urgent work waits for it to fill a batch. True when something may be ready
   * to leave, or to be waited for, that was not before.
   */
  add(works: readonly W[], now: number, more = false): boolean {
    let news = false;
    for (const work of works) {
      const flavour = this.#flavour(work);
      if (more) this.#adding.add(work.source);
      else this.#adding.delete(work.source);
      news ||= work.urgent || flavour.waiting === 0 || (flavour.waiting + 1) % this.#batchSize === 0;
      const line = flavour.sources.get(work.source);
      if (line) line.push(work);
      else flavour.sources.set(work.source, [work]);
      flavour.waiting += 1;
      flavour.lastAdded = now;
      this.#count(work.source, 1);
    }
    return news;
  }

  /** Puts batches back to the front, to be repeated as they are. */
  addAgain(batches: readonly (readonly W[])[]): void {
    for (const batch of batches) {
      const [first] = batch;
      if (!first) continue;
      this.#flavour(first).again.push([...batch]);
      for (const work of batch) this.#count(work.source, 1);
    }
  }

  /** What waits, of these workspaces or of all, in the order in which it should be served. */
  waiting(workspaces: Iterable<string> = this.#ofWorkspace.keys()): Waiting[] {
    return [...workspaces]
      .flatMap((workspace) => [...(this.#ofWorkspace.get(workspace) ?? [])])
      .flatMap((key) => {
        const flavour = this.#flavours.get(key);
        return flavour ? [[key, flavour] as const] : [];
      })
      .sort(([, a], [, b]) => Number(b.urgent) - Number(a.urgent) || a.lastServed - b.lastServed)
      .map(([key, flavour]) => {
        const { workspace, kind, urgent, mobile, again, waiting } = flavour;
        const pieces = waiting + again.reduce((sum, batch) => sum + batch.length, 0);
        return { flavour: key, workspace, kind, urgent, mobile, pieces, ripeAt: this.#ripeAt(flavour) };
      });
  }

  /**
   * The next batch of a flavour, at most `size` pieces; sources take turns, a piece each. None while what is
   * left may still be filled up.
   */
  take(key: string, size: number, now: number): W[] {
    const flavour = this.#flavours.get(key);
    if (!flavour || this.#ripeAt(flavour) > now) return [];
    flavour.lastServed = ++this.#served;
    const repeated = this.#takeAgain(flavour, size);
    const batch = repeated ?? this.#takeTurns(flavour, Math.min(size, this.#batchSize));
    for (const work of batch) this.#count(work.source, -1);
    if (flavour.waiting === 0 && flavour.again.length === 0) this.#drop(key, flavour);
    return batch;
  }

  /** Takes out everything of one source. */
  withdraw(source: string): W[] {
    this.#adding.delete(source);
    return this.#remove((work) => work.source === source);
  }

  /** Takes out everything of one flavour. */
  withdrawFlavour(flavour: string): W[] {
    return this.#remove((work) => work.flavour === flavour);
  }

  /** Workspaces that have work waiting. */
  workspaces(): Iterable<string> {
    return this.#ofWorkspace.keys();
  }

  hasWorkOf(workspace: string): boolean {
    return this.#ofWorkspace.has(workspace);
  }

  /** Pieces that wait, of all sources. */
  get size(): number {
    return [...this.#perSource.values()].reduce((sum, pieces) => sum + pieces, 0);
  }

  /** Pieces of this source that wait. */
  of(source: string): number {
    return this.#perSource.get(source) ?? 0;
  }

  get isEmpty(): boolean {
    return this.#flavours.size === 0;
  }

  #flavour(work: W): Flavour<W> {
    const known = this.#flavours.get(work.flavour);
    if (known) return known;
    const { workspace, kind, urgent, mobile } = work;
    const flavour = {
      workspace,
      kind,
      urgent,
      mobile,
      sources: new Map(),
      again: [],
      waiting: 0,
      lastAdded: 0,
    };
    const added: Flavour<W> = { ...flavour, lastServed: this.#served };
    this.#flavours.set(work.flavour, added);
    const others = this.#ofWorkspace.get(workspace);
    if (others) others.add(work.flavour);
    else this.#ofWorkspace.set(workspace, new Set([work.flavour]));
    return added;
  }

  #drop(key: string, { workspace }: Flavour<W>): void {
    this.#flavours.delete(key);
    const others = this.#ofWorkspace.get(workspace);
    others?.delete(key);
    if (others?.size === 0) this.#ofWorkspace.delete(workspace);
  }

  #ripeAt({ again, lastAdded, sources, urgent, waiting }: Flavour<W>): number {
    const full =
      waiting >= this.#batchSize ||
      again.length > 0 ||
      (urgent && ![...sources.keys()].some((source) => this.#adding.has(source)));
    return full ? Number.NEGATIVE_INFINITY : lastAdded + this.#lingerMs;
  }

  #takeAgain(flavour: Flavour<W>, size: number): W[] | undefined {
    const batch = flavour.again.shift();
    if (!batch || batch.length <= size) return batch;
    flavour.again.unshift(batch.slice(size));
    return batch.slice(0, size);
  }

  #takeTurns(flavour: Flavour<W>, size: number): W[] {
    const batch: W[] = [];
    while (batch.length < size) {
      const turn = flavour.sources.entries().next();
      if (turn.done) break;
      const [source, line] = turn.value;
      flavour.sources.delete(source);
      // With one source there are no turns to take; with several, a piece each.
      const share = flavour.sources.size === 0 ? size - batch.length : 1;
      batch.push(...line.splice(0, share));
      if (line.length > 0) flavour.sources.set(source, line);
    }
    flavour.waiting -= batch.length;
    return batch;
  }

  #remove(matches: (work: W) => boolean): W[] {
    const removed: W[] = [];
    for (const [key, flavour] of this.#flavours) {
      for (const [source, line] of flavour.sources) {
        const [out, kept] = partition(line, matches);
        removed.push(...out);
        flavour.waiting -= out.length;
        if (kept.length > 0) flavour.sources.set(source, kept);
        else flavour.sources.delete(source);
      }
      const again = flavour.again.splice(0);
      for (const batch of again) {
        const [out, kept] = partition(batch, matches);
        removed.push(...out);
        if (kept.length > 0) flavour.again.push(kept);
      }
      if (flavour.waiting === 0 && flavour.again.length === 0) this.#drop(key, flavour);
    }
    for (const work of removed) this.#count(work.source, -1);
    return removed;
  }

  #count(source: string, change: number): void {
    const count = this.of(source) + change;
    if (count > 0) this.#perSource.set(source, count);
    else this.#perSource.delete(source);
  }
}

function partition<T>(items: readonly T[], matches: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (matches(item) ? yes : no).push(item);
  return [yes, no];
}
