import type { Clock, Collection, Coordination, Core, Job, Store } from '@connectionsphere/core';
import type { JobBook } from '../jobs/job-book.ts';
import type { SettingsBook } from './settings.ts';

const TWO_MONTHS_MS = 62 * 24 * 60 * 60_000;

export interface PersonCreditsOptions {
  readonly core: Core;
  readonly store: Store;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly settings: SettingsBook;
  readonly book: JobBook;
}

/** What one person has used, and may still use, of the credits that the workspace allows each in a month. */
export interface PersonMonth {
  readonly limit: number;
  /** Spent, and what lists that are not over may still spend. Credits. */
  readonly used: number;
  /** Never below 0. */
  readonly left: number;
}

/**
 * The greatest amount of credits for one person in a calendar month (UTC), which admins set. A list counts for whoever
 * started it, in the month in which it was made: with what it cost, or, before it is over, with the most that it can.
 */
export class PersonCredits {
  readonly #options: PersonCreditsOptions;
  /** Credits of what was looked up at once, by workspace, month and person. */
  readonly #spent: Collection<number>;

  constructor(options: PersonCreditsOptions) {
    this.#options = options;
    this.#spent = options.store.collection('slack-person-credits');
  }

  /** `undefined` where there is no such limit. `without`: a list that is not counted. */
  async month(workspace: string, user: string, without?: string): Promise<PersonMonth | undefined> {
    const { core, settings, book } = this.#options;
    const { personCredits: limit } = await settings.of(workspace);
    if (limit === undefined) return undefined;
    const own = new Set(
      (await book.all(workspace)).filter((each) => each.user === user).map(({ job }) => job),
    );
    const lists = (await core.jobs.list(workspace)).filter(
      ({ id, state, createdAt }) =>
        own.has(id) && id !== without && state !== 'ready' && this.#monthOf(createdAt) === this.#monthOf(),
    );
    const ofLists = lists.map(({ state, credits, creditLimit, estimate }) =>
      state === 'done' || state === 'cancelled'
        ? credits
        : Math.max(credits, Math.min(creditLimit ?? estimate.mostCredits, estimate.mostCredits)),
    );
    const atOnce = (await this.#spent.get(this.#key(workspace, user))) ?? 0;
    const used = ofLists.reduce((sum, credits) => sum + credits, atOnce);
    return { limit, used, left: Math.max(0, limit - used) };
  }

  /** What a list may cost when this person starts it: its own limit, or what the person has left when that is less. */
  async limitFor(user: string, job: Job): Promise<number | undefined> {
    const month = await this.month(job.workspace, user, job.id);
    const { creditLimit, estimate } = job;
    if (!month || month.left >= Math.min(creditLimit ?? Number.POSITIVE_INFINITY, estimate.mostCredits)) {
      return creditLimit;
    }
    return month.left;
  }

  /** Notes what a look-up at once has cost. */
  async add(workspace: string, user: string, credits: number): Promise<void> {
    if (credits <= 0) return;
    const key = this.#key(workspace, user);
    await this.#options.coordination.exclusive(`slack-person-credits:${key}`, async () => {
      const before = (await this.#spent.get(key)) ?? 0;
      await this.#spent.set(key, before + credits, { ttlMs: TWO_MONTHS_MS });
    });
  }

  async remove(workspace: string): Promise<void> {
    for await (const [key] of this.#spent.entries(`${workspace}/`)) await this.#spent.delete(key);
  }

  #key(workspace: string, user: string): string {
    return `${workspace}/${this.#monthOf()}/${user}`;
  }

  /** "2026-11". */
  #monthOf(ms = this.#options.clock.now()): string {
    return new Date(ms).toISOString().slice(0, 7);
  }
}
