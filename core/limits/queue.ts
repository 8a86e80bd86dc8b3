/** What the pool must know of a piece of work to give it its turn; what it is about is the caller's. */
export interface Work {
  readonly workspace: string;
  /** Whose turn it uses: a job or a request. */
  readonly source: string;
  /** Pieces with the same one may share a call: same workspace, same kind, same options. */
  readonly batchKey: string;
  readonly kind: 'person' | 'company';
  /** A person waits for it: first in line, and not kept back to fill a ten. */
  readonly urgent: boolean;
  /** It costs credits for mobile numbers too. All with one batch key do, or none. */
  readonly mobile: boolean;
}

/** A batch to be repeated exactly as it is, not before `dueAt` (monotonic ms). */
interface Repeated<W extends Work> {
  readonly works: readonly W[];
  readonly dueAt: number;
}

/** Waiting work with one batch key: sources take turns, repeated batches go first. */
interface Group<W extends Work> {
  readonly workspace: string;
  readonly kind: Work['kind'];
  readonly urgent: boolean;
  readonly mobile: boolean;
  /** In the order of their next turn. */
  readonly sources: Map<string, W[]>;
  readonly again: Repeated<W>[];
  waiting: number;
  lastAdded: number;
  lastServed: number;
}

export interface Waiting {
  readonly workspace: string;
  readonly kind: Work['kind'];
  readonly urgent: boolean;
  readonly mobile: boolean;
  readonly batchKey: string;
  /** Pieces waiting, repeated ones included. */
  readonly pieces: number;
  /** Monotonic ms before which nothing of it may leave: a short batch is filled up, a repeated one rests. */
  readonly dueAt: number;
}

/** Work that waits for a limiter. Urgent groups first, then those served longest ago. */
export class WorkQueue<W extends Work> {
  readonly #groups = new Map<string, Group<W>>();
  /** The batch keys of the groups of each workspace. */
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
      const group = this.#groupOf(work);
      if (more) this.#adding.add(work.source);
      else this.#adding.delete(work.source);
      news ||= work.urgent || group.waiting === 0 || (group.waiting + 1) % this.#batchSize === 0;
      const line = group.sources.get(work.source);
      if (line) line.push(work);
      else group.sources.set(work.source, [work]);
      group.waiting += 1;
      group.lastAdded = now;
      this.#count(work.source, 1);
    }
    return news;
  }

  /** Puts batches back to the front, to be repeated as they are, not before `dueAt` (monotonic ms). */
  addAgain(batches: readonly (readonly W[])[], dueAt = Number.NEGATIVE_INFINITY): void {
    for (const batch of batches) {
      const [first] = batch;
      if (!first) continue;
      this.#groupOf(first).again.push({ works: batch, dueAt });
      for (const work of batch) this.#count(work.source, 1);
    }
  }

  /** What waits, of these workspaces or of all, in the order in which it should be served. */
  waiting(workspaces: Iterable<string> = this.#ofWorkspace.keys()): Waiting[] {
    return [...workspaces]
      .flatMap((workspace) => [...(this.#ofWorkspace.get(workspace) ?? [])])
      .flatMap((key) => {
        const group = this.#groups.get(key);
        return group ? [[key, group] as const] : [];
      })
      .sort(([, a], [, b]) => Number(b.urgent) - Number(a.urgent) || a.lastServed - b.lastServed)
      .map(([key, group]) => {
        const { workspace, kind, urgent, mobile, again, waiting } = group;
        const pieces = waiting + again.reduce((sum, { works }) => sum + works.length, 0);
        return { batchKey: key, workspace, kind, urgent, mobile, pieces, dueAt: this.#dueAt(group) };
      });
  }

  /**
   * The next batch of a group, at most `size` pieces; sources take turns, a piece each. None while what is
   * left may still be filled up.
   */
  take(key: string, size: number, now: number): readonly W[] {
    const group = this.#groups.get(key);
    if (!group || this.#dueAt(group) > now) return [];
    group.lastServed = ++this.#served;
    const repeated = this.#takeAgain(group, size, now);
    const batch = repeated ?? this.#takeTurns(group, Math.min(size, this.#batchSize));
    for (const work of batch) this.#count(work.source, -1);
    if (group.waiting === 0 && group.again.length === 0) this.#drop(key, group);
    return batch;
  }

  /** Takes out everything of one source. */
  withdraw(source: string): W[] {
    this.#adding.delete(source);
    return this.#remove((work) => work.source === source);
  }

  /** Takes out everything with one batch key. */
  withdrawBatchKey(batchKey: string): W[] {
    return this.#remove((work) => work.batchKey === batchKey);
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
    return this.#groups.size === 0;
  }

  #groupOf(work: W): Group<W> {
    const known = this.#groups.get(work.batchKey);
    if (known) return known;
    const { workspace, kind, urgent, mobile } = work;
    const added: Group<W> = {
      workspace,
      kind,
      urgent,
      mobile,
      sources: new Map(),
      again: [],
      waiting: 0,
      lastAdded: 0,
      lastServed: this.#served,
    };
    this.#groups.set(work.batchKey, added);
    const others = this.#ofWorkspace.get(workspace);
    if (others) others.add(work.batchKey);
    else this.#ofWorkspace.set(workspace, new Set([work.batchKey]));
    return added;
  }

  #drop(key: string, { workspace }: Group<W>): void {
    this.#groups.delete(key);
    const others = this.#ofWorkspace.get(workspace);
    others?.delete(key);
    if (others?.size === 0) this.#ofWorkspace.delete(workspace);
  }

  #dueAt(group: Group<W>): number {
    return Math.min(this.#newDueAt(group), ...group.again.map(({ dueAt }) => dueAt));
  }

  /** When what is no repetition may leave. */
  #newDueAt({ lastAdded, sources, urgent, waiting }: Group<W>): number {
    if (waiting === 0) return Number.POSITIVE_INFINITY;
    const full =
      waiting >= this.#batchSize ||
      (urgent && ![...sources.keys()].some((source) => this.#adding.has(source)));
    return full ? Number.NEGATIVE_INFINITY : lastAdded + this.#lingerMs;
  }

  #takeAgain(group: Group<W>, size: number, now: number): readonly W[] | undefined {
    const at = group.again.findIndex(({ dueAt }) => dueAt <= now);
    const [batch] = at < 0 ? [] : group.again.splice(at, 1);
    if (!batch || batch.works.length <= size) return batch?.works;
    group.again.unshift({ ...batch, works: batch.works.slice(size) });
    return batch.works.slice(0, size);
  }

  #takeTurns(group: Group<W>, size: number): W[] {
    const batch: W[] = [];
    while (batch.length < size) {
      const turn = group.sources.entries().next();
      if (turn.done) break;
      const [source, line] = turn.value;
      group.sources.delete(source);
      // With one source there are no turns to take; with several, a piece each.
      const share = group.sources.size === 0 ? size - batch.length : 1;
      batch.push(...line.splice(0, share));
      if (line.length > 0) group.sources.set(source, line);
    }
    group.waiting -= batch.length;
    return batch;
  }

  #remove(matches: (work: W) => boolean): W[] {
    const removed: W[] = [];
    for (const [key, group] of this.#groups) {
      for (const [source, line] of group.sources) {
        const [out, kept] = partition(line, matches);
        removed.push(...out);
        group.waiting -= out.length;
        if (kept.length > 0) group.sources.set(source, kept);
        else group.sources.delete(source);
      }
      const again = group.again.splice(0);
      for (const { works, dueAt } of again) {
        const [out, kept] = partition(works, matches);
        removed.push(...out);
        if (kept.length > 0) group.again.push({ works: kept, dueAt });
      }
      if (group.waiting === 0 && group.again.length === 0) this.#drop(key, group);
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
