import type { Accounts, Enricher, RowOutcome } from '../enrichment/index.ts';
import type { Ports } from '../ports.ts';
import { mobileSpentUntil, type Slots } from '../slots/index.ts';
import { leadAt, lookupsOf } from './job-leads.ts';
import type { JobRepository } from './job-repository.ts';
import { NO_PROGRESS, subtractProgress, withOutcomes } from './progress.ts';
import type { ProgressRepository } from './progress-repository.ts';
import type { JobRows } from './rows.ts';
import type { Job } from './types.ts';

/** Credits may be bought at any time: Apollo is asked after so long, then after twice that, and so on. */
const FIRST_WAIT_MS = 3_600_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

export interface PhoneRetriesOptions {
  readonly ports: Pick<Ports, 'clock' | 'coordination' | 'log' | 'store'>;
  readonly repository: JobRepository;
  readonly rows: JobRows;
  readonly progress: ProgressRepository;
  readonly enricher: Enricher;
  readonly accounts: Accounts;
  readonly slots: Slots;
}

/** Phones of lists that were done without them for want of credits for mobile numbers: asked for when there are some. */
export class PhoneRetries {
  readonly #options: PhoneRetriesOptions;

  constructor(options: PhoneRetriesOptions) {
    this.#options = options;
  }

  /** When a list that is done asks for phones again; nothing where none of its rows waits for them. */
  async waitOf(job: Job): Promise<Pick<Job, 'phonesWait'>> {
    // Said with the first row that waits.
    if (job.problem === undefined) return {};
    for (let number = 0; number < job.chunks; number += 1) {
      if ((await this.#options.rows.outcomesOf(job.id, number))?.some(isWaiting))
        return { phonesWait: { nextAt: this.#now() + FIRST_WAIT_MS, waitMs: FIRST_WAIT_MS } };
    }
    return {};
  }

  /** Asks for the phones of every list whose workspace has credits for them again. */
  async retry(signal: AbortSignal): Promise<void> {
    const { repository, ports } = this.#options;
    for await (const { id, state, phonesWait } of repository.all()) {
      if (state !== 'done' || !phonesWait || signal.aborted) continue;
      // One that fails must not keep the others from it.
      await ports.coordination
        .exclusive(`phones:${id}`, () => this.#retry(id, signal))
        .catch((error) => ports.log.warn('Phones of a list were not asked for again', { job: id, error }));
    }
  }

  async #retry(id: string, signal: AbortSignal): Promise<void> {
    const job = await this.#options.repository.find(id);
    if (!job?.phonesWait) return;
    if (this.#now() >= job.phonesWait.nextAt) await this.#look(job);
    if (!(await this.#canPay(job.workspace))) return;
    const isOver = await this.#ask(job, signal);
    if (isOver) await this.#change(id, ({ phonesWait: _, problem: __, ...rest }) => rest);
  }

  /** Reads what is left, which costs nothing; where there may be some, Apollo is believed to have none no longer. */
  async #look({ id, workspace }: Job): Promise<void> {
    const { slots } = this.#options;
    await this.#change(id, (job) => {
      const waitMs = Math.min(LONGEST_WAIT_MS, (job.phonesWait?.waitMs ?? FIRST_WAIT_MS) * 2);
      return { ...job, phonesWait: { nextAt: this.#now() + waitMs, waitMs } };
    });
    await slots.refresh(workspace);
    const spent = (await slots.connections(workspace)).filter(({ mobileSpent }) => mobileSpent);
    if (spent.some(({ credits }) => credits?.mobile?.left !== 0)) await slots.tryNotAllowed(workspace);
  }

  async #canPay(workspace: string): Promise<boolean> {
    return (await this.#options.slots.connections(workspace)).some(
      (connection) =>
        (connection.health.state === 'healthy' || connection.health.state === 'limited') &&
        mobileSpentUntil(connection, this.#now()) === undefined &&
        connection.credits?.mobile?.left !== 0,
    );
  }

  /** Asks for the rows that wait; `true`: none waits any more. */
  async #ask(job: Job, signal: AbortSignal): Promise<boolean> {
    const { accounts, rows } = this.#options;
    await accounts.open(job.id, job.creditLimit);
    try {
      for (let number = 0; number < job.chunks; number += 1) {
        const outcomes = await rows.outcomesOf(job.id, number);
        if (outcomes?.some(isWaiting) && !(await this.#askChunk(job, number, outcomes, signal))) return false;
      }
      return true;
    } finally {
      accounts.close(job.id);
    }
  }

  async #askChunk(
    job: Job,
    number: number,
    outcomes: readonly RowOutcome[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { enricher, ports, progress, rows } = this.#options;
    const chunk = await rows.chunk(job.id, number);
    const waiting = outcomes.flatMap((outcome, index) => (isWaiting(outcome) ? [index] : []));
    const leads = waiting.map((index) => leadAt(job, chunk, number, index, false));
    const { outcomes: found } = await enricher.enrich(leads, lookupsOf(job, signal));
    return await rows.exclusively(job.id, number, async () => {
      // Read again: rows may have been decided anew or emptied meanwhile, and so may the list.
      const before = await rows.outcomesOf(job.id, number);
      if (!before) return true;
      const after = [...before];
      for (const [at, index] of waiting.entries()) {
        const was = before[index];
        const now = found[at];
        if (!was || !now || !isWaiting(was)) continue;
        // How it was found out first is what the list's figures say.
        after[index] = { ...now, ...(was.how && { how: was.how }) };
      }
      const change = subtractProgress(withOutcomes(NO_PROGRESS, after), withOutcomes(NO_PROGRESS, before));
      await ports.store.atomically(() =>
        Promise.all([rows.decide(job.id, number, after), progress.add(job.id, number, change)]),
      );
      return !after.some(isWaiting);
    });
  }

  async #change(id: string, change: (job: Job) => Job): Promise<void> {
    const { repository } = this.#options;
    await repository.exclusively(id, async () => {
      const job = await repository.find(id);
      if (job?.phonesWait) await repository.save(change(job));
    });
  }

  #now(): number {
    return this.#options.ports.clock.now();
  }
}

function isWaiting({ withoutPhones }: RowOutcome): boolean {
  return withoutPhones === true;
}
