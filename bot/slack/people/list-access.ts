import { type Core, JobError, type JobStatus } from '@connectionsphere/core';
import type { JobRepository, SlackJob } from '../jobs/job-repository.ts';
import type { Asker } from './people.ts';
import type { Permissions } from './permissions.ts';

/**
 * Whose lists are whose: a list is for whoever started it, for whom it was sent to, and for admins, unless it was
 * shared with the workspace. A list that was started elsewhere (the API, the command line) has nobody in Slack: it is for admins.
 */
export class ListAccess {
  readonly #core: Core;
  readonly #repository: JobRepository;
  readonly #permissions: Permissions;

  constructor(core: Core, repository: JobRepository, permissions: Permissions) {
    this.#core = core;
    this.#repository = repository;
    this.#permissions = permissions;
  }

  /** The lists that somebody may see, the newest first. @throws {NotAllowed} for whom the bot is not. */
  async list(asker: Asker): Promise<JobStatus[]> {
    const isAdmin = await this.#permissions.isAdmin(asker);
    const jobs = await this.#core.jobs.list(asker.workspace);
    if (isAdmin) return jobs;
    const records = await this.#repository.all(asker.workspace);
    const open = new Set(
      records.filter((each) => each.user === asker.user || isFor(each, asker.user)).map(({ job }) => job),
    );
    return jobs.filter(({ id }) => open.has(id));
  }

  /** Of these lists, those that the asker started, in Slack or on the page, and those that were sent to the asker. */
  async mine({ workspace, user }: Asker, jobs: readonly JobStatus[]): Promise<JobStatus[]> {
    const records = await this.#repository.all(workspace);
    const own = new Set(
      records.filter((each) => each.user === user || isSentTo(each, user)).map(({ job }) => job),
    );
    // The page signs in the people of Slack under the same id.
    return jobs.filter(({ id, by }) => own.has(id) || (by?.kind === 'person' && by.id === user));
  }

  /** @throws {JobError} for a list that is not for the asker, as for one that is not there. */
  async require(asker: Asker, job: string): Promise<void> {
    if (await this.maySee(asker, job)) return;
    throw new JobError(
      'There is no such list for you. A list is for whoever started it and for admins, until one of them shares it. `/apollo jobs` shows yours.',
    );
  }

  /** As {@link require}, for what only those may do who may have leads enriched. @throws {NotAllowed} for others. */
  async requireControl(asker: Asker, job: string): Promise<void> {
    await this.#permissions.require('enrich', asker);
    await this.require(asker, job);
  }

  /** Whether a list is for the asker. @throws {NotAllowed} for whom the bot is not. */
  async maySee(asker: Asker, job: string): Promise<boolean> {
    if (await this.mayShare(asker, job)) return true;
    const record = await this.#repository.get(asker.workspace, job);
    return record !== undefined && isFor(record, asker.user);
  }

  /** Whether somebody may say who else may see a list: whoever started it, and admins. */
  async mayShare(asker: Asker, job: string): Promise<boolean> {
    if (await this.#permissions.isAdmin(asker)) return true;
    return (await this.#repository.get(asker.workspace, job))?.user === asker.user;
  }

  async isShared(workspace: string, job: string): Promise<boolean> {
    return (await this.#repository.get(workspace, job))?.shared === true;
  }

  /** Shares a list with everybody who may use the bot, or takes that back. @throws as {@link require}. */
  async share(asker: Asker, job: string, shared: boolean): Promise<void> {
    const { workspace, user } = asker;
    if (!(await this.mayShare(asker, job)))
      throw new JobError('Whoever started this list, or an admin, can share it.');
    // A list from elsewhere gets somebody in Slack.
    const record = (await this.#repository.get(workspace, job)) ?? { job, workspace, user };
    await this.#repository.set({ ...record, shared });
  }
}

function isFor(record: SlackJob, user: string): boolean {
  return record.shared === true || isSentTo(record, user);
}

function isSentTo({ places }: SlackJob, user: string): boolean {
  return places?.some(({ person }) => person === user) === true;
}
