import type { LateRequests } from '../enrichment/index.ts';
import type { Events } from '../events.ts';
import type { Store } from '../ports.ts';
import type { JobRepository } from './job-repository.ts';
import { NO_PROGRESS } from './progress.ts';
import type { ProgressRepository } from './progress-repository.ts';
import type { JobRows } from './rows.ts';
import type { Job } from './types.ts';

interface LateCountsOptions {
  readonly store: Store;
  readonly repository: JobRepository;
  readonly rows: JobRows;
  readonly progress: ProgressRepository;
  readonly late: LateRequests;
  readonly events: Events;
}

/** Counts phones and addresses that came late, so that a job's figures agree with its rows. */
export class LateCounts {
  readonly #options: LateCountsOptions;

  constructor(options: LateCountsOptions) {
    this.#options = options;
  }

  /** At the end of a job; what comes from here on is news again. */
  async count(job: Job): Promise<void> {
    const { late, progress, rows } = this.#options;
    await late.counted(job.id);
    await progress.setContacts(job.id, await rows.contacts(job));
  }

  /**
   * Something came late for a source. Where that is a job that has ended, and nothing more will come, counts
   * its phones and says so. Whoever waits for the job itself counts them at its end.
   */
  async countNews(source: string): Promise<void> {
    const { repository, events, late } = this.#options;
    const job = await repository.find(source);
    if (!job) return await late.counted(source);
    const ended = job.state === 'done' || job.state === 'cancelled';
    if (!ended || (await late.pending(source)).length > 0) return;
    await this.#count(job, () => events.publish(job.workspace, { type: 'job.phones', job: source }));
  }

  /** What has come of a list that has ended, though more may come. */
  async countEnded(source: string): Promise<void> {
    const { repository, late } = this.#options;
    if (!(await late.hasNews(source))) return;
    await this.#count(await repository.get(source), async () => undefined);
  }

  async #count(job: Job, more: () => Promise<unknown>): Promise<void> {
    const { late, progress, rows, store } = this.#options;
    await late.counted(job.id);
    try {
      const { phones, emails, verifiedEmails } = await rows.contacts(job);
      // What was decided in chunks that it stopped in is counted beside.
      const beside = job.partly?.counts ?? NO_PROGRESS.counts;
      const contacts = {
        phones: phones - beside.phones,
        emails: emails - beside.emails,
        verifiedEmails: verifiedEmails - beside.verifiedEmails,
      };
      await store.atomically(() => Promise.all([progress.setContacts(job.id, contacts), more()]));
    } catch (error) {
      await late.uncounted(job.id);
      throw error;
    }
  }
}
