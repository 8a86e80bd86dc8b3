import { createHash, randomBytes } from 'node:crypto';
import type { Actor, Audit, Clock, Collection, JobStatus, Store } from '@connectionsphere/core';
import { actingAs } from '../acting.ts';
import type { Scope, Tokens } from '../api/tokens.ts';
import type { Reader } from '../reader.ts';

/** A person on the page, as the way of signing in knows them. */
export interface Identity {
  readonly workspace: string;
  /** How the person is named: in what is shown, and in what is recorded of a deed. */
  readonly by: string;
  readonly scopes: readonly Scope[];
  /** By which way the person came in. A token's session ends with the token, and one of Slack with the person's rights. */
  readonly via: Way;
}

/** `machine`: a user of this machine who may use its store. `token`: the id of one. `slack`: Slack's id of a person. */
export type Way = 'machine' | { readonly token: string } | { readonly slack: string };

/** People of Slack, as Slack and the settings there say now. What they throw is for the person to read. */
export interface SlackPeople {
  /**
   * `organisation`: which Slack says that the workspace belongs to. Throws for a person who may not use the app, or where it is
   * not installed.
   */
  identify(workspace: string, user: string, organisation?: string): Promise<Identity>;
  /** As Slack shows the person; `undefined`: it does not say. */
  nameOf(workspace: string, user: string): Promise<string | undefined>;
  /** The lists that the person may see, the newest first. */
  lists(workspace: string, user: string): Promise<JobStatus[]>;
  maySee(workspace: string, user: string, job: string): Promise<boolean>;
  /**
   * Starts a list, or goes on with it, with no more to spend than the person may in this month.
   * @throws {JobError} where that is nothing.
   */
  start(user: string, job: JobStatus): Promise<void>;
  /** @throws {JobError} where the person may not give the list so high a credit limit (`undefined`: none). */
  requireLimit(user: string, job: JobStatus, credits: number | undefined, reader: Reader): Promise<void>;
  /**
   * Does what costs the person at most so many credits.
   * @throws {JobError} where fewer are left in this month; nothing is done then.
   */
  spend<T>(
    who: { readonly workspace: string; readonly user: string; readonly reader: Reader },
    mostCredits: number,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Remembers whose a list is. */
  made(workspace: string, user: string, job: string): Promise<void>;
}

export interface Session extends Identity {
  /** Of the secret in the cookie; names the session where the secret must not stand. */
  readonly id: string;
  /** ms since the epoch. */
  readonly until: number;
}

/** A sentence about what was just done, for the next page. */
export interface Flash {
  readonly kind: 'done' | 'wrong';
  readonly text: string;
}

/** Who is signed in to the page. Only hashes of the cookies' secrets are kept. */
export class Sessions {
  /** ms. */
  static readonly LASTS_MS = 12 * 60 * 60 * 1000;
  readonly #stored: Collection<Session>;
  readonly #flashes: Collection<Flash>;
  readonly #clock: Clock;
  readonly #tokens: Tokens;
  readonly #audit: Audit;

  readonly #slack: SlackPeople | undefined;

  /** `slack`: where Slack is served. */
  constructor(
    { store, clock }: { store: Store; clock: Clock },
    tokens: Tokens,
    audit: Audit,
    slack?: SlackPeople,
  ) {
    this.#slack = slack;
    this.#audit = audit;
    this.#stored = store.collection('sessions');
    this.#flashes = store.collection('session-flashes');
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /** Gives the secret for the cookie. */
  async begin(identity: Identity): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const id = idOf(secret);
    const until = this.#clock.now() + Sessions.LASTS_MS;
    const session = { ...identity, id, until };
    await actingAs(actorOf(session), () =>
      this.#audit.done(
        identity.workspace,
        'session.begin',
        () => this.#stored.set(id, session, { ttlMs: Sessions.LASTS_MS }),
        () => ({ scopes: identity.scopes }),
      ),
    );
    return secret;
  }

  /** `undefined`: there is none, it is over, or the token that it came from is revoked. */
  async find(secret: string): Promise<Session | undefined> {
    const session = await this.#stored.get(idOf(secret));
    if (!session || session.until <= this.#clock.now()) return undefined;
    if (session.via === 'machine') return session;
    if ('slack' in session.via) {
      // What Slack's settings say now, not what they said at the sign-in.
      const known = await this.#slack?.identify(session.workspace, session.via.slack).catch(() => undefined);
      return known && { ...session, by: known.by, scopes: known.scopes };
    }
    const token = await this.#tokens.find(session.via.token);
    return token && { ...session, scopes: token.scopes };
  }

  async end(session: Session): Promise<void> {
    await this.#ended(session, [session.id]);
  }

  /** Ends every session of the same person in the same workspace; gives how many. */
  async endAll(session: Session): Promise<number> {
    const { workspace, by } = session;
    const ids: string[] = [];
    for await (const [id, other] of this.#stored.entries()) {
      if (other.workspace === workspace && other.by === by) ids.push(id);
    }
    await this.#ended(session, ids);
    return ids.length;
  }

  async #ended(session: Session, ids: readonly string[]): Promise<void> {
    await actingAs(actorOf(session), () =>
      this.#audit.done(
        session.workspace,
        'session.end',
        () => this.#stored.deleteMany(ids),
        () => ({
          sessions: ids.length,
        }),
      ),
    );
  }

  async say(session: Session, flash: Flash): Promise<void> {
    await this.#flashes.set(session.id, flash, { ttlMs: 60_000 });
  }

  /** What was said for this page; it is shown once. */
  async heard(session: Session): Promise<Flash | undefined> {
    const flash = await this.#flashes.get(session.id);
    if (flash) await this.#flashes.delete(session.id);
    return flash;
  }
}

/** The actor of a session. A token's session acts as the token; `operator`: in every workspace, as the operators do. */
export function actorOf({ by, via, id }: Pick<Session, 'by' | 'via' | 'id'>, operator = false): Actor {
  const session = id.slice(0, 8);
  const of = (kind: Actor['kind'], who: string): Actor => ({
    kind: operator ? 'operator' : kind,
    id: who,
    name: by,
    via: 'page',
    session,
  });
  if (via === 'machine') return of('command-line', by);
  return 'slack' in via ? of('person', via.slack) : of('token', via.token);
}

function idOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
