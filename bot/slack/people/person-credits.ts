import {
  authorOfKey,
  type Coordination,
  type Core,
  type Job,
  JobError,
  type JobStatus,
} from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import type { Services } from '../services.ts';
import type { Asker } from './people.ts';
import type { SettingsRepository } from './settings.ts';

/** What one person has used, and may still use, of the credits that the workspace allows each in a month. */
export interface PersonMonth {
  readonly limit: number;
  /** Credits; never below 0. */
  readonly left: number;
}

/** Stands for a person where a workflow spends: Slack does not say who ran it. */
export const WORKFLOWS = 'workflow';

/**
 * The greatest amount of credits for one person in a calendar month (UTC), which admins set. A list that is not over
 * counts with the most that it can still cost, so that no two lists have the same credits left.
 */
export class PersonCredits {
  readonly #core: Core;
  readonly #settings: SettingsRepository;
  readonly #coordination: Coordination;

  constructor(core: Core, settings: SettingsRepository, coordination: Coordination) {
    this.#core = core;
    this.#settings = settings;
    this.#coordination = coordination;
  }

  /** `undefined` where there is no such limit. `without`: a list that may cost what others leave. */
  async month(
    workspace: string,
    user: string,
    without?: Job & { readonly credits?: number },
  ): Promise<PersonMonth | undefined> {
    const { personCredits: limit } = await this.#settings.of(workspace);
    if (limit === undefined) return undefined;
    const { byAuthor = {} } = await this.#core.credits.month(workspace);
    const spent = Object.entries(byAuthor).filter(([key]) => isPerson(authorOfKey(key), user));
    const lists = (await this.#core.jobs.list(workspace)).filter(
      ({ id, by, state }) =>
        id !== without?.id && (state === 'running' || state === 'paused') && isPerson(by, user),
    );
    const toCome = lists.map(({ credits, creditLimit, estimate: { mostCredits } }) =>
      Math.max(0, Math.min(creditLimit ?? mostCredits, mostCredits) - credits),
    );
    const all = [...spent.map(([, credits]) => credits), ...toCome].reduce(
      (sum, credits) => sum + credits,
      0,
    );
    const used = Math.max(0, all - (without?.credits ?? 0));
    return { limit, left: Math.max(0, limit - used) };
  }

  /**
   * Does what costs at most so many credits. Where the person has a limit, one such is done at a time, so that no two
   * have the same credits left; where less is left, nothing is done, and `short` says what is.
   */
  async spend<T>(
    workspace: string,
    user: string,
    mostCredits: number,
    work: () => Promise<T>,
  ): Promise<{ readonly done: T } | { readonly short: PersonMonth }> {
    return await this.#inTurn(workspace, user, async () => {
      const month = await this.month(workspace, user);
      return month && month.left < mostCredits ? { short: month } : { done: await work() };
    });
  }

  /** Where the person has a limit, does one thing that counts against it at a time. */
  async #inTurn<T>(workspace: string, user: string, work: () => Promise<T>): Promise<T> {
    const { personCredits } = await this.#settings.of(workspace);
    if (personCredits === undefined) return await work();
    return await this.#coordination.exclusive(`slack-person-credits:${workspace}/${user}`, work);
  }

  /**
   * Starts a list, or goes on with it, with no more to spend than the person has left: `user`, or who started it before.
   * `before`: what is done between the limit and the start.
   * @throws {JobError} where nothing is left for it, and what `before` throws; the list is not started then.
   */
  async start(user: string, job: JobStatus, before: () => Promise<void> = async () => {}): Promise<void> {
    const { jobs } = this.#core;
    const { id, state, workspace } = job;
    // What a paused list can still cost counts against its person's limit all the time.
    if (state !== 'ready' && state !== 'cancelled') return await jobs.start(id);
    const spender = job.by?.kind === 'person' ? job.by.id : user;
    // Of several lists of one person, none counts on what another will spend.
    await this.#inTurn(workspace, spender, async () => {
      const limit = await this.#limitFor(spender, job);
      if (limit !== job.creditLimit) await jobs.setCreditLimit(id, limit);
      await before();
      await jobs.start(id);
    });
  }

  /** A list's own limit, or what the person has left when that is less. @throws {JobError} where nothing is left for it. */
  async #limitFor(user: string, job: JobStatus): Promise<number | undefined> {
    const month = await this.month(job.workspace, user, job);
    const { creditLimit, credits, estimate } = job;
    if (!month || month.left >= Math.min(creditLimit ?? Number.POSITIVE_INFINITY, estimate.mostCredits)) {
      return creditLimit;
    }
    if (month.left <= credits && estimate.mostCredits > 0) throw new JobError(usedUp(user));
    return month.left;
  }
}

/** Says why somebody was not looked up. */
export function tooLittleLeft({ limit, left }: PersonMonth, say: Reader): string {
  return `You may spend ${say.plural(limit, 'credit')} a month here, and ${say.count(left)} of them are left, so nobody was looked up. An admin can raise that with \`/apollo settings\`.`;
}

/**
 * Why the asker may not give a list so high a credit limit (`wanted`: `undefined` for none); `undefined` where they may.
 * Admins may give any.
 */
export async function limitProblem(
  { permissions, personCredits, repository }: Pick<Services, 'permissions' | 'personCredits' | 'repository'>,
  asker: Asker,
  job: JobStatus,
  wanted: number | undefined,
  say: Reader,
): Promise<string | undefined> {
  const { workspace, user } = asker;
  const owner = (await repository.get(workspace, job.id))?.user ?? user;
  const month = await personCredits.month(workspace, owner, job);
  if (!month || (wanted ?? job.estimate.mostCredits) <= month.left) return undefined;
  if (await permissions.isAdmin(asker)) return undefined;
  const { limit, left } = month;
  return `One person may spend ${say.plural(limit, 'credit')} a month here, so this list may have ${say.count(left)} at most. An admin can give it more.`;
}

/** By the id alone: the page signs in the people of Slack under the same. */
function isPerson(by: { readonly kind: string; readonly id: string } | undefined, user: string): boolean {
  return by?.kind === 'person' && by.id === user;
}

function usedUp(user: string): string {
  const who =
    user === WORKFLOWS
      ? 'Workflows together may spend as much as one person, and have used that up for this month.'
      : 'You have used up the credits that one person may spend here in a month.';
  return `${who} An admin can raise that with \`/apollo settings\`. Nothing was spent.`;
}
