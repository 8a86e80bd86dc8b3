import type { Clock, Log } from '@connectionsphere/core';
import { count, plural } from '../../words.ts';

/** How numbers are written for one reader. */
export interface Reader {
  readonly locale: string;
  count(value: number): string;
  /** "1 row", "2,000 rows". */
  plural(value: number, one: string, many?: string): string;
  /** "52%", or as the locale writes it. `part` of a `whole` that is not 0. */
  share(part: number, whole: number): string;
}

/** A reader for a locale (BCP 47); one that nobody knows reads as American English. */
export function readerFor(locale: string): Reader {
  const known = isKnown(locale) ? locale : 'en-US';
  const percents = new Intl.NumberFormat(known, { style: 'percent' });
  return {
    locale: known,
    count: (value) => count(value, known),
    plural: (value, one, many) => plural(value, one, many, known),
    share: (part, whole) => percents.format(part / whole),
  };
}

function isKnown(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

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
