import type { Endpoint } from '../../core/apollo/types.ts';
import { Dice } from './chance.ts';
import type { CreditSettings, KeySettings, Plan, PoolSettings, TeamSettings } from './settings.ts';

const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;

interface Balance {
  readonly limit: number;
  readonly used: number;
  readonly left: number;
}

/** Credits of one kind, or those that somebody may use of them. */
export class Pool {
  #limit: number;
  #used: number;

  constructor({ limit = 10_000, used = 0 }: PoolSettings = {}) {
    this.#limit = limit;
    this.#used = used;
  }

  get balance(): Balance {
    return { limit: this.#limit, used: this.#used, left: Math.max(0, round(this.#limit - this.#used)) };
  }

  set({ limit = this.#limit, used = this.#used }: PoolSettings): void {
    this.#limit = limit;
    this.#used = used;
  }

  take(credits: number): void {
    this.#used = round(this.#used + credits);
  }
}

/** An Apollo team with its credits. */
export class Team {
  readonly id: string;
  plan: Plan;
  readonly price: number;
  /** See {@link CreditSettings.unified}. */
  readonly unified: boolean;
  readonly cycleStartsAt: number;
  readonly cycleEndsAt: number;
  /** Credits for mobile numbers, where they are a pool apart. */
  readonly mobile: Pool | undefined;
  readonly #credits: Pool;
  readonly #parent: Team | undefined;

  constructor(settings: TeamSettings, now: number, parent?: Team) {
    this.id = settings.id;
    this.plan = settings.plan ?? 'paid';
    this.#parent = parent;
    this.price = settings.credits?.price ?? 1;
    this.unified = settings.credits?.unified ?? false;
    this.cycleEndsAt = settings.credits?.cycleEndsAt ?? now + THIRTY_DAYS_MS;
    this.cycleStartsAt = this.cycleEndsAt - THIRTY_DAYS_MS;
    this.#credits = new Pool(settings.credits);
    this.mobile = settings.credits?.mobile && new Pool(settings.credits.mobile);
  }

  /** Whose limits hold: the parent's for a child workspace. */
  get allowance(): Team {
    return this.#parent?.allowance ?? this;
  }

  get credits(): Balance {
    return this.#credits.balance;
  }

  setCredits({ mobile, ...credits }: Pick<CreditSettings, 'limit' | 'used' | 'mobile'>): void {
    this.#credits.set(credits);
    if (mobile) this.mobile?.set(mobile);
  }

  get pool(): Pool {
    return this.#credits;
  }
}

export class Key {
  readonly secret: string;
  readonly team: Team;
  readonly scopes: readonly Endpoint[] | undefined;
  /** What the key's user may use of the team's credits. */
  readonly cap: Pool | undefined;
  revoked = false;

  constructor(secret: string, team: Team, { scopes, cap }: Omit<KeySettings, 'key'>) {
    this.secret = secret;
    this.team = team;
    this.scopes = scopes;
    this.cap = cap && new Pool(cap);
  }

  /** Credits that a call with the key can use: of the team, and of what the user may. */
  get left(): number {
    return Math.min(this.team.credits.left, this.cap?.balance.left ?? Number.POSITIVE_INFINITY);
  }

  /** The same for mobile numbers. */
  get mobileLeft(): number {
    return this.team.mobile?.balance.left ?? this.left;
  }

  /** Takes all of it, or nothing and answers false. `mobile`: of it, for mobile numbers. */
  take(credits: number, mobile: number): boolean {
    const { team, cap } = this;
    const own = team.mobile ? round(credits - mobile) : credits;
    if (own > this.left || mobile > this.mobileLeft) return false;
    team.pool.take(own);
    cap?.take(own);
    if (team.mobile) team.mobile.take(mobile);
    return true;
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
        const { key: secret, ...rights } = typeof key === 'string' ? { key } : key;
        if (this.#keys.has(secret)) {
          throw new Error(
            `The sandbox key ending in ${secret.slice(-4)} is given twice; a key has one team.`,
          );
        }
        this.#keys.set(secret, new Key(secret, team, rights));
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
