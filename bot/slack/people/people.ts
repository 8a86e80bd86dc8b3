import type { Clock, Log } from '@connectionsphere/core';
import { type Reader, readerFor } from '../../reader.ts';

export interface Person {
  readonly reader: Reader;
  /** An owner or admin of the workspace. */
  readonly admin: boolean;
}

/** The part of Slack's client that tells about people. */
export interface UserDirectory {
  users: {
    info(request: { user: string; include_locale: boolean }): Promise<{
      user?: { is_admin?: boolean; is_owner?: boolean; locale?: string };
    }>;
  };
}

const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 5_000;

/** Who somebody is in Slack, asked at most every ten minutes. */
export class People {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, { readonly person: Person; readonly at: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** `undefined` when Slack would not tell. */
  async find(client: UserDirectory, workspace: string, user: string): Promise<Person | undefined> {
    const key = `${workspace}/${user}`;
    const known = this.#known.get(key);
    if (known && this.#clock.now() - known.at < KEPT_MS) return known.person;
    try {
      const { user: found } = await client.users.info({ user, include_locale: true });
      if (!found) return undefined;
      const person = {
        reader: readerFor(found.locale ?? 'en-US'),
        admin: found.is_admin === true || found.is_owner === true,
      };
      if (this.#known.size >= MOST_KEPT) this.#known.clear();
      this.#known.set(key, { person, at: this.#clock.now() });
      return person;
    } catch (error) {
      this.#log.warn('Slack did not tell about a person', { workspace, user, error });
      return undefined;
    }
  }

  async reader(client: UserDirectory, workspace: string, user: string): Promise<Reader> {
    return (await this.find(client, workspace, user))?.reader ?? readerFor('en-US');
  }
}
