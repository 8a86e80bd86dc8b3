import type { Collection, Store } from '@connectionsphere/core';

/** A message of ours in somebody else's conversation. */
export interface ResultPlace {
  readonly channel: string;
  readonly ts: string;
  /** The thread that it is in. */
  readonly thread?: string | undefined;
  /** The person whose conversation it is. */
  readonly person?: string;
}

/** What Slack has to do with a job: who asked for it, and where it is talked about. */
export interface SlackJob {
  readonly job: string;
  readonly workspace: string;
  readonly user: string;
  /** The DM with the asker, once something was posted there. */
  readonly channel?: string;
  /** `ts` of the progress message. */
  readonly progress?: string;
  /** `ts` of the message that told the end. */
  readonly told?: string;
  /** Where else the result goes: what was posted there at the start becomes the result. */
  readonly places?: readonly ResultPlace[];
  /** Whether everybody who may use the bot sees the list, beside whoever asked for it and admins. */
  readonly shared?: boolean;
  /** The workflow's step that waits for its end: Slack's `function_execution_id`. */
  readonly execution?: string;
}

/** Remembers which jobs were started in Slack, by whom, and their messages. */
export class JobRepository {
  readonly #stored: Collection<SlackJob>;
  readonly #keptMs: number;

  /** `retentionMs`: as long as the jobs themselves are kept. */
  constructor(store: Store, retentionMs: number) {
    this.#stored = store.collection('slack-jobs');
    this.#keptMs = retentionMs;
  }

  async get(workspace: string, job: string): Promise<SlackJob | undefined> {
    return await this.#stored.get(key(workspace, job));
  }

  async set(record: SlackJob): Promise<void> {
    await this.#stored.set(key(record.workspace, record.job), record, { ttlMs: this.#keptMs });
  }

  /** Changes what is there now; nothing when the workspace was removed meanwhile. */
  async note(record: SlackJob, change: Partial<SlackJob>): Promise<SlackJob> {
    const now = await this.get(record.workspace, record.job);
    if (!now) return { ...record, ...change };
    const after = { ...now, ...change };
    await this.set(after);
    return after;
  }

  /** The workflow knows how its step ended. */
  async stepEnded({ workspace, job }: SlackJob): Promise<void> {
    const now = await this.get(workspace, job);
    if (now?.execution === undefined) return;
    const { execution: _, ...rest } = now;
    await this.set(rest);
  }

  async all(workspace?: string): Promise<SlackJob[]> {
    const found: SlackJob[] = [];
    const prefix = workspace === undefined ? undefined : `${encodeURIComponent(workspace)}/`;
    for await (const [, record] of this.#stored.entries(prefix)) found.push(record);
    return found;
  }

  async remove({ workspace, job }: SlackJob): Promise<void> {
    await this.#stored.delete(key(workspace, job));
  }

  async removeAll(workspace: string): Promise<void> {
    for (const record of await this.all(workspace)) await this.#stored.delete(key(workspace, record.job));
  }
}

function key(workspace: string, job: string): string {
  return `${encodeURIComponent(workspace)}/${job}`;
}
