import { createHmac, randomBytes } from 'node:crypto';
import { type Identity, identifyPerson, normaliseLead } from '../leads/index.ts';
import type { Collection, Ports, Shared } from '../ports.ts';
import type { KnownResults } from './known.ts';

/** What was asked to be forgotten names nobody. */
export class ForgetError extends Error {
  override readonly name = 'ForgetError';
}

/**
 * People who asked not to be looked up. Only one-way marks are kept: a mark tells whether somebody whom one
 * already has at hand is meant, and gives nobody away.
 */
export class Forgotten {
  readonly #marks: Collection<true>;
  readonly #meta: Collection<string>;
  readonly #known: KnownResults;
  #loaded: Promise<{ pepper: string; marks: Set<string> }> | undefined;

  readonly #coordination: Ports['coordination'];
  readonly #shared: Shared | undefined;

  constructor({ store, coordination, shared }: Ports, known: KnownResults) {
    this.#coordination = coordination;
    this.#shared = shared;
    shared?.hear('forgotten', () => {
      this.#loaded = undefined;
    });
    this.#marks = store.collection<true>('forgotten');
    this.#meta = store.collection<string>('meta');
    this.#known = known;
  }

  /** For each identity, whether its person was forgotten. */
  async among(workspace: string, identities: readonly (Identity | undefined)[]): Promise<boolean[]> {
    const { pepper, marks } = await this.#load();
    if (marks.size === 0) return identities.map(() => false);
    return identities.map(
      (identity) => identity?.some((key) => marks.has(mark(pepper, workspace, key))) ?? false,
    );
  }

  /**
   * Forgets whoever this e-mail, LinkedIn address or Apollo id belongs to: removes what is known under any
   * of the person's keys and marks them. Gives the keys, for others to remove the person by, and whether
   * something was known.
   */
  async forget(workspace: string, who: string): Promise<{ keys: Identity; known: boolean }> {
    const lead = normaliseLead({ apollo_id: who, email: who, linkedin_url: who });
    const named = identifyPerson(lead);
    if (!named) {
      throw new ForgetError('Give an e-mail address, a LinkedIn profile address or an Apollo person id.');
    }
    const [result] = await this.#known.find(workspace, [{ identity: named, lead }]);
    const keys: Identity = [named[0], ...new Set([...named.slice(1), ...(result?.keys ?? [])])];
    await this.forgetKeys(workspace, keys);
    return { keys, known: result !== undefined };
  }

  /** The same for somebody whose keys are known, such as who was found under other keys than those marked. */
  async forgetKeys(workspace: string, keys: Identity): Promise<void> {
    const { pepper, marks } = await this.#load();
    const own = keys.map((key) => mark(pepper, workspace, key));
    await this.#marks.setMany(own.map((each) => [each, true] as const));
    for (const each of own) marks.add(each);
    this.#shared?.tell('forgotten');
    await this.#known.forget(workspace, keys);
  }

  #load(): Promise<{ pepper: string; marks: Set<string> }> {
    this.#loaded ??= this.#coordination.exclusive('forgotten', () => this.#read());
    return this.#loaded;
  }

  async #read(): Promise<{ pepper: string; marks: Set<string> }> {
    let pepper = await this.#meta.get('forgotten-pepper');
    if (!pepper) {
      pepper = randomBytes(32).toString('base64');
      await this.#meta.set('forgotten-pepper', pepper);
    }
    const marks = new Set<string>();
    for await (const [key] of this.#marks.entries()) marks.add(key);
    return { pepper, marks };
  }
}

function mark(pepper: string, workspace: string, key: string): string {
  return createHmac('sha256', pepper)
    .update(`${encodeURIComponent(workspace)}/${key}`)
    .digest('base64url');
}
