import { createHash } from 'node:crypto';
import { type Collection, deleteAll, type Store } from '../ports.ts';
import type { Wanted } from './lookup.ts';

/** What became of the calls for one lead of a job whose answers nobody could use. */
export interface LostAnswers {
  /** So many: each may have been charged. */
  readonly times: number;
  /** Why the lead was given up; none: it may be asked for again. */
  readonly givenUp?: string;
}

/** A lead of a job, by its first key. */
type LeadOfJob = Pick<Wanted, 'workspace' | 'source' | 'identity'>;

/**
 * How often answers about a lead were lost, for each job: so that the lead is not paid for again and again by a row that
 * repeats it, by another process, or after a pause. Who it is about cannot be read from it.
 */
export class LostAnswersRepository {
  readonly #entries: Collection<LostAnswers>;
  readonly #ttl: { readonly ttlMs: number };

  constructor(store: Store, retentionMs: number) {
    this.#entries = store.collection<LostAnswers>('lost-answers');
    this.#ttl = { ttlMs: retentionMs };
  }

  /** In the order of the leads, `undefined` where no answer was lost. */
  find(leads: readonly LeadOfJob[]): Promise<(LostAnswers | undefined)[]> {
    return this.#entries.getMany(leads.map(entryKey));
  }

  async set(lost: readonly (readonly [LeadOfJob, LostAnswers])[]): Promise<void> {
    const entries = lost.map(([lead, answers]) => [entryKey(lead), answers] as const);
    if (entries.length > 0) await this.#entries.setMany(entries, this.#ttl);
  }

  /** An answer came that can be used. */
  async drop(leads: readonly LeadOfJob[]): Promise<void> {
    if (leads.length > 0) await this.#entries.deleteMany(leads.map(entryKey));
  }

  async removeAll(workspace: string): Promise<void> {
    await deleteAll(this.#entries, prefixOf(workspace));
  }
}

function prefixOf(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}

function entryKey({ workspace, source, identity: [key] }: LeadOfJob): string {
  return prefixOf(workspace) + createHash('sha256').update(`${source}/${key}`).digest('base64url');
}
