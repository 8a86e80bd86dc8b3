import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import { Accounts } from './accounts.ts';
import { Chance, Dice } from './chance.ts';
import { control } from './control.ts';
import { deliver, Exchange, isFailure } from './exchange.ts';
import type { Fault } from './faults.ts';
import { Faults } from './faults.ts';
import { LateResults } from './late.ts';
import type { Counts } from './ledger.ts';
import { Ledger } from './ledger.ts';
import type { World } from './operations.ts';
import { findOperation, outOfCredits, perform } from './operations.ts';
import { People } from './people.ts';
import type { CreditSettings, Plan, SandboxSettings, WebhookMode } from './settings.ts';
import { EXAMPLE_TEAMS, LATE_MS, limitsOf } from './settings.ts';
import { RateWindows, type WindowStates } from './windows.ts';

export type { Fault, FaultKind } from './faults.ts';
export type { Counts } from './ledger.ts';
export type {
  CreditSettings,
  KeySettings,
  Plan,
  SandboxSettings,
  TeamSettings,
  WebhookMode,
} from './settings.ts';
export { EXAMPLE_TEAMS } from './settings.ts';

/** A running stand-in for Apollo. */
export interface Sandbox extends AsyncDisposable {
  /** Base address of the API; ends with `/api/v1`. */
  readonly url: string;
  /** Where the page of counts is; everything below `controlUrl` is the sandbox's own and not Apollo's. */
  readonly controlUrl: string;
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
  /** From now on the key answers 401. */
  revoke(key: string): void;
  /** Takes a revocation back. */
  restore(key: string): void;
  /** Stops at once; open connections are closed. */
  close(): Promise<void>;
}

const BASE_PATH = '/api/v1';
/** Where Apollo says whether a key is good. */
const HEALTH_PATH = `${BASE_PATH}/auth/health`;

interface State extends World {
  readonly accounts: Accounts;
  readonly faults: Faults;
}

/** Starts a sandbox on the loopback interface. */
export async function startSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const chance = new Chance(settings.seed ?? 1);
  let state = newState(settings, chance);
  const timers = new Set<NodeJS.Timeout>();
  const latencies = new Map<Endpoint, Chance>();
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      // A client that goes away while it is still sending is no failure of the sandbox.
      if (!request.destroyed) console.error('The sandbox failed:', error);
      response.destroy();
    });
  });
  // A client keeps connections for longer than Node's 5 s; none may break under its hands.
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, settings.port ?? 0);
  const controlUrl = `http://127.0.0.1:${port}/_sandbox`;

  const sandbox: Sandbox = {
    url: `http://127.0.0.1:${port}/api/v1`,
    controlUrl,
    counts: () => state.ledger.counts(state.accounts, state.late.counts()),
    fault: (fault) => state.faults.add(fault),
    heal: () => state.faults.heal(),
    reset: () => {
      state.late.stop();
      state = newState(settings, chance);
    },
    setPlan: (team, plan) => {
      state.accounts.team(team).plan = plan;
    },
    setCredits: (team, credits) => state.accounts.team(team).setCredits(credits),
    setWebhooks: (mode) => {
      state.late.mode = mode;
    },
    revoke: (key) => setRevoked(key, true),
    restore: (key) => setRevoked(key, false),
    close: async () => {
      state.late.stop();
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
  return sandbox;

  function setRevoked(secret: string, revoked: boolean): void {
    const key = state.accounts.key(secret);
    if (!key) throw new Error(`The sandbox has no key ending in ${secret.slice(-4)}.`);
    key.revoked = revoked;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await readBody(request);
    if (url.pathname === '/_sandbox' || url.pathname.startsWith('/_sandbox/')) {
      const reply = control(sandbox, state.faults.list(), request.method ?? 'GET', url.pathname, body);
      response.writeHead(reply.status, { 'content-type': `${reply.type}; charset=utf-8` }).end(reply.body);
      return;
    }
    await answerAsApollo(url, request, body, response);
  }

  async function answerAsApollo(
    url: URL,
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    // A reset during the call must not mix old and new.
    const world = state;
    const operation = url.pathname.startsWith(BASE_PATH)
      ? findOperation(request.method ?? '', url.pathname.slice(BASE_PATH.length))
      : undefined;
    const header = request.headers['x-api-key'];
    const key = world.accounts.key(typeof header === 'string' ? header : undefined);
    // Neither counted nor limited, and 200 for a wrong key too.
    if (url.pathname === HEALTH_PATH) {
      response
        .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify({ healthy: true, is_logged_in: key !== undefined && !key.revoked }));
      return;
    }
    world.ledger.called(key, operation?.endpoint ?? 'unknown');
    const exchange = new Exchange(world.ledger, key, response);
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
    const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
    const call = { query: url.searchParams, body: isJson ? body : '', rest };
    const answer =
      fault?.kind === 'noCredits'
        ? outOfCredits(key, world)
        : perform(endpoint, call, key, world, fault?.kind);
    exchange.charged = answer.charged ?? 0;
    await wait(waitMs);
    deliver(exchange, answer, headers, fault);
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
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  }
}

function newState(settings: SandboxSettings, chance: Chance): State {
  const now = Date.now;
  const minuteMs = settings.minuteMs ?? 60_000;
  const matchRate = settings.matchRate ?? 0.85;
  const ledger = new Ledger();
  const lateMs = settings.lateMs ?? LATE_MS;
  const late = { lateMs, minuteMs, mode: settings.webhooks ?? 'once', now } as const;
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

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
