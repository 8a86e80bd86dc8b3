import type { Clock, Coordination, Core, JobStatus, Log, Shared } from '@connectionsphere/core';
import { Pace } from '../../pace.ts';
import type { Message } from '../blocks.ts';
import { progressMessage } from '../messages/progress.ts';
import type { People } from '../people/people.ts';
import { type Clients, retryAfter, slackWord } from '../transport/clients.ts';
import { isUnchangeable } from '../transport/post.ts';
import { blocksIn } from '../transport/workspace.ts';
import type { JobRepository, SlackJob } from './job-repository.ts';

/**
 * Slack's `chat.update` is for some 50 calls a minute and workspace, and people notice no more than one change
 * in a few seconds.
 */
const EVERY_MS = 4_000;

/** Slack's words for a direct conversation that is another one now: a message to the person opens it. */
const OTHER_CONVERSATION: ReadonlySet<string> = new Set(['channel_not_found', 'is_archived']);

export interface ProgressMessagesOptions {
  readonly core: Core;
  readonly clients: Clients;
  readonly people: People;
  readonly repository: JobRepository;
  readonly clock: Clock;
  readonly log: Log;
  readonly coordination: Coordination;
  /** Other processes may show the same lists. */
  readonly shared: Shared;
  /** Hears of lists that were cancelled, by whomever: nothing else tells of it. */
  readonly onCancelled: (record: SlackJob) => Promise<void>;
}

/**
 * The progress messages: one for each list, moved while the list is worked on. A workspace gets one update
 * every four seconds, its lists in turn. What fails here is tried at the next turn; a list never waits for it.
 * Of several processes that know of a list one shows it; when that one dies, another does.
 */
export class ProgressMessages {
  readonly #options: ProgressMessagesOptions;
  readonly #stopped = new AbortController();
  /** Per workspace, its lists that are not over, in the order of their turns. */
  readonly #watched = new Map<string, string[]>();
  /** What each message says now, so that nothing is said twice. */
  readonly #said = new Map<string, string>();
  readonly #paces = new Map<string, Pace>();
  readonly #loops = new Set<Promise<void>>();

  constructor(options: ProgressMessagesOptions) {
    this.#options = options;
  }

  /** Takes up the lists that another process was showing, or still shows. */
  async resume(): Promise<void> {
    for (const record of await this.#options.repository.all()) {
      const status = await this.#options.core.jobs.status(record.job);
      if (status && !isOver(status)) this.watch(record);
      if (status?.state === 'cancelled') await this.#options.onCancelled(record);
    }
  }

  watch({ workspace, job }: SlackJob): void {
    if (this.#stopped.signal.aborted) return;
    const jobs = this.#watched.get(workspace);
    if (jobs) {
      if (!jobs.includes(job)) jobs.unshift(job);
      return;
    }
    this.#watched.set(workspace, [job]);
    const loop = this.#run(workspace).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  /** Shows a list as it is now, outside its turn, as after somebody pressed a button. Throws what Slack throws. */
  async show(record: SlackJob): Promise<void> {
    await this.#draw(record.workspace, record.job);
  }

  /** Puts a list's result in the place of its progress message, or says it anew where that is gone. Gives where. */
  async put(record: SlackJob, message: Message): Promise<{ readonly channel: string; readonly ts: string }> {
    return await this.#options.coordination.exclusive(`slack-progress:${record.job}`, async () => {
      const now = (await this.#options.repository.get(record.workspace, record.job)) ?? record;
      return await this.#say(now, message, true);
    });
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#loops);
  }

  async #run(workspace: string): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopped;
    let wait = EVERY_MS;
    for (;;) {
      await clock.sleep(wait, signal);
      const jobs = this.#watched.get(workspace) ?? [];
      if (signal.aborted || jobs.length === 0) break;
      wait = EVERY_MS;
      // The first that has something new to say takes the turn.
      for (const job of [...jobs]) {
        jobs.splice(jobs.indexOf(job), 1);
        const drawn = await this.#tryDraw(workspace, job);
        if (drawn.keep) jobs.push(job);
        wait = Math.max(wait, drawn.waitMs ?? 0);
        if (drawn.said) break;
      }
      if (jobs.length === 0) break;
    }
    this.#watched.delete(workspace);
  }

  async #tryDraw(workspace: string, job: string): Promise<{ keep: boolean; said: boolean; waitMs?: number }> {
    try {
      if (!(await this.#isMine(job))) return await this.#elsewhere(workspace, job);
      const drawn = await this.#draw(workspace, job);
      if (!drawn.keep) await this.#options.shared.claims.release([claimOf(job)]);
      return drawn;
    } catch (error) {
      const { again, waitMs } = retryAfter(error);
      this.#options.log.warn('A progress message could not be moved', {
        workspace,
        job,
        error,
      });
      return { keep: again !== 'never', said: true, ...(waitMs !== undefined && { waitMs }) };
    }
  }

  async #isMine(job: string): Promise<boolean> {
    const { shared } = this.#options;
    const [mine = false] = await shared.claims.take([[claimOf(job)]]);
    return mine;
  }

  /** Another process shows it: it is kept in mind until it is over, lest that one dies. */
  async #elsewhere(workspace: string, job: string): Promise<{ keep: boolean; said: boolean }> {
    const { repository, core } = this.#options;
    const [record, status] = await Promise.all([repository.get(workspace, job), core.jobs.status(job)]);
    return { keep: record !== undefined && status !== undefined && !isOver(status), said: false };
  }

  /** Two drawings at once would post two messages, also from two processes. */
  async #draw(workspace: string, job: string): Promise<{ keep: boolean; said: boolean }> {
    return await this.#options.coordination.exclusive(`slack-progress:${job}`, () =>
      this.#drawNow(workspace, job),
    );
  }

  async #drawNow(workspace: string, job: string): Promise<{ keep: boolean; said: boolean }> {
    const { core, clients, people, repository } = this.#options;
    const [record, status] = await Promise.all([repository.get(workspace, job), core.jobs.status(job)]);
    if (!record || !status) return { keep: false, said: false };
    // The result takes its place.
    if (status.state === 'done') return { keep: false, said: this.#over(job) };
    const client = await clients.of(workspace);
    const reader = await people.reader(client, workspace, record.user);
    const [slots, limiters] = await Promise.all([core.slots.list(workspace), core.limiters()]);
    const leftMs = this.#paceOf(status).leftMs(status);
    const message = progressMessage({ status, slots, limiters, reader, leftMs });
    const keep = !isOver(status);
    const text = JSON.stringify(message);
    if (status.state === 'cancelled') await this.#options.onCancelled(record);
    if (this.#said.get(job) === text) return { keep, said: false };
    await this.#say(record, message);
    if (keep) this.#said.set(job, text);
    else this.#over(job);
    return { keep, said: true };
  }

  #over(job: string): false {
    this.#said.delete(job);
    this.#paces.delete(job);
    return false;
  }

  #paceOf(status: JobStatus): Pace {
    const pace = this.#paces.get(status.id) ?? new Pace();
    this.#paces.set(status.id, pace);
    if (status.state === 'running') pace.saw(status);
    return pace;
  }

  /** `anew`: also when somebody deleted the message. Gives where it is. */
  async #say(record: SlackJob, message: Message, anew = false) {
    const { clients, repository } = this.#options;
    const client = await clients.of(record.workspace);
    const content = { text: message.text, blocks: blocksIn(record.workspace, message.blocks) };
    if (record.channel !== undefined && record.progress !== undefined) {
      try {
        await client.chat.update({ channel: record.channel, ts: record.progress, ...content });
        return { channel: record.channel, ts: record.progress };
      } catch (error) {
        // Somebody deleted it: that is an answer too.
        if (!isUnchangeable(error) && !OTHER_CONVERSATION.has(slackWord(error) ?? '')) throw error;
        if (!anew) return { channel: record.channel, ts: record.progress };
      }
    }
    const posted = await client.chat.postMessage({ channel: record.user, ...content });
    await repository.note(record, {
      ...(posted.channel !== undefined && { channel: posted.channel }),
      ...(posted.ts !== undefined && { progress: posted.ts }),
    });
    return { channel: posted.channel ?? record.user, ts: posted.ts ?? '' };
  }
}

function claimOf(job: string): string {
  return `slack-progress/${job}`;
}

function isOver({ state }: JobStatus): boolean {
  return state === 'done' || state === 'cancelled';
}
