import { createHmac, randomBytes } from 'node:crypto';
import type { Collection, Ports, Shared } from '../ports.ts';

/**
 * People who asked not to be looked up, as one-way marks of their keys: a mark tells whether somebody whom one already
 * has at hand is meant, and gives nobody away. A domain is marked as everybody with a key at it.
 */
export class ForgottenMarks {
  readonly #marks: Collection<true>;
  readonly #meta: Collection<string>;
  readonly #coordination: Ports['coordination'];
  readonly #shared: Shared;
  #loaded: Promise<{ pepper: string; marks: Set<string> }> | undefined;

  constructor({ store, coordination, shared }: Pick<Ports, 'store' | 'coordination' | 'shared'>) {
    this.#coordination = coordination;
    this.#shared = shared;
    shared.hear('forgotten', () => {
      this.#loaded = undefined;
    });
    this.#marks = store.collection<true>('forgotten');
    this.#meta = store.collection<string>('meta');
  }

  /** For each set of keys, whether whoever has one of them was forgotten. */
  async among(workspace: string, identities: readonly (readonly string[] | undefined)[]): Promise<boolean[]> {
    const { pepper, marks } = await this.#load();
    if (marks.size === 0) return identities.map(() => false);
    return identities.map(
      (keys) =>
        keys !== undefined && withDomains(keys).some((key) => marks.has(mark(pepper, workspace, key))),
    );
  }

  async add(workspace: string, keys: readonly string[]): Promise<void> {
    const { pepper, marks } = await this.#load();
    const own = keys.map((key) => mark(pepper, workspace, key));
    await this.#marks.setMany(own.map((each) => [each, true] as const));
    for (const each of own) marks.add(each);
    this.#shared.tell('forgotten');
  }

  #load(): Promise<{ pepper: string; marks: Set<string> }> {
    const loading = this.#loaded ?? this.#coordination.exclusive('forgotten', () => this.#read());
    this.#loaded = loading;
    // What could not be read is read again by whoever asks next.
    loading.catch(() => {
      if (this.#loaded === loading) this.#loaded = undefined;
    });
    return loading;
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

const AT = 'at:';

/** The key of everybody at a domain. */
export function domainKey(domain: string): string {
  return `${AT}${domain}`;
}

/** Whether a key is that of everybody at a domain. */
export function isDomainKey(key: string): boolean {
  return key.startsWith(AT);
}

/** A person's keys, and those of the domains that they are at: by an e-mail address, or by name and domain. */
function withDomains(keys: readonly string[]): readonly string[] {
  const domains = keys.flatMap((key) => /^(?:em|nd):.*@([^@#]+)(?:#|$)/.exec(key)?.[1] ?? []);
  return [...keys, ...new Set(domains.map(domainKey))];
}

/** Whether whoever has these keys is among those whom `meant` names: by a key, or by the domain that they are at. */
export function isMeantBy(meant: ReadonlySet<string>, keys: readonly string[]): boolean {
  return withDomains(keys).some((key) => meant.has(key));
}

function mark(pepper: string, workspace: string, key: string): string {
  return createHmac('sha256', pepper)
    .update(`${encodeURIComponent(workspace)}/${key}`)
    .digest('base64url');
}
