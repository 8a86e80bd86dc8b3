import {
  type Accounts,
  addsCompany,
  comesLate,
  type Enricher,
  type Enrichment,
  type LatePolls,
  type LateRequests,
  type Lookups,
  type RowOutcome,
} from '../enrichment/index.ts';
import type { Events } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { BalanceReadings } from './balance-readings.ts';
import { leadAt, lookupsOf } from './job-leads.ts';
import type { JobRepository } from './job-repository.ts';
import { LateCollector } from './late-collector.ts';
import type { LateCounts } from './late-counts.ts';
import type { Pauses } from './pauses.ts';
import type { PhoneRetries } from './phone-retries.ts';
import { NO_PROGRESS, withOutcomes } from './progress.ts';
import type { ProgressRepository } from './progress-repository.ts';
import type { JobRows } from './rows.ts';
import { type Halt, Running } from './running.ts';
import { type Job, subjectOf } from './types.ts';

/** How long a job waits for the next late phones before it ends without them, ms; Apollo speaks of minutes. */
export const LATE_WAIT_MS = 15 * 60_000;

/**
 * What was decided when a list was read holds so long, ms; a run that is later decides anew. Long enough for somebody
 * to read the estimate and say yes, too short for what is known to grow old meanwhile.
 */
export const DECISIONS_HOLD_MS = 3_600_000;

export interface JobWorkOptions {
  readonly ports: Ports;
  readonly repository: JobRepository;
  readonly rows: JobRows;
  readonly progress: ProgressRepository;
  readonly pauses: Pauses;
  readonly lateCounts: LateCounts;
  readonly phoneRetries: PhoneRetries;
  readonly balances: BalanceReadings;
  readonly events: Events;
  readonly lookups: Lookups;
  readonly enricher: Enricher;
  readonly accounts: Accounts;
  readonly late: LateRequests;
  readonly latePolls: LatePolls;
}

/** What is done for a job that runs, whichever process does it: each chunk, what follows the last one, and its end. */
export class JobWork {
  readonly #options: JobWorkOptions;
  readonly #lateCollector: LateCollector;

  constructor(options: JobWorkOptions) {
    this.#options = options;
    this.#lateCollector = new LateCollector(options.late, options.latePolls, options.ports);
  }

  /** Begins to work on a job; `halt` stops it in every process. */
  begin(id: string, halt: (halt: Halt) => Promise<unknown>): Running {
    const { lookups } = this.#options;
    return new Running(halt, () => lookups.withdraw(id));
  }

  /** Whether another chunk of this job would only wait for its turn. */
  isFed(id: string): boolean {
    return this.#options.lookups.isFed(id);
  }

  /** Numbers of the chunks without outcomes. */
  chunksLeft(job: Job): Promise<number[]> {
    return this.#options.rows.undecided(job);
  }

  /**
   * Decides one chunk, or stops the job where that cannot be done now. `onAsked`: all that is known in it is
   * found, the rest waits for Apollo.
   */
  async chunk(job: Job, running: Running, number: number, onAsked: () => void): Promise<void> {
    if (!comesLate(job.options.reveal)) return await this.#chunk(job, running, number, onAsked);
    const finished = async () => (await this.#options.progress.get(job.id)).finished;
    let before = await finished();
    const stuck = async () => {
      // As long as leads are decided, nothing waits for what comes late.
      const now = await finished();
      if (now === before) await running.halt(await this.#options.pauses.reasonFor(job, 'budget'));
      before = now;
    };
    await this.#lateCollector.during(job.id, LATE_WAIT_MS, stuck, () =>
      this.#chunk(job, running, number, onAsked),
    );
  }

  async #chunk(job: Job, running: Running, number: number, onAsked: () => void): Promise<void> {
    const { enricher, pauses, ports, progress, rows } = this.#options;
    const { id } = job;
    if (await rows.isDecided(id, number)) return;
    const before = await this.#decidedBefore(job, number);
    enricher.count(before);
    const isWhole = before.length > 0 && before.every((outcome) => outcome !== undefined);
    const {
      outcomes: decided,
      stopped,
      problem,
    } = isWhole ? { outcomes: before } : await this.#decideRest(job, running, number, before, onAsked);
    if (problem !== undefined && stopped !== 'aborted') await this.#keepProblem(id, problem);
    if (stopped) {
      await rows.exclusively(id, number, async () =>
        rows.decidePartly(id, number, await rows.withoutForgotten(id, number, decided)),
      );
      if (stopped === 'aborted') return;
      await running.halt(await pauses.reasonFor(job, stopped));
      return;
    }
    // A process that stood still may find its chunk done by another: it is counted once.
    await rows.exclusively(id, number, async () => {
      if (await rows.isDecided(id, number)) return await progress.add(id, number, NO_PROGRESS);
      const all = await rows.withoutForgotten(id, number, decided);
      const outcomes = all.filter((outcome) => outcome !== undefined);
      await ports.store.atomically(() =>
        Promise.all([
          rows.decide(id, number, outcomes),
          progress.add(id, number, withOutcomes(NO_PROGRESS, outcomes)),
        ]),
      );
    });
  }

  /** Outcomes from when the list was read, or from a run that stopped in this chunk, as far as they hold. */
  async #decidedBefore(job: Job, number: number): Promise<(RowOutcome | undefined)[]> {
    const { enricher, ports, rows } = this.#options;
    if (ports.clock.now() > job.createdAt + DECISIONS_HOLD_MS) return [];
    // Whoever is found may still be without the company data that comes after all people of a chunk.
    if (addsCompany(subjectOf(job.kind), job.options)) return [];
    return await enricher.stillGood(job.workspace, await rows.partOf(job.id, number));
  }

  /** Decides the rows of a chunk that are not decided `before`, and gives all of them. */
  async #decideRest(
    job: Job,
    running: Running,
    number: number,
    before: readonly (RowOutcome | undefined)[],
    onAsked: () => void,
  ): Promise<Enrichment> {
    const { enricher, progress, rows } = this.#options;
    const chunk = await rows.chunk(job.id, number);
    const duplicates = new Set(chunk.duplicates);
    const rest = [...chunk.cells.keys()].filter((index) => !before[index]);
    const leads = rest.map((index) => leadAt(job, chunk, number, index, duplicates.has(index)));
    const ahead = {
      found: chunk.cells.length - rest.length,
      lookups: before.filter((outcome) => outcome?.how === 'lookup').length,
    };
    if (ahead.found > 0) progress.foundAhead(job.id, number, ahead);
    const { outcomes, stopped, problem } = await enricher.enrich(leads, {
      ...lookupsOf(job, running.signal),
      onAsked,
      onFound: (found) => {
        if (found.state === 'stopped' || found.state === 'no-mobile') return;
        ahead.found += 1;
        if (found.state === 'failed' || found.how === 'lookup') ahead.lookups += 1;
        progress.foundAhead(job.id, number, ahead);
      },
    });
    const found = outcomes.values();
    const decided = chunk.cells.map((_, index) => before[index] ?? found.next().value);
    return { outcomes: decided, ...(stopped && { stopped }), ...(problem && { problem }) };
  }

  /** For whoever asks why the job is paused, or did not find all that was asked for. */
  async #keepProblem(id: string, problem: string): Promise<void> {
    const { repository } = this.#options;
    await repository.exclusively(id, async () => repository.save({ ...(await repository.get(id)), problem }));
  }

  /** What follows the last chunk: what comes late, and what the keys have left. */
  async afterChunks(job: Job, running: Running): Promise<void> {
    const { balances, late, lateCounts, latePolls, ports } = this.#options;
    await late.collect(job.id, LATE_WAIT_MS, running.signal, latePolls);
    if (comesLate(job.options.reveal)) await lateCounts.count(job);
    if (running.stopped) return;
    // The list is done without it.
    await balances
      .readAfter(job, running.signal)
      .catch((error) => ports.log.warn('What Apollo reports was not compared', { job: job.id, error }));
  }

  /** Stores how a job's run ended: done, unless it was stopped. Never throws. */
  async finish({ id, options }: Job, stopped: Halt | undefined, workedMs: number): Promise<void> {
    const { accounts, repository, late, lateCounts, phoneRetries, ports, progress, rows } = this.#options;
    await repository.exclusively(id, async () => {
      try {
        // As stored now: its limit may have been changed while it ran.
        const job = await repository.get(id);
        if (job.state !== 'running') return;
        const partly = await rows.decidedPartly(id);
        const ended: Job = {
          ...job,
          ...this.#end(stopped),
          workedMs: Math.round(workedMs),
          ...(!stopped && (await phoneRetries.waitOf(job))),
          ...(partly.length > 0 && { partly: withOutcomes(NO_PROGRESS, partly) }),
        };
        await ports.store.atomically(() =>
          Promise.all([repository.save(ended), progress.stop(id), this.#announce(ended)]),
        );
      } catch (error) {
        ports.log.error('The end of a job could not be stored; it can be resumed', { error });
      } finally {
        accounts.close(id);
      }
    });
    // What came between the count and the end.
    if (stopped || !comesLate(options.reveal) || !(await late.hasNews(id))) return;
    await lateCounts
      .countNews(id)
      .catch((error) => ports.log.error('What came late could not be counted; it is tried again', { error }));
  }

  #end(stopped: Halt | undefined): Pick<Job, 'state' | 'reason' | 'endedAt'> {
    const endedAt = this.#options.ports.clock.now();
    if (!stopped) return { state: 'done', endedAt };
    if (stopped === 'cancel') return { state: 'cancelled', endedAt };
    return { state: 'paused', reason: stopped };
  }

  async #announce({ id, workspace, state, reason, toldAt }: Job): Promise<void> {
    const { accounts, events } = this.#options;
    // Nothing was spent since people were told the same.
    if (reason === 'no-credits' && toldAt === (await accounts.usage(id)).credits) return;
    if (state === 'done') await events.publish(workspace, { type: 'job.finished', job: id });
    if (state === 'paused' && reason)
      await events.publish(workspace, { type: 'job.paused', job: id, reason });
  }
}
