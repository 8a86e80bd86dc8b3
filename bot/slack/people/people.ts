import type { Clock, Log } from '@connectionsphere/core';
import { type Reader, readerFor } from '../../reader.ts';
import { slackWord } from '../transport/clients.ts';

/** Ids of people, as Slack makes them. */
export const PERSON = /^[UW][A-Z0-9]{2,}$/;

/**
 * What somebody is to the workspace: one of its people, a guest of it, a stranger, who belongs to another
 * company and comes by way of a shared channel (Slack Connect), or nobody any more: deactivated, or unknown to Slack.
 */
type Standing = 'member' | 'guest' | 'stranger' | 'gone';

export interface Person {
  readonly reader: Reader;
  /** An owner or admin of the workspace, or of the organisation that it belongs to. */
  readonly admin: boolean;
  readonly standing: Standing;
  /** As Slack shows them; none where it does not say. */
  readonly name?: string;
}

/** Somebody who asks for something, as the request from Slack names them. */
export interface Asker {
  readonly client: UserDirectory;
  readonly workspace: string;
  readonly user: string;
  /** Where the app is installed for a whole organisation: its id (`E…`). */
  readonly organisation?: string | undefined;
  /** The workspace that the request says the person is from; another one than `workspace` in a shared channel. */
  readonly home?: string | undefined;
}

/** The part of Slack's client that tells about people (`users.info`). */
export interface UserDirectory {
  users: {
    info(request: { user: string; include_locale: boolean }): Promise<{ user?: SlackUser }>;
  };
}

interface SlackUser {
  readonly deleted?: boolean;
  readonly is_admin?: boolean;
  readonly is_owner?: boolean;
  readonly is_stranger?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly team_id?: string;
  readonly real_name?: string;
  readonly locale?: string;
  /** Of somebody in an Enterprise organisation. */
  readonly enterprise_user?: {
    readonly enterprise_id?: string;
    readonly is_admin?: boolean;
    readonly is_owner?: boolean;
    readonly teams?: readonly string[];
  };
}

const KEPT_MS = 10 * 60_000;
/** For so long an answer from before has to do when Slack gives none. ms. */
const MOST_STALE_MS = 12 * 60 * 60_000;
const MOST_KEPT = 5_000;

/** Who somebody is in Slack, asked at most every ten minutes. */
export class People {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, { readonly user: SlackUser; readonly at: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** `undefined` when Slack would not tell. */
  async find(asker: Asker): Promise<Person | undefined> {
    const user = await this.#user(asker);
    if (!user) return undefined;
    const standing = standingOf(user, asker);
    return {
      reader: readerFor(user.locale ?? 'en-US'),
      // Somebody's rank in another company is none here.
      admin: standing === 'member' && isAdmin(user),
      standing,
      ...(user.real_name && { name: user.real_name }),
    };
  }

  async reader(client: UserDirectory, workspace: string, user: string): Promise<Reader> {
    return (await this.find({ client, workspace, user }))?.reader ?? readerFor('en-US');
  }

  async #user({ client, workspace, user }: Asker): Promise<SlackUser | undefined> {
    const key = `${workspace}/${user}`;
    const known = this.#known.get(key);
    const age = known ? this.#clock.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age < KEPT_MS) return known.user;
    try {
      const { user: found } = await client.users.info({ user, include_locale: true });
      if (!found) return undefined;
      if (this.#known.size >= MOST_KEPT) this.#known.clear();
      this.#known.set(key, { user: found, at: this.#clock.now() });
      return found;
    } catch (error) {
      if (slackWord(error) === 'user_not_found') return { deleted: true };
      this.#log.warn('Slack did not tell about a person', { workspace, user, error });
      return age < MOST_STALE_MS ? known?.user : undefined;
    }
  }
}

function isAdmin({ is_admin, is_owner, enterprise_user }: SlackUser): boolean {
  return [is_admin, is_owner, enterprise_user?.is_admin, enterprise_user?.is_owner].includes(true);
}

function standingOf(user: SlackUser, { workspace, organisation, home }: Asker): Standing {
  if (user.deleted === true) return 'gone';
  const { enterprise_user: colleague } = user;
  const isFromElsewhere = [user.team_id, home].some((team) => team !== undefined && team !== workspace);
  // Of an organisation's installation an interaction names no workspace but the person's own: the organisation decides.
  const isOurs =
    organisation === undefined
      ? !isFromElsewhere || colleague?.teams?.includes(workspace) === true
      : colleague?.enterprise_id === organisation;
  if (user.is_stranger === true || !isOurs) return 'stranger';
  return user.is_restricted === true || user.is_ultra_restricted === true ? 'guest' : 'member';
}
