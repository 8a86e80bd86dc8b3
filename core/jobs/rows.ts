import { cellWriter, identify, isMeantBy, type KnownResults, type RowOutcome } from '../enrichment/index.ts';
import { type Lead, leadFromRow, type OtherRow } from '../leads/index.ts';
import { type Collection, deleteAll, type Ports, type Store } from '../ports.ts';
import { JobError } from './errors.ts';
import type { Chunk } from './intake.ts';
import { type Counts, type Job, placeOf, type ResultRow, rowAt, subjectOf } from './types.ts';

/** So many chunks are removed together. */
const REMOVED_TOGETHER = 500;

/** Bytes of a workbook under one key. */
const ORIGINAL_PIECE = 256 * 1024;

const FORGOTTEN: RowOutcome = { outcome: 'skipped', error: 'This person asked to be forgotten.' };

/** The rows of lists by chunks: as they came, and what became of them. */
export class JobRows {
  readonly #store: Store;
  readonly #coordination: Ports['coordination'];
  readonly #known: KnownResults;
  readonly #ttl: { readonly ttlMs: number };
  readonly #chunks: Collection<Chunk>;
  readonly #outcomes: Collection<readonly RowOutcome[]>;
  /** Workbooks in pieces, in base64. */
  readonly #originals: Collection<string>;
  /**
   * Of chunks that are not decided: what was known when the list was read, or had been found when the job stopped
   * in the chunk. `null`: not decided.
   */
  readonly #partly: Collection<readonly (RowOutcome | null)[]>;

  constructor(
    { store, coordination }: Pick<Ports, 'store' | 'coordination'>,
    known: KnownResults,
    retentionMs: number,
  ) {
    this.#store = store;
    this.#coordination = coordination;
    this.#known = known;
    this.#ttl = { ttlMs: retentionMs };
    this.#chunks = store.collection<Chunk>('chunks');
    this.#outcomes = store.collection<readonly RowOutcome[]>('outcomes');
    this.#originals = store.collection<string>('originals');
    this.#partly = store.collection<readonly (RowOutcome | null)[]>('partly');
  }

  /** Keeps a chunk as it was read, and what is decided of it already. */
  async keep(
    job: string,
    number: number,
    chunk: Chunk,
    decided: readonly (RowOutcome | undefined)[],
  ): Promise<void> {
    await this.#store.atomically(() =>
      Promise.all([
        this.#chunks.set(chunkKey(job, number), chunk, this.#ttl),
        this.decidePartly(job, number, decided),
      ]),
    );
  }

  /** Throws {@link JobError} when the list was kept for as long as it may be. */
  async chunk(job: string, number: number): Promise<Chunk> {
    const chunk = await this.#chunks.get(chunkKey(job, number));
    if (!chunk) throw new JobError(`The rows of job ${job} have expired; enrich the list again.`);
    return chunk;
  }

  /** What became of a chunk's rows; `undefined` before all of them are decided. */
  outcomesOf(job: string, number: number): Promise<readonly RowOutcome[] | undefined> {
    return this.#outcomes.get(chunkKey(job, number));
  }

  /** What is decided of one chunk and who is forgotten in it is done one after the other, in whichever process. */
  exclusively<T>(job: string, number: number, work: () => Promise<T>): Promise<T> {
    return this.#coordination.exclusive(`chunk:${chunkKey(job, number)}`, work);
  }

  /** Outcomes of a chunk, without those of people who were forgotten since it was read; within {@link exclusively}. */
  async withoutForgotten<T extends RowOutcome | undefined>(
    job: string,
    number: number,
    outcomes: readonly T[],
  ): Promise<(T | RowOutcome)[]> {
    const { cells } = await this.chunk(job, number);
    // Only a forgotten person leaves an empty row that was something to look up.
    return outcomes.map((outcome, index) =>
      outcome && outcome.outcome !== 'skipped' && cells[index]?.every((cell) => cell === '')
        ? FORGOTTEN
        : outcome,
    );
  }

  async isDecided(job: string, number: number): Promise<boolean> {
    return (await this.#outcomes.get(chunkKey(job, number))) !== undefined;
  }

  /** Part of the `atomically` around it. */
  async decide(job: string, number: number, outcomes: readonly RowOutcome[]): Promise<void> {
    await Promise.all([
      this.#outcomes.set(chunkKey(job, number), outcomes, this.#ttl),
      this.#partly.delete(chunkKey(job, number)),
    ]);
  }

  /** Keeps what is decided of a chunk, though not all of it is: it may have been paid for, and people want to see it. */
  async decidePartly(
    job: string,
    number: number,
    outcomes: readonly (RowOutcome | undefined)[],
  ): Promise<void> {
    const kept = outcomes.map((outcome) => outcome ?? null);
    if (kept.some(Boolean)) await this.#partly.set(chunkKey(job, number), kept, this.#ttl);
  }

  /** What is decided of a chunk that is not decided as a whole, row by row; empty where that is nothing. */
  async partOf(job: string, number: number): Promise<readonly (RowOutcome | null)[]> {
    return (await this.#partly.get(chunkKey(job, number))) ?? [];
  }

  /** What is decided in all of the job's chunks that are not decided as a whole. */
  async decidedPartly(job: string): Promise<RowOutcome[]> {
    const decided: RowOutcome[] = [];
    for await (const [, outcomes] of this.#partly.entries(chunkKey(job, ''))) {
      decided.push(...outcomes.filter((outcome) => outcome !== null));
    }
    return decided;
  }

  /** Numbers of the chunks without outcomes. */
  async undecided({ id, chunks }: Job): Promise<number[]> {
    const left: number[] = [];
    for (let number = 0; number < chunks; number += 1) {
      if (!(await this.isDecided(id, number))) left.push(number);
    }
    return left;
  }

  /** Leads from `from` (0: the first) on, in input order; before the job was started, without outcomes. */
  async *results(job: Job, from = 0): AsyncIterable<ResultRow> {
    for await (const row of this.lines(job, from)) if (!('otherRow' in row)) yield row;
  }

  /** The same, and in their places the rows that are no leads. */
  async *lines(job: Job, from = 0): AsyncIterable<ResultRow | OtherRow> {
    const write = cellWriter(job.options);
    for (let number = placeOf(job, from).chunk; number < job.chunks; number += 1) {
      const chunk = await this.chunk(job.id, number);
      const key = chunkKey(job.id, number);
      const outcomes =
        job.startedAt === undefined
          ? []
          : ((await this.#outcomes.get(key)) ?? (await this.partOf(job.id, number)));
      const keys = new Set(outcomes.flatMap((outcome) => [outcome?.person, outcome?.company]));
      const known = await this.#known.byKey(
        job.workspace,
        [...keys].filter((key) => key !== undefined),
      );
      const otherRows = otherRowsBefore(chunk);
      for (const [index, cells] of chunk.cells.entries()) {
        yield* otherRows(index);
        const row = rowAt(job, number, index);
        if (row < from) continue;
        const outcome = outcomes[index] ?? undefined;
        const { person, at: personAt } = known.get(outcome?.person ?? '') ?? {};
        const { company, at: companyAt } = known.get(outcome?.company ?? '') ?? {};
        const checkedAt = personAt ?? companyAt;
        const hasData = outcome?.outcome === 'matched' || outcome?.outcome === 'review';
        const expired = hasData && !person && !company;
        const error = expired ? 'The result has expired; enrich the lead again.' : outcome?.error;
        yield {
          row,
          cells,
          added: write({
            outcome: outcome?.outcome ?? '',
            match: outcome?.match,
            person,
            company,
            checkedAt,
            error,
          }),
          ...(outcome && { outcome: outcome.outcome }),
          ...(outcome?.match && { match: outcome.match }),
          ...(outcome?.review !== undefined && { reviewed: true as const }),
          ...(person && { person }),
          ...(company && { company }),
          ...(error !== undefined && { error }),
        };
      }
      yield* otherRows(chunk.cells.length);
    }
  }

  /** How many rows have what may have come late: phones, and the addresses that a waterfall found. */
  async contacts(job: Job): Promise<Pick<Counts, 'phones' | 'emails' | 'verifiedEmails'>> {
    const counts = { phones: 0, emails: 0, verifiedEmails: 0 };
    for await (const { outcome, person } of this.results(job)) {
      if (outcome !== 'matched') continue;
      if (person?.phones?.length) counts.phones += 1;
      if (person?.email) counts.emails += 1;
      if (person?.email && person.emailStatus === 'verified') counts.verifiedEmails += 1;
    }
    return counts;
  }

  /** Empties the rows about whoever has one of these keys; gives how many, and how the people were written in them. */
  async forget(job: Job, keys: ReadonlySet<string>): Promise<{ removed: number; texts: string[] }> {
    const texts: string[] = [];
    let removed = 0;
    const meantIn = (chunk: Chunk) => chunk.cells.map((cells) => isAbout(job, cells, keys));
    for (let number = 0; number < job.chunks; number += 1) {
      const key = chunkKey(job.id, number);
      const seen = await this.#chunks.get(key);
      if (!seen || !meantIn(seen).includes(true)) continue;
      await this.exclusively(job.id, number, async () => {
        const chunk = await this.#chunks.get(key);
        if (!chunk) return;
        const meant = meantIn(chunk);
        removed += meant.filter(Boolean).length;
        for (const [index, row] of chunk.cells.entries()) {
          if (meant[index]) texts.push(...textsOf(leadFromRow(row, job.mapping)));
        }
        const cells = chunk.cells.map((row, index) => (meant[index] ? row.map(() => '') : row));
        const outcomes = await this.#outcomes.get(key);
        const partly = await this.#partly.get(key);
        await this.#store.atomically(async () => {
          await this.#chunks.set(key, { ...chunk, cells }, this.#ttl);
          if (outcomes) await this.#outcomes.set(key, emptied(outcomes, meant), this.#ttl);
          if (partly) await this.#partly.set(key, emptied(partly, meant), this.#ttl);
        });
      });
    }
    // A workbook cannot be emptied row by row.
    if (removed > 0) await deleteAll(this.#originals, chunkKey(job.id, ''));
    return { removed, texts };
  }

  /** Rows about whoever has one of these keys: their numbers, counted from 0, and their cells. */
  async *about(job: Job, keys: ReadonlySet<string>): AsyncGenerator<ResultRow, void> {
    for await (const row of this.results(job)) if (isAbout(job, row.cells, keys)) yield row;
  }

  async keepOriginal(job: string, bytes: Uint8Array): Promise<void> {
    for (let number = 0; number * ORIGINAL_PIECE < bytes.length; number += 1) {
      const piece = bytes.subarray(number * ORIGINAL_PIECE, (number + 1) * ORIGINAL_PIECE);
      await this.#originals.set(chunkKey(job, number), toBase64(piece), this.#ttl);
    }
  }

  async original(job: string): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const piece = await this.#originals.get(chunkKey(job, pieces.length));
      if (piece === undefined) break;
      pieces.push(fromBase64(piece));
    }
    if (pieces.length === 0) return undefined;
    const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    for (const [number, piece] of pieces.entries()) whole.set(piece, number * ORIGINAL_PIECE);
    return whole;
  }

  /** Removes everything of a job with so many chunks. */
  async remove(job: string, chunks: number): Promise<void> {
    await deleteAll(this.#originals, chunkKey(job, ''));
    // By their keys: on Redis nothing leads from a list to its chunks.
    for (let from = 0; from < chunks; from += REMOVED_TOGETHER) {
      const count = Math.min(REMOVED_TOGETHER, chunks - from);
      const keys = Array.from({ length: count }, (_, index) => chunkKey(job, from + index));
      for (const collection of [this.#outcomes, this.#partly, this.#chunks])
        await collection.deleteMany(keys);
    }
  }
}

/** Whether a row is about whoever has one of these keys. */
function isAbout({ kind, mapping }: Job, cells: readonly string[], keys: ReadonlySet<string>): boolean {
  return isMeantBy(keys, identify(subjectOf(kind), leadFromRow(cells, mapping)) ?? []);
}

/** As they may stand in a list's name or in an example. */
function textsOf({ name, firstName, lastName, email, linkedinUrl }: Lead): string[] {
  const whole = firstName && lastName ? `${firstName} ${lastName}` : name;
  return [whole, email, linkedinUrl].filter((text) => text !== undefined);
}

/** Gives the rows that are no leads and stand before a lead; leads are asked for in order. */
function otherRowsBefore({ otherRows = [] }: Chunk): (lead: number) => Generator<OtherRow> {
  let at = 0;
  return function* (lead) {
    for (let next = otherRows[at]; next && next.before <= lead; next = otherRows[++at]) {
      for (let time = 0; time < next.times; time += 1) yield { otherRow: next.cells };
    }
  };
}

function chunkKey(job: string, number: number | ''): string {
  return `${job}/${number}`;
}

function emptied<T>(outcomes: readonly T[], meant: readonly (boolean | undefined)[]): (T | RowOutcome)[] {
  return outcomes.map((each, index) => (meant[index] ? FORGOTTEN : each));
}

/** Arguments of one call. */
const MOST_ARGUMENTS = 8_192;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += MOST_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + MOST_ARGUMENTS));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
