import { randomBytes } from 'node:crypto';
import { ApolloInTrouble, KeyNotAllowed, KeyRefused } from '../../core/apollo/errors.ts';
import type { CreditBalance, Endpoint, Profile, UsageStats } from '../../core/apollo/types.ts';
import { Audit } from '../../core/audit.ts';
import { createCoordination } from '../../core/coordination.ts';
import { addFields } from '../../core/counters.ts';
import type { Collection, Counters, Fields, Log, Store } from '../../core/ports.ts';
import {
  createVault,
  type KeyRing,
  type SlotPlan,
  Slots,
  type SlotsOptions,
  type UsableConnection,
} from '../../core/slots/index.ts';

export const MONDAY = Date.UTC(2026, 10, 2, 9);
export const CYCLE_END = Date.UTC(2026, 11, 1);

/** What Apollo knows of a key. */
export interface Account {
  team: string;
  creditsLeft?: number;
  revoked?: boolean;
  /** Good for enrichment only: 403 from everything that tells about the account. */
  scoped?: boolean;
  trouble?: boolean;
}

/** Apollo's account calls, over accounts that a test changes as it likes. */
export class FakeApollo {
  readonly accounts = new Map<string, Account>();
  calls = 0;

  async profile({ key }: { key: string }): Promise<Profile> {
    const { team, creditsLeft } = await this.#account(key, 'users/api_profile');
    return { userId: `user of ${team}`, teamId: team, creditsLeft: creditsLeft ?? 1000, limits: {} };
  }

  async credits({ key }: { key: string }): Promise<CreditBalance> {
    const { creditsLeft = 1000 } = await this.#account(key, 'usage_stats/credit_usage_stats');
    return { limit: 2000, used: 2000 - creditsLeft, left: creditsLeft, cycleEndsAt: CYCLE_END, limits: {} };
  }

  async usage({ key }: { key: string }): Promise<UsageStats> {
    await this.#account(key, 'usage_stats/api_usage_stats');
    return { endpoints: { 'people/bulk_match': { minute: { limit: 1000 } } }, limits: {} };
  }

  async #account(key: string, endpoint: Endpoint): Promise<Account> {
    this.calls += 1;
    await new Promise(setImmediate);
    const account = this.accounts.get(key);
    if (!account || account.revoked) throw new KeyRefused('Apollo refuses the key.', endpoint);
    if (account.trouble) throw new ApolloInTrouble('Apollo answers 503.', endpoint);
    if (account.scoped) throw new KeyNotAllowed('The key may not read this.', endpoint);
    return account;
  }
}

/** A store in memory; `text` is all that it holds, as it would lie on disk. */
export class MemoryStore implements Store {
  readonly #values = new Map<string, Map<string, string>>();
  readonly #counted = new Map<string, Map<string, Fields>>();

  get text(): string {
    return JSON.stringify([...this.#values].map(([name, values]) => [name, [...values]]));
  }

  collection<T>(name: string): Collection<T> {
    const values = this.#values.get(name) ?? new Map<string, string>();
    this.#values.set(name, values);
    const get = async (key: string): Promise<T | undefined> => {
      const value = values.get(key);
      return value === undefined ? undefined : JSON.parse(value);
    };
    const set = async (key: string, value: T) => {
      await new Promise(setImmediate);
      values.set(key, JSON.stringify(value));
    };
    const remove = async (key: string) => {
      values.delete(key);
    };
    return {
      get,
      getMany: (keys) => Promise.all(keys.map(get)),
      set,
      setMany: async (entries) => {
        for (const [key, value] of entries) await set(key, value);
      },
      delete: remove,
      deleteMany: async (keys) => {
        for (const key of keys) await remove(key);
      },
      async *entries(prefix = '') {
        for (const [key, value] of [...values]) if (key.startsWith(prefix)) yield [key, JSON.parse(value)];
      },
    };
  }

  counters(name: string): Counters {
    const values = this.#counted.get(name) ?? new Map<string, Fields>();
    this.#counted.set(name, values);
    return {
      get: async (key) => values.get(key) ?? {},
      add: async (key, change) => void values.set(key, addFields(values.get(key), change) ?? {}),
      delete: async (key) => void values.delete(key),
      async *keys(prefix = '') {
        for (const key of [...values.keys()]) if (key.startsWith(prefix)) yield key;
      },
    };
  }

  /** Changes what is stored behind the owner's back. */
  alter(change: (text: string) => string): void {
    for (const values of this.#values.values()) {
      for (const [key, value] of values) values.set(key, change(value));
    }
  }

  async atomically(work: () => Promise<unknown>): Promise<void> {
    await work();
  }

  async close(): Promise<void> {}
}

export function keyRing(current: string, ...others: string[]): KeyRing {
  const keys = new Map([current, ...others].map((id) => [id, encryptionKey(id)]));
  return { current: { id: current, key: encryptionKey(current) }, key: (id) => keys.get(id) };
}

/** The same 32 bytes for the same id. */
export function encryptionKey(id: string): Uint8Array {
  return new Uint8Array(32).fill(id.charCodeAt(0), 0, 16).fill(id.length, 16);
}

/** A key of the shape that Apollo gives out. */
export function apolloKey(): string {
  return randomBytes(30).toString('base64').replace(/\W/g, 'x').slice(0, 22);
}

/** Slots over a fake Apollo, a memory store and a clock that only tests move. */
export function createWorld(
  options: { plan?: SlotPlan; ring?: KeyRing } & Partial<Pick<SlotsOptions, 'ports'>> = {},
) {
  const apollo = new FakeApollo();
  const store = new MemoryStore();
  const time = { now: MONDAY };
  const logged: string[] = [];
  const write = (message: string, fields?: Record<string, unknown>) => {
    const asText = (_: string, value: unknown) => (value instanceof Error ? String(value) : value);
    logged.push(`${message} ${JSON.stringify(fields ?? {}, asText)}`);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const ports = options.ports ?? {
    clock: { now: () => time.now, monotonic: () => time.now, sleep: async () => {} },
    log,
    store,
    coordination: createCoordination(),
  };
  const open = (ring: KeyRing, plan: SlotPlan = { self: 2, dfy: 2 }) =>
    new Slots({ ports, apollo, vault: createVault(ring), plan, audit: new Audit(ports, 1) });
  const slots = open(options.ring ?? keyRing('first'), options.plan);
  const newKey = (account: Partial<Account> = {}) => {
    const key = apolloKey();
    apollo.accounts.set(key, { team: `team ${apollo.accounts.size + 1}`, ...account });
    return key;
  };
  return { apollo, store, time, logged, ports, slots, open, newKey };
}

/** The connections that may be given any work now. */
export async function healthy(slots: Slots): Promise<UsableConnection[]> {
  return (await slots.usable()).filter(({ health: { state } }) => state === 'healthy' || state === 'limited');
}
