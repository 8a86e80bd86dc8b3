import type { Endpoint } from '../../core/apollo/types.ts';
import { Dice } from './chance.ts';
import type { CreditSettings, Plan, TeamSettings } from './settings.ts';

const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;

/** An Apollo team with its credits. */
export class Team {
  readonly id: string;
  plan: Plan;
  readonly price: number;
  /** See {@link CreditSettings.unified}. */
  readonly unified: boolean;
  readonly cycleStartsAt: number;
  readonly cycleEndsAt: number;
  readonly #parent: Team | undefined;
  #limit: number;
  #used: number;

  constructor(settings: TeamSettings, now: number, parent?: Team) {
    this.id = settings.id;
    this.plan = settings.plan ?? 'paid';
    this.#parent = parent;
    this.price = settings.credits?.price ?? 1;
    this.unified = settings.credits?.unified ?? false;
    this.cycleEndsAt = settings.credits?.cycleEndsAt ?? now + THIRTY_DAYS_MS;
    this.cycleStartsAt = this.cycleEndsAt - THIRTY_DAYS_MS;
    this.#limit = settings.credits?.limit ?? 10_000;
    this.#used = settings.credits?.used ?? 0;
  }

  /** Whose limits hold: the parent's for a child workspace. */
  get allowance(): Team {
    return this.#parent?.allowance ?? this;
  }

  get credits(): { readonly limit: number; readonly used: number; readonly left: number } {
    return { limit: this.#limit, used: this.#used, left: Math.max(0, round(this.#limit - this.#used)) };
  }

  setCredits(credits: Pick<CreditSettings, 'limit' | 'used'>): void {
    this.#limit = credits.limit ?? this.#limit;
    this.#used = credits.used ?? this.#used;
  }

  /** Takes all of `credits`, or nothing and answers false. */
  take(credits: number): boolean {
    if (credits > this.credits.left) return false;
    this.#used = round(this.#used + credits);
    return true;
  }
}

export class Key {
  readonly secret: string;
  readonly team: Team;
  readonly scopes: readonly Endpoint[] | undefined;
  revoked = false;

  constructor(secret: string, team: Team, scopes: readonly Endpoint[] | undefined) {
    this.secret = secret;
    this.team = team;
    this.scopes = scopes;
  }

  get last4(): string {
    return this.secret.slice(-4);
  }

  /** Apollo's id of the user the key belongs to. */
  get userId(): string {
    return new Dice(this.secret).hex('user id', 24);
  }

  mayCall(endpoint: Endpoint): boolean {
    return this.scopes?.includes(endpoint) ?? true;
  }
}

/** Who may call: the teams and their keys. */
export class Accounts {
  readonly teams: ReadonlyMap<string, Team>;
  readonly #keys = new Map<string, Key>();

  constructor(settings: readonly TeamSettings[], now: number) {
    const teams = new Map<string, Team>();
    for (const entry of settings) {
      const parent = entry.parent === undefined ? undefined : teams.get(entry.parent);
      if (entry.parent !== undefined && !parent) {
        throw new Error(`The parent of sandbox team ${entry.id} must be given before it.`);
      }
      const team = new Team(entry, now, parent);
      if (teams.has(team.id)) throw new Error(`Two sandbox teams have the id ${team.id}; give each its own.`);
      teams.set(team.id, team);
      for (const key of entry.keys) {
        const { key: secret, scopes } = typeof key === 'string' ? { key, scopes: undefined } : key;
        if (this.#keys.has(secret)) {
          throw new Error(
            `The sandbox key ending in ${secret.slice(-4)} is given twice; a key has one team.`,
          );
        }
        this.#keys.set(secret, new Key(secret, team, scopes));
      }
    }
    this.teams = teams;
  }

  key(secret: string | undefined): Key | undefined {
    return secret === undefined ? undefined : this.#keys.get(secret);
  }

  team(id: string): Team {
    const team = this.teams.get(id);
    if (!team) throw new Error(`The sandbox has no team ${id}; it has ${[...this.teams.keys()].join(', ')}.`);
    return team;
  }

  keys(): Key[] {
    return [...this.#keys.values()];
  }
}

/** Credits may be fractions; a billionth is enough and keeps sums free of binary noise. */
export function round(credits: number): number {
  return Math.round(credits * 1e9) / 1e9;
}
