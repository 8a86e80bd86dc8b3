import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import { Accounts } from './accounts.ts';
import { Chance, Dice } from './chance.ts';
import { deliver, Exchange, isFailure, type Reply } from './exchange.ts';
import type { Fault } from './faults.ts';
import { Faults } from './faults.ts';
import { LateResults, type Post } from './late.ts';
import type { Counts } from './ledger.ts';
import { Ledger } from './ledger.ts';
import type { World } from './operations.ts';
import { findOperation, outOfCredits, perform } from './operations.ts';
import { People } from './people.ts';
import type { CreditSettings, Plan, SandboxSettings, WebhookMode } from './settings.ts';
import { EXAMPLE_TEAMS, LATE_MS, limitsOf } from './settings.ts';
import type { Time } from './time.ts';
import { RateWindows, type WindowStates } from './windows.ts';

/** What a test may ask of the pretended Apollo, and do to it. */
export interface Controls {
  counts(): Counts;
  /** Switches a fault on. What it gives switches this one off. */
  fault(fault: Fault): () => void;
  /** Switches all faults off. */
  heal(): void;
  /** As new: no calls, no faults, windows closed, credits, plans and keys as at the start, nobody known yet. */
  reset(): void;
  setPlan(team: string, plan: Plan): void;
  setCredits(team: string, credits: Pick<CreditSettings, 'limit' | 'used' | 'mobile'>): void;
  setWebhooks(mode: WebhookMode): void;
  /** Phones and waterfall results that are on their way are there at once. */
  arriveLate(): void;
  /** From now on the key answers 401. */
  revoke(key: string): void;
  /** Takes a revocation back. */
  restore(key: string): void;
}

export interface ApolloRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The pretended Apollo without a network of its own. */
export interface Model extends Controls {
  /** Answers a request as Apollo would, at once or later. */
  answer(request: ApolloRequest, reply: Reply): Promise<void>;
  /** Faults that are switched on. */
  faults(): Fault[];
  /** Ends what is under way. */
  stop(): void;
}

/** What the model has of the world around it. */
export interface Surroundings {
  readonly time: Time;
  /** Posts a late result to where it was asked for. */
  readonly post: Post;
}

const BASE_PATH = '/api/v1';
/** Where Apollo says whether a key is good. */
const HEALTH_PATH = `${BASE_PATH}/auth/health`;

interface State extends World {
  readonly accounts: Accounts;
  readonly faults: Faults;
}

export function createModel(settings: SandboxSettings, surroundings: Surroundings): Model {
  const chance = new Chance(settings.seed ?? 1);
  let state = newState(settings, chance, surroundings);
  const pending = new Set<() => void>();
  const latencies = new Map<Endpoint, Chance>();
  return {
    counts: () => state.ledger.counts(state.accounts, state.late.counts()),
    fault: (fault) => state.faults.add(fault),
    faults: () => state.faults.list(),
    heal: () => state.faults.heal(),
    reset: () => {
      state.late.stop();
      state = newState(settings, chance, surroundings);
    },
    setPlan: (team, plan) => {
      state.accounts.team(team).plan = plan;
    },
    setCredits: (team, credits) => state.accounts.team(team).setCredits(credits),
    setWebhooks: (mode) => {
      state.late.mode = mode;
    },
    arriveLate: () => state.late.arrive(),
    revoke: (key) => setRevoked(key, true),
    restore: (key) => setRevoked(key, false),
    answer,
    stop: () => {
      state.late.stop();
      for (const cancel of pending) cancel();
    },
  };

  function setRevoked(secret: string, revoked: boolean): void {
    const key = state.accounts.key(secret);
    if (!key) throw new Error(`The sandbox has no key ending in ${secret.slice(-4)}.`);
    key.revoked = revoked;
  }

  async function answer({ method, url, headers: sent, body }: ApolloRequest, reply: Reply): Promise<void> {
    // A reset during the call must not mix old and new.
    const world = state;
    const operation = url.pathname.startsWith(BASE_PATH)
      ? findOperation(method, url.pathname.slice(BASE_PATH.length))
      : undefined;
    const header = sent['x-api-key'];
    const key = world.accounts.key(typeof header === 'string' ? header : undefined);
    // Neither counted nor limited, and 200 for a wrong key too.
    if (url.pathname === HEALTH_PATH) {
      reply
        .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify({ healthy: true, is_logged_in: key !== undefined && !key.revoked }));
      return;
    }
    world.ledger.called(key, operation?.endpoint ?? 'unknown');
    const exchange = new Exchange(world.ledger, key, reply);
    if (!operation) return exchange.send(404, { error: 'There is nothing at this address.' });
    if (!key || key.revoked) return exchange.sendKeyRefused();

    const { endpoint, rest } = operation;
    const { fault, delayMs } = world.faults.draw(endpoint, key);
    const waitMs = latency(endpoint) + delayMs;
    if (fault?.kind === 'revoked') return exchange.sendKeyRefused();
    if (!key.mayCall(endpoint)) return exchange.sendNotAllowed(endpoint);
    if (fault?.kind === 'cutBefore') return exchange.cut();
    const failure = fault && isFailure(fault.kind) && !fault.charged ? fault.kind : undefined;
    if (failure !== undefined && failure !== '500') {
      await wait(waitMs);
      return exchange.sendFailure(failure, {});
    }
    const { plan, id } = key.team.allowance;
    const limits = limitsOf(plan, endpoint);
    const { windows } = world;
    const told = (states: WindowStates) => windows.headers(id, endpoint, states, world.now());
    const refuse = (states: WindowStates, window: WindowName) =>
      exchange.sendTooMany(endpoint, limits[window], window, {
        ...told(states),
        ...windows.retryAfter(states, window),
      });
    if (fault?.kind === '429') return refuse(windows.read(id, endpoint, limits, world.now()), 'minute');
    const { states, refusedBy } = windows.count(id, endpoint, limits, world.now());
    if (refusedBy) {
      world.ledger.rateLimited(key);
      return refuse(states, refusedBy);
    }
    const headers = told(states);
    if (failure === '500') {
      await wait(waitMs);
      return exchange.sendFailure(failure, headers);
    }
    const isJson = String(sent['content-type']).startsWith('application/json');
    const call = { query: url.searchParams, body: isJson ? body : '', rest };
    const answered =
      fault?.kind === 'noCredits'
        ? outOfCredits(key, world)
        : perform(endpoint, call, key, world, fault?.kind);
    exchange.charged = answered.charged ?? 0;
    await wait(waitMs);
    deliver(exchange, answered, headers, fault);
  }

  /** The n-th call of an endpoint takes as long for every client that has the seed, whatever else it asks for. */
  function latency(endpoint: Endpoint): number {
    const { latencyMs = 0, seed = 1 } = settings;
    if (typeof latencyMs === 'number') return latencyMs;
    const drawn = latencies.get(endpoint) ?? new Chance(new Dice(`${seed} ${endpoint}`).share('') * 2 ** 32);
    latencies.set(endpoint, drawn);
    return drawn.spread(latencyMs.median, latencyMs.p95);
  }

  function wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = surroundings.time.after(ms, () => {
        pending.delete(cancel);
        resolve();
      });
      pending.add(cancel);
    });
  }
}

function newState(settings: SandboxSettings, chance: Chance, { time, post }: Surroundings): State {
  const now = () => time.now();
  const minuteMs = settings.minuteMs ?? 60_000;
  const matchRate = settings.matchRate ?? 0.85;
  const ledger = new Ledger();
  const lateMs = settings.lateMs ?? LATE_MS;
  const late = { lateMs, minuteMs, mode: settings.webhooks ?? 'once', time, post } as const;
  return {
    accounts: new Accounts(settings.teams ?? EXAMPLE_TEAMS, now()),
    faults: new Faults(chance),
    people: new People(matchRate),
    ledger,
    late: new LateResults(late, ledger, chance),
    windows: new RateWindows(minuteMs, settings.windows),
    matchRate,
    allowHttpWebhooks: settings.allowHttpWebhooks ?? false,
    outOfCreditsStatus: settings.outOfCreditsStatus ?? 422,
    creditRefusal: settings.creditRefusal ?? 'code',
    switchboards: settings.switchboards ?? true,
    companiesByName: settings.companiesByName ?? false,
    misses: settings.misses ?? 'stub',
    now,
  };
}
