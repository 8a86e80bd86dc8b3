import { randomBytes } from 'node:crypto';
import type { Collection, Ports } from '../ports.ts';
import { JobError } from './errors.ts';
import type { Job } from './types.ts';

/** The jobs as they are stored: what each is, and in which state. */
export class JobRepository {
  readonly #jobs: Collection<Job>;
  /** The ids of each workspace's jobs. */
  readonly #ofWorkspace: Collection<true>;
  readonly #coordination: Ports['coordination'];
  readonly #ttl: { readonly ttlMs: number };

  constructor({ store, coordination }: Pick<Ports, 'store' | 'coordination'>, retentionMs: number) {
    this.#jobs = store.collection<Job>('jobs');
    this.#ofWorkspace = store.collection<true>('jobs-of-workspace');
    this.#coordination = coordination;
    this.#ttl = { ttlMs: retentionMs };
  }

  find(id: string): Promise<Job | undefined> {
    return this.#jobs.get(id);
  }

  /** Throws {@link JobError} when there is none. */
  async get(id: string): Promise<Job> {
    const job = await this.#jobs.get(id);
    if (!job) throw new JobError(`There is no job ${id} (any more).`);
    return job;
  }

  /** The jobs of all workspaces, in no promised order. */
  async *all(): AsyncIterable<Job> {
    for await (const [, job] of this.#jobs.entries()) yield job;
  }

  /** A workspace's jobs, the newest first. */
  async of(workspace: string): Promise<Job[]> {
    const prefix = workspaceKey(workspace, '');
    const ids: string[] = [];
    for await (const [key] of this.#ofWorkspace.entries(prefix)) ids.push(key.slice(prefix.length));
    const jobs = (await this.#jobs.getMany(ids)).filter((job) => job !== undefined);
    return jobs.sort((a, b) => b.createdAt - a.createdAt || b.id.localeCompare(a.id));
  }

  async save(job: Job): Promise<void> {
    await Promise.all([
      this.#ofWorkspace.set(workspaceKey(job.workspace, job.id), true, this.#ttl),
      this.#jobs.set(job.id, job, this.#ttl),
    ]);
  }

  async remove(id: string): Promise<void> {
    const job = await this.#jobs.get(id);
    if (job) await this.#ofWorkspace.delete(workspaceKey(job.workspace, id));
    await this.#jobs.delete(id);
  }

  /** What is asked of one job at the same moment is done one after the other, in whichever process. */
  exclusively<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#coordination.exclusive(`job:${id}`, work);
  }
}

/** The time in base 36, then six hexadecimal digits. */
export function newJobId(now: number): string {
  return `${now.toString(36)}${randomBytes(3).toString('hex')}`;
}

function workspaceKey(workspace: string, id: string): string {
  return `${encodeURIComponent(workspace)}/${id}`;
}
