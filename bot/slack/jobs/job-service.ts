import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Coordination,
  type Core,
  type Job,
  JobError,
  type JobStatus,
  type Log,
  type ResultRow,
} from '@connectionsphere/core';
import { writeEnriched } from '@connectionsphere/core/node';
import type { WebClient } from '@slack/web-api';
import { jobOf } from '../../job.ts';
import { type ListSource, writeJob } from '../../list-file.ts';
import { type ResultFormat, usualFormat } from '../lists/result-format.ts';
import { answer } from '../messages/answer.ts';
import { refusedFile } from '../messages/refused-file.ts';
import { type PersonCredits, WORKFLOWS } from '../people/person-credits.ts';
import type { Clients, UploadPlace } from '../transport/clients.ts';
import { post } from '../transport/post.ts';
import type { Recipients } from '../views/recipients.ts';
import type { Origin } from '../views/review.ts';
import { nameOf, plainStateWords } from '../words/job-words.ts';
import { refusalWords } from '../words/refusal-words.ts';
import type { JobRepository, ResultPlace, SlackJob } from './job-repository.ts';
import type { ProgressMessages } from './progress-messages.ts';

/** As the core makes them: the time in base 36, then six hexadecimal digits. */
const JOB_ID = /^[a-z0-9]{8,10}[0-9a-f]{6}$/;

/** How a list is started, beside by whom. */
export interface StartHow {
  /** The step of a workflow that waits for its end. */
  readonly execution?: string | undefined;
  /** Who gets the result, too. */
  readonly to?: Recipients | undefined;
  /** Where the list is from. */
  readonly from?: Origin | undefined;
}

export interface JobServiceOptions {
  readonly core: Core;
  readonly clients: Clients;
  readonly repository: JobRepository;
  readonly progressMessages: ProgressMessages;
  readonly coordination: Coordination;
  readonly personCredits: PersonCredits;
  /** Whether people reach the page of this server. */
  readonly hasPage: boolean;
  readonly log: Log;
}

/** Which file of a list. */
export interface FileChoice {
  /** Only rows with one of these, as CSV. */
  readonly outcomes?: readonly string[];
  readonly as?: ResultFormat;
}

/** What people do with lists in Slack, beside looking at them. */
export class JobService {
  readonly #options: JobServiceOptions;

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  /** @throws {JobError} for a list that does not exist, or is of another workspace. */
  async find(workspace: string, id: string): Promise<JobStatus> {
    // What is no ID may be a key that was pasted into the wrong place: it is not repeated.
    if (!JOB_ID.test(id))
      throw new JobError('That is no ID of a list. `/apollo jobs` lists those there are.');
    return await jobOf(this.#options.core, workspace, id, '`/apollo jobs`');
  }

  /**
   * Starts a list for a person, once however often that is asked for; its progress is shown in a DM.
   * @throws {JobError} where Slack delivers no message to someone who is to get the result: nothing was started.
   */
  async start(workspace: string, id: string, user: string, how: StartHow = {}): Promise<void> {
    const { execution, to, from } = how;
    const { repository, coordination, personCredits } = this.#options;
    const spender = execution === undefined ? user : WORKFLOWS;
    await coordination.exclusive(`slack-start:${id}`, async () => {
      const job = await this.find(workspace, id);
      if (job.state !== 'ready') return;
      // Before anybody is told of it.
      if (job.unclear !== undefined) throw new JobError(job.unclear);
      let record: SlackJob = { job: id, workspace, user, ...(execution !== undefined && { execution }) };
      await personCredits.start(spender, job, async () => {
        const places = to ? await this.#announce(job, user, to, from) : [];
        if (places.length > 0) record = { ...record, places };
        await repository.set(record);
        await this.#requireSaid(record);
      });
      await this.#show(record);
    });
  }

  async pause(workspace: string, id: string): Promise<JobStatus> {
    const job = await this.find(workspace, id);
    if (job.state !== 'running')
      throw new JobError(`This list is ${plainStateWords(job.state)}, so there is nothing to pause.`);
    await this.#options.core.jobs.pause(id);
    return await this.#after(workspace, id);
  }

  async resume(workspace: string, id: string, user: string): Promise<JobStatus> {
    const job = await this.find(workspace, id);
    if (job.state === 'running') throw new JobError('This list runs already.');
    // A list from the command line or the API is shown to whoever goes on with it.
    if (!(await this.#options.repository.get(workspace, id))) {
      await this.#options.repository.set({ job: id, workspace, user });
    }
    await this.#options.personCredits.start(user, job);
    return await this.#after(workspace, id);
  }

  /** @throws {JobError} for a list that is over, and as {@link find}. */
  async unfinished(workspace: string, id: string): Promise<JobStatus> {
    const job = await this.find(workspace, id);
    if (job.state === 'running' || job.state === 'paused') return job;
    throw new JobError(
      `This list is ${plainStateWords(job.state)}, so its limit cannot be changed any more.`,
    );
  }

  /** Gives a list another credit limit (`undefined`: none). One that stopped at its limit goes on. */
  async setLimit(
    workspace: string,
    id: string,
    credits: number | undefined,
    user: string,
  ): Promise<JobStatus> {
    const { state, reason } = await this.unfinished(workspace, id);
    await this.#options.core.jobs.setCreditLimit(id, credits);
    if (state === 'paused' && reason === 'credit-limit') return await this.resume(workspace, id, user);
    return await this.#after(workspace, id);
  }

  async cancel(workspace: string, id: string): Promise<JobStatus> {
    await this.find(workspace, id);
    await this.#options.core.jobs.cancel(id);
    return await this.#after(workspace, id);
  }

  /**
   * Uploads the list as `choice` says, as it came unless it says something, into a conversation; gives the file's id. Where
   * Slack takes no upload for good, it says why there, and offers a link to the result where people reach the page.
   */
  async deliver(job: Job, place: UploadPlace, choice: FileChoice = {}): Promise<string | undefined> {
    const { clients, hasPage, log } = this.#options;
    try {
      return await this.#withFile(job, (file) => clients.upload(job.workspace, file, place), choice);
    } catch (error) {
      const why = refusalWords(error);
      if (why === undefined) throw error;
      log.warn('Slack does not take a file', { job: job.id, error });
      const { workspace } = job;
      await post(await clients.of(workspace), workspace, place, refusedFile(job, why, hasPage));
      return undefined;
    }
  }

  /** Writes the list to a file for as long as `use` takes. */
  async #withFile<T>(
    job: Job,
    use: (file: { readonly path: string; readonly name: string; readonly title: string }) => Promise<T>,
    { outcomes, as = usualFormat(job) }: FileChoice,
  ): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'enriched-'));
    try {
      const ending = outcomes ? 'csv' : as.format;
      const path = join(folder, `list.${ending}`);
      if (outcomes) await this.#writeSome(job, path, outcomes);
      else await writeJob(this.#options.core, job, path, as);
      const name = fileName(job.name, outcomes?.join('-') ?? as.preset ?? 'enriched', ending);
      return await use({ path, name, title: name });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #writeSome(job: Job, path: string, outcomes: readonly string[]): Promise<void> {
    const { core } = this.#options;
    const columns = core.jobs.columns(job);
    const at = columns.indexOf('apollo_outcome');
    const rows = async function* (): AsyncGenerator<ResultRow> {
      for await (const row of core.jobs.results(job.id))
        if (outcomes.includes(row.added[at] ?? '')) yield row;
    };
    await core.audit.record(job.workspace, 'list.export', { list: job.id, format: 'csv', outcomes });
    await writeEnriched({
      target: path,
      source: { ...(job.source as ListSource), headers: job.headers },
      columns,
      rows: rows(),
    });
  }

  /** A list whose owner Slack delivers no message to is not started. @throws {JobError} saying why. */
  async #requireSaid(record: SlackJob): Promise<void> {
    const { progressMessages, repository, clients } = this.#options;
    try {
      await progressMessages.show(record);
    } catch (error) {
      const why = refusalWords(error);
      // Slack is away for a while: it is said later.
      if (why === undefined) return this.#saidLater(record, error);
      await repository.remove(record);
      await this.#takeBack(await clients.of(record.workspace), record.places ?? []);
      throw new JobError(
        `I cannot write to <@${record.user}>, so nobody would hear of this list. ${why} Nothing was started or spent.`,
      );
    }
  }

  /** Tells each conversation that is to get the result. @throws {JobError} for one that takes no message. */
  async #announce(
    job: Job,
    user: string,
    { channels, people }: Recipients,
    from: Origin | undefined,
  ): Promise<ResultPlace[]> {
    const client = await this.#options.clients.of(job.workspace);
    const message = answer(`<@${user}> has *${nameOf(job)}* enriched. The result comes here.`);
    const places: ResultPlace[] = [];
    for (const wanted of [...channels, ...people]) {
      const person = people.includes(wanted) ? wanted : undefined;
      const thread = wanted === from?.channel ? from.thread : undefined;
      try {
        const posted = await post(client, job.workspace, { channel: wanted, thread }, message);
        places.push({ ...posted, ...(thread && { thread }), ...(person && { person }) });
      } catch (error) {
        await this.#takeBack(client, places);
        const why = refusalWords(error);
        if (why === undefined) throw error;
        throw new JobError(
          `I cannot write to ${person ? `<@${wanted}>` : `<#${wanted}>`}. ${why} Nothing was started or spent.`,
        );
      }
    }
    return places;
  }

  async #takeBack(client: WebClient, places: readonly ResultPlace[]): Promise<void> {
    for (const { channel, ts } of places) {
      await client.chat
        .delete({ channel, ts })
        .catch((error: unknown) => this.#options.log.warn('A message could not be taken back', { error }));
    }
  }

  async #after(workspace: string, id: string): Promise<JobStatus> {
    const record = await this.#options.repository.get(workspace, id);
    if (record) await this.#show(record);
    return await this.find(workspace, id);
  }

  /** The list itself does not depend on whether Slack can show it just now: {@link ProgressMessages} tries again. */
  async #show(record: SlackJob): Promise<void> {
    const { progressMessages } = this.#options;
    await progressMessages.show(record).catch((error: unknown) => this.#saidLater(record, error));
    progressMessages.watch(record);
  }

  #saidLater({ job }: SlackJob, error: unknown): void {
    this.#options.log.warn('A progress message could not be posted; it is tried again', { job, error });
  }
}

/** "leads.xlsx" becomes "leads-enriched.csv". */
function fileName(list: string, what: string, ending = 'csv'): string {
  const base = list
    .replace(/\.[A-Za-z0-9]{1,6}$/, '')
    .replace(/[^\p{L}\p{N} ._()-]+/gu, ' ')
    .trim()
    .slice(0, 100);
  return `${base || 'list'}-${what}.${ending}`;
}
