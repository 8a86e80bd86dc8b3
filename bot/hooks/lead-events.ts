import type { Core } from '@connectionsphere/core';
import { fieldNames, resultDocument } from '../api/documents.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import type { Hook } from './hooks.ts';

const TYPE = 'lead.done';

/** What is kept of such a delivery: the lead is read when it is sent, so that no person's data is kept here. */
interface Kept {
  readonly id: string;
  readonly at: string;
  readonly workspace: string;
  readonly job: string;
  readonly row: number;
}

/**
 * An event for each lead of a job that is done, in the order of the list: the next one is made when the hook has taken
 * the one before, so that a long list is one delivery at a time.
 */
export class LeadEvents {
  readonly #core: Core;
  readonly #deliveries: Deliveries;

  constructor(core: Core, deliveries: Deliveries) {
    this.#core = core;
    this.#deliveries = deliveries;
  }

  /** Begins with the first lead of a job that is done. */
  async begin(
    hook: string,
    { job, workspace, at }: { readonly job: string; readonly workspace: string; readonly at: number },
  ): Promise<void> {
    await this.#add(hook, { job, workspace, at: new Date(at).toISOString(), row: 0 });
  }

  /** Goes on with the lead after one that was taken. */
  async goOn({ type, state, target, body }: Delivery): Promise<void> {
    if (type !== TYPE || state !== 'delivered') return;
    const { id: _, row, ...kept } = JSON.parse(body) as Kept;
    await this.#add(target.id, { ...kept, row: row + 1 });
  }

  /** Goes on where a process ended between two leads. */
  async goOnAll(hooks: readonly Hook[]): Promise<void> {
    for (const { id, events } of hooks) {
      if (!events.includes(TYPE)) continue;
      const last = new Map<string, { row: number; delivery: Delivery }>();
      for (const delivery of await this.#deliveries.of({ kind: 'hook', id })) {
        if (delivery.type !== TYPE) continue;
        const { job, row } = JSON.parse(delivery.body) as Kept;
        if (row >= (last.get(job)?.row ?? 0)) last.set(job, { row, delivery });
      }
      for (const { delivery } of last.values()) await this.goOn(delivery);
    }
  }

  /** What is sent. */
  async bodyOf({ type, body }: Delivery): Promise<string> {
    if (type !== TYPE) return body;
    const { id, at, workspace, job: jobId, row } = JSON.parse(body) as Kept;
    const job = await this.#core.jobs.status(jobId);
    if (!job) throw new Error('The job is gone.');
    const columns = this.#core.jobs.columns(job);
    for await (const result of this.#core.jobs.results(jobId, row)) {
      return JSON.stringify({
        id,
        type,
        at,
        workspace,
        job: { id: jobId, name: job.name },
        result: resultDocument(result, fieldNames(job.headers), columns),
      });
    }
    throw new Error('The lead is gone.');
  }

  /** Nothing behind the last row. */
  async #add(hook: string, kept: Omit<Kept, 'id'>): Promise<void> {
    const { job, row } = kept;
    if (row >= ((await this.#core.jobs.status(job))?.rows ?? 0)) return;
    await this.#deliveries.add({ kind: 'hook', id: hook }, `${job}/lead/${row}`, TYPE, (id) => ({
      id,
      ...kept,
    }));
  }
}
