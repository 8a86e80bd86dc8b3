import {
  type ForgottenMarks,
  identify,
  type KnownResults,
  outcomeOf,
  type RowOutcome,
} from '../enrichment/index.ts';
import { type Identity, type Lead, leadFromRow } from '../leads/index.ts';
import type { Clock, Store } from '../ports.ts';
import { JobError } from './errors.ts';
import { NO_PROGRESS, subtractProgress, withOutcomes } from './progress.ts';
import type { ProgressRepository } from './progress-repository.ts';
import type { JobRows } from './rows.ts';
import { type Job, type Progress, placeOf, rowAt, subjectOf } from './types.ts';

export type ReviewVerdict = 'accept' | 'reject';

interface DecisionsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly known: KnownResults;
  readonly forgotten: ForgottenMarks;
  readonly rows: JobRows;
  readonly progress: ProgressRepository;
}

/** What people decide about answers that contradict what was asked. */
export class Decisions {
  readonly #options: DecisionsOptions;

  constructor(options: DecisionsOptions) {
    this.#options = options;
  }

  /**
   * Makes the answer in a row the right one, or none, for every row of the list that asks the same. Gives the numbers
   * of these rows. Throws {@link JobError} where there is nothing to decide.
   */
  async decide(job: Job, row: number, verdict: ReviewVerdict, by: string): Promise<number[]> {
    const { clock, forgotten, known, rows } = this.#options;
    const { outcome, identity } = await this.#asked(job, row);
    if (outcome?.review === undefined || !identity) {
      throw new JobError(
        `That row of job ${job.id} has no answer to decide about. Those that have are "review" in apollo_outcome.`,
      );
    }
    const answer = outcome.person ?? outcome.company ?? '';
    const review = await known.review(job.workspace, outcome.review, answer);
    if (!review) throw new JobError('The answer in that row has expired; enrich the lead again.');
    const suppressed = await forgotten.among(job.workspace, [[review.result], identity]);
    if (verdict === 'accept' && suppressed.includes(true)) {
      throw new JobError(
        'Whoever is in that answer asked to be forgotten, so it cannot be accepted. Reject it instead.',
      );
    }
    await known.decide(job.workspace, identity, review, { verdict, by, at: clock.now() });
    const changed: number[] = [];
    for (let number = 0; number < job.chunks; number += 1) {
      const outcomes = await rows.outcomesOf(job.id, number);
      if (!outcomes?.some((each) => each.review === outcome.review)) continue;
      const { review: question } = outcome;
      changed.push(...(await rows.exclusively(job.id, number, () => this.#change(job, number, question))));
    }
    return changed;
  }

  async #asked(
    job: Job,
    row: number,
  ): Promise<{ outcome: RowOutcome | undefined; identity: Identity | undefined }> {
    const { rows } = this.#options;
    if (!Number.isInteger(row) || row < 0 || row >= job.rows) {
      throw new JobError(`Job ${job.id} has no such row: it has ${job.rows}.`);
    }
    const { chunk, index } = placeOf(job, row);
    const outcomes = await rows.outcomesOf(job.id, chunk);
    if (!outcomes)
      throw new JobError(`That row of job ${job.id} was not looked up yet; wait, or resume the job.`);
    const { identity } = this.#leadAt(job, (await rows.chunk(job.id, chunk)).cells[index] ?? []);
    return { outcome: outcomes[index], identity };
  }

  #leadAt(job: Job, cells: readonly string[]): { lead: Lead; identity: Identity | undefined } {
    const lead = leadFromRow(cells, job.mapping);
    return { lead, identity: identify(subjectOf(job.kind), lead) };
  }

  /** Decides the rows of a chunk that ask the same anew, and counts them anew; within `JobRows.exclusively`. */
  async #change(job: Job, number: number, question: string): Promise<number[]> {
    const { known, progress, rows, store } = this.#options;
    const outcomes = (await rows.outcomesOf(job.id, number)) ?? [];
    const { cells } = await rows.chunk(job.id, number);
    const meant = outcomes.flatMap((before, index) => {
      const { lead, identity } = this.#leadAt(job, cells[index] ?? []);
      return before.review === question && identity ? [{ before, index, asked: { lead, identity } }] : [];
    });
    const results = await known.find(
      job.workspace,
      meant.map(({ asked }) => asked),
    );
    const after = [...outcomes];
    for (const [at, { before, index, asked }] of meant.entries()) {
      const result = results[at];
      if (result) after[index] = { ...outcomeOf(result, asked, before.how ?? 'known'), review: question };
    }
    const count = async (all: readonly RowOutcome[]) =>
      await this.#counted(
        job,
        meant.flatMap(({ index }) => all[index] ?? []),
      );
    const [was, is] = [await count(outcomes), await count(after)];
    await store.atomically(() =>
      Promise.all([
        rows.decide(job.id, number, after),
        progress.add(job.id, number, subtractProgress(is, was)),
      ]),
    );
    return meant.map(({ index }) => rowAt(job, number, index));
  }

  /** The phones of those found are counted when a list ends: here they are counted with their rows. */
  async #counted(job: Job, outcomes: readonly RowOutcome[]): Promise<Progress> {
    const progress = withOutcomes(NO_PROGRESS, outcomes);
    const { phones, waterfall } = job.options.reveal;
    if (!phones && !waterfall) return progress;
    const keys = outcomes.flatMap(({ outcome, person }) => (outcome === 'matched' && person ? [person] : []));
    const people = await this.#options.known.byKey(job.workspace, [...new Set(keys)]);
    const withPhones = keys.filter((key) => people.get(key)?.person?.phones?.length).length;
    return { ...progress, counts: { ...progress.counts, phones: withPhones } };
  }
}
