import type { Core, CoreEvent, JobStatus, Log, PauseReason } from '@connectionsphere/core';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks.ts';
import { refreshHome } from '../listeners/home.ts';
import { answer } from '../messages/answer.ts';
import { type DoneModel, doneMessage, doneVersions, MOST_ROWS } from '../messages/done.ts';
import { pausedNotice, phonesNotice, scheduleNotice, slotNotice } from '../messages/notifications.ts';
import { PERSON, type People } from '../people/people.ts';
import type { SettingsRepository } from '../people/settings.ts';
import { type Clients, retryAfter, type UploadPlace } from '../transport/clients.ts';
import type { KnownBlocks } from '../transport/known-blocks.ts';
import { isUnchangeable, post } from '../transport/post.ts';
import type { ViewModels } from '../view-models.ts';
import { nameOf } from '../words/job-words.ts';
import { refusalWords } from '../words/refusal-words.ts';
import type { Decided, DecisionNotices } from './decision-notices.ts';
import type { JobRepository, ResultPlace, SlackJob } from './job-repository.ts';
import type { JobService } from './job-service.ts';
import type { Step } from './outbox.ts';
import type { ProgressMessages } from './progress-messages.ts';
import { listOutputs, type StepResult } from './step-service.ts';

export interface JobNotifierOptions {
  readonly core: Core;
  readonly clients: Clients;
  readonly people: People;
  readonly settings: SettingsRepository;
  readonly repository: JobRepository;
  readonly progressMessages: ProgressMessages;
  readonly jobService: JobService;
  readonly decisionNotices: DecisionNotices;
  readonly knownBlocks: KnownBlocks;
  readonly model: ViewModels;
  readonly log: Log;
}

/** Pauses that end by themselves, or that a person has just asked for. */
const QUIET: ReadonlySet<PauseReason> = new Set(['asked', 'shutdown', 'interrupted']);

/** Turns what happened into messages for those concerned. Called by the outbox, in steps, until it succeeds. */
export class JobNotifier {
  readonly #options: JobNotifierOptions;

  constructor(options: JobNotifierOptions) {
    this.#options = options;
  }

  async deliver(event: CoreEvent | StepResult, step: Step): Promise<void> {
    switch (event.type) {
      case 'step.result':
        return await this.#endStep(event, step);
      case 'job.finished':
        return await this.#onJob(event, (job, record, client) => this.#finished(job, record, client, step));
      case 'job.phones':
        return await this.#onJob(event, (job, record, client) => this.#phones(job, record, client, step));
      case 'job.paused':
        if (QUIET.has(event.reason)) return await this.#onJob(event, async () => {});
        return await this.#onJob(event, async (job, record, client) => {
          // It may have gone on meanwhile.
          if (job.state !== 'paused') return;
          const reader = await this.#reader(client, record);
          await step('notice', () =>
            post(client, record.workspace, { channel: record.user }, pausedNotice(job, reader)).then(
              ({ ts }) => ts,
            ),
          );
        });
      case 'job.reviewed':
        return await this.#onDecided(event, step);
      case 'schedule.missed':
      case 'schedule.ended':
        return await this.#onSchedule(event, step);
      case 'slot.trouble':
      case 'slot.credits-low':
        return await this.#onSlot(event, step);
    }
  }

  /** Jobs that Slack has nothing to do with are told elsewhere. */
  async #onJob(
    event: CoreEvent & { readonly job: string },
    tell: (job: JobStatus, record: SlackJob, client: WebClient) => Promise<void>,
  ): Promise<void> {
    const { core, repository, progressMessages, clients } = this.#options;
    const record = await repository.get(event.workspace, event.job);
    const job = await core.jobs.status(event.job);
    if (!record || !job) return;
    // The progress message says it too; it may not keep the news itself from being told.
    await progressMessages.show(record).catch(() => progressMessages.watch(record));
    await tell(
      job,
      (await repository.get(event.workspace, event.job)) ?? record,
      await clients.of(event.workspace),
    );
  }

  async #finished(job: JobStatus, record: SlackJob, client: WebClient, step: Step): Promise<void> {
    try {
      await this.#tellEnd(job, record, client, step);
    } catch (error) {
      // The person cannot be told, but the workflow waits all the same.
      if (retryAfter(error).again !== 'never') throw error;
      await this.#finishStep(job, record, client, step, undefined);
      await this.#tellElsewhere(job, record, client, step, error);
    }
  }

  /** Whoever started the list cannot be told: the channel for notices is, without anything of the result. */
  async #tellElsewhere(
    job: JobStatus,
    { workspace, user }: SlackJob,
    client: WebClient,
    step: Step,
    error: unknown,
  ): Promise<void> {
    const { settings, log } = this.#options;
    const { notifications } = await settings.of(workspace);
    log.error('Whoever started a list cannot be told of its end', { job: job.id, error });
    if (notifications === undefined) return;
    const why = refusalWords(error) ?? '';
    const message = answer(
      `:warning: *${nameOf(job)}* of <@${user}> is done, and I cannot tell so. ${why} Admins find it under \`/apollo jobs\`.`,
    );
    await step('elsewhere', () => this.#tryPost(client, workspace, notifications, message));
  }

  async #tellEnd(job: JobStatus, record: SlackJob, client: WebClient, step: Step): Promise<void> {
    const reader = await this.#reader(client, record);
    const model: DoneModel = {
      status: job,
      reader,
      rows: await Array.fromAsync(take(this.#options.core.jobs.results(job.id), MOST_ROWS)),
      columns: this.#options.core.jobs.columns(job),
      hasPage: this.#options.model.hasPage,
    };
    const { knownBlocks, progressMessages, repository } = this.#options;
    const told = await step('told', async () => {
      const { ts, channel } = await knownBlocks.say(record.workspace, doneVersions(model), (message) =>
        progressMessages.put(record, message),
      );
      return `${channel} ${ts}`;
    });
    const [channel = '', ts = ''] = told.split(' ');
    await repository.note(record, { channel, told: ts });
    const comment = doneMessage(model).text;
    const file = await step('file', () => this.#sendFile(job, { channel, comment }));
    for (const place of record.places ?? []) await this.#tellAt(place, model, record, client, step);
    // The Home tab says that the list is over.
    await refreshHome(this.#options, { client, workspace: record.workspace, user: record.user });
    await this.#finishStep(job, record, client, step, file);
  }

  /** The workflow that started the list goes on with what came of it. */
  async #finishStep(
    job: JobStatus,
    record: SlackJob,
    client: WebClient,
    step: Step,
    file: string | undefined,
  ): Promise<void> {
    const { execution, workspace } = record;
    if (execution === undefined) return;
    const link = file && (await client.files.info({ file })).file?.permalink;
    const outputs = listOutputs(job, link, await this.#reader(client, record));
    await this.#endStep({ id: '', workspace, type: 'step.result', execution, outputs }, step);
  }

  async #endStep(result: StepResult, step: Step): Promise<void> {
    const { clients } = this.#options;
    const { execution: function_execution_id } = result;
    await step('step', async () => {
      const client = await clients.of(result.workspace);
      if ('error' in result) {
        await client.functions.completeError({ function_execution_id, error: result.error });
      } else {
        await client.functions.completeSuccess({ function_execution_id, outputs: { ...result.outputs } });
      }
      return 'ended';
    });
  }

  /** Another conversation gets the result, too; where it takes none any more, whoever started the list is told so. */
  async #tellAt(
    place: ResultPlace,
    model: DoneModel,
    record: SlackJob,
    client: WebClient,
    step: Step,
  ): Promise<void> {
    const { channel, ts, thread, person } = place;
    try {
      await step(`told ${channel} ${ts}`, async () => {
        const versions = doneVersions({ ...model, isForOthers: true });
        await this.#options.knownBlocks.say(record.workspace, versions, async (message) => {
          const { text, blocks } = message;
          try {
            await client.chat.update({ channel, ts, text, blocks: [...blocks] });
          } catch (error) {
            if (!isUnchangeable(error)) throw error;
            await post(client, record.workspace, { channel: person ?? channel, thread }, message);
          }
        });
        return 'told';
      });
      const reply = person === undefined ? (thread ?? ts) : undefined;
      await step(`file ${channel} ${ts}`, () => this.#sendFile(model.status, { channel, thread: reply }));
    } catch (error) {
      const why = refusalWords(error);
      if (why === undefined) throw error;
      const where = person === undefined ? `<#${channel}>` : `<@${person}>`;
      const message = answer(
        `:warning: The result of *${nameOf(model.status)}* did not get to ${where}. ${why}`,
      );
      await step(`refused ${channel} ${ts}`, () =>
        this.#tryPost(client, record.workspace, record.user, message),
      );
    }
  }

  async #phones(job: JobStatus, record: SlackJob, client: WebClient, step: Step): Promise<void> {
    const reader = await this.#reader(client, record);
    const thread = record.told;
    const told = await step('told', async () => {
      const place = { channel: record.channel ?? record.user, thread };
      const { ts, channel } = await post(client, record.workspace, place, phonesNotice(job, reader));
      return `${channel} ${ts}`;
    });
    const [channel = '', ts] = told.split(' ');
    await step('file', () => this.#sendFile(job, { channel, thread: thread ?? ts }));
    for (const place of record.places ?? []) {
      const reply = place.thread ?? place.ts;
      await step(`file ${place.channel} ${place.ts}`, () =>
        this.#sendFile(job, { channel: place.channel, thread: reply }).catch((error: unknown) => {
          if (refusalWords(error) === undefined) throw error;
          return 'refused';
        }),
      );
    }
  }

  /** Gives the file's id; nothing where Slack takes none, which is said there. */
  async #sendFile(job: JobStatus, place: UploadPlace): Promise<string> {
    return (await this.#options.jobService.deliver(job, place)) ?? '';
  }

  /** The list's owner is told what others decided about it. */
  async #onDecided(event: Decided, step: Step): Promise<void> {
    const { clients, core, decisionNotices, repository } = this.#options;
    const { workspace, job: id } = event;
    const [record, job] = await Promise.all([repository.get(workspace, id), core.jobs.status(id)]);
    if (!record || !job || record.user === event.by) return;
    const client = await clients.of(workspace);
    await step('decided', async () => {
      await decisionNotices.add(event, nameOf(job), async (message, place) => {
        if (!place) return await post(client, workspace, { channel: record.user }, message);
        try {
          const { text, blocks } = message;
          await client.chat.update({ ...place, text, blocks: [...blocks] });
        } catch (error) {
          // Deleted: whoever did so has seen it.
          if (!isUnchangeable(error)) throw error;
        }
        return place;
      });
      return 'decided';
    });
  }

  /** Whoever has set it is told; of one that was set elsewhere, Slack has nobody to tell. */
  async #onSchedule(
    event: CoreEvent & { readonly type: 'schedule.missed' | 'schedule.ended' },
    step: Step,
  ): Promise<void> {
    const { clients, core } = this.#options;
    const { workspace, by, job } = event;
    if (by === undefined || !PERSON.test(by)) return;
    const client = await clients.of(workspace);
    const message = scheduleNotice(event, await core.jobs.status(job));
    await step('notice', () => this.#tryPost(client, workspace, by, message));
    await refreshHome(this.#options, { client, workspace, user: by });
  }

  async #onSlot(
    event: CoreEvent & { readonly type: 'slot.trouble' | 'slot.credits-low' },
    step: Step,
  ): Promise<void> {
    const { core, clients, people, settings } = this.#options;
    const view = await core.slots.list(event.workspace);
    const slot = view.slots.find(({ number }) => number === event.slot);
    if (slot?.state !== 'connected') return;
    const { connectedBy } = slot.connection;
    const { notifications } = await settings.of(event.workspace);
    const places = new Set([
      ...(connectedBy !== undefined && PERSON.test(connectedBy) ? [connectedBy] : []),
      ...(notifications === undefined ? [] : [notifications]),
    ]);
    if (places.size === 0) return;
    const client = await clients.of(event.workspace);
    const reader = await people.reader(client, event.workspace, connectedBy ?? '');
    const message = slotNotice(event, view, reader);
    if (!message) return;
    for (const place of places) {
      await step(place, () => this.#tryPost(client, event.workspace, place, message));
    }
  }

  /** A conversation that takes no message (a channel that the app was removed from) does not stop the others. */
  async #tryPost(client: WebClient, workspace: string, place: string, message: Message): Promise<string> {
    try {
      return (await post(client, workspace, { channel: place }, message)).ts;
    } catch (error) {
      if (refusalWords(error) === undefined) throw error;
      this.#options.log.warn('A conversation for notices takes no message', { place, error });
      return 'refused';
    }
  }

  async #reader(client: WebClient, { workspace, user }: SlackJob) {
    return await this.#options.people.reader(client, workspace, user);
  }
}

async function* take<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken >= most) return;
  }
}
