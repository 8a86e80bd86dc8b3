import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed } from 'vitest';
import {
  type Core,
  type CoreEvent,
  createCore,
  DEFAULT_OPTIONS,
  type DirectAnswer,
  type EnrichOptions,
  type Job,
  type JobStatus,
  mapColumns,
} from '../../core/index.ts';
import { createHttp, openStore, singleProcess, systemClock } from '../../core/node/index.ts';
import { openRedis, type RedisState } from '../../core/node/redis/index.ts';
import type { Clock, Http, Log, Ports, Store } from '../../core/ports.ts';
import { LOST_AFTER_MS } from '../redis/server.ts';
import { type Sandbox, type SandboxSettings, startSandbox, type TeamSettings } from '../sandbox/index.ts';
import { keyRing } from '../slots/world.ts';
import { mortal } from './mortal.ts';
import { HEADERS } from './people.ts';

export { people, person, profiles } from './people.ts';

export const WORKSPACE = 'contoso';
export const PHONES: Partial<EnrichOptions> = {
  reveal: { personalEmails: false, phones: true, waterfall: false },
};

/** A minute of Apollo's in which the first poll for late phones comes soon, also by the machine's clock, ms. */
export const SHORT_MINUTE_MS = 600;

export const KEYS = ['key-contoso-sales-7Q2A', 'key-contoso-growth-9F4K', 'key-fabrikam-one-3M8T'] as const;

/** Three keys of two teams, with limits that a test only meets when it wants to. */
export const TEAMS: readonly TeamSettings[] = [
  { id: 'team-contoso', keys: [KEYS[0], KEYS[1]] },
  { id: 'team-fabrikam', keys: [KEYS[2]] },
];

export interface WorldSettings extends SandboxSettings {
  /**
   * How many times as fast as the machine's clock the core's runs, so that its rests and polls pass quickly:
   * the sandbox's minute of `minuteMs` is a minute of 60,000 ms to the core. Default: 100.
   */
  readonly speed?: number;
  /** Stands between the core and the sandbox, to answer in its place. */
  readonly between?: (http: Http) => Http;
  /** Where the store is. Default: a temporary directory that goes away with the world. */
  readonly directory?: string;
  /** ms after which an answer of the sandbox is given up, by the machine's clock. Default: the core's minute. */
  readonly answerMs?: number;
  /** The Redis that keeps the state, by its own clock: `speed` is 1 then. Default: an embedded store. */
  readonly redisUrl?: string;
  /** Connect every key of the teams. Default: true. */
  readonly connect?: boolean;
  /** Who asks for what is done. Default: nobody is recorded. */
  readonly acting?: Pick<Ports, 'actor' | 'actAs'>;
  /** Where Apollo could reach the core. Default: nowhere, so that late results are polled for. */
  readonly publicUrl?: string;
}

export interface ListRequest {
  /** The workbook that the list came from. */
  readonly original?: Uint8Array;
  readonly headers?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly options?: Partial<EnrichOptions>;
  readonly fresh?: boolean;
  readonly creditLimit?: number;
  readonly workspace?: string;
}

/** One row of a list and its new cells by the names of their columns. */
export interface OutputRow {
  readonly cells: readonly string[];
  readonly added: Readonly<Record<string, string>>;
}

/** How long a report of a world waits for each of its parts, ms, and how much of the log is in it. */
const REPORT_MS = 2_000;
const REPORTED_LINES = 30;

/** A clock that runs `speed` times as fast and can be put forward. Both of its times, and its sleep, agree. */
class FastClock implements Clock {
  readonly #speed: number;
  readonly #startedAt = systemClock.now();
  readonly #origin = systemClock.monotonic();
  #ahead = 0;

  constructor(speed: number) {
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#startedAt + this.#ahead + this.monotonic());
  }

  monotonic(): number {
    return (systemClock.monotonic() - this.#origin) * this.#speed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms / this.#speed, signal);
  }

  /** Only the date moves on, as when a process was away for so long. */
  advance(ms: number): void {
    this.#ahead += ms;
  }
}

const COLLECTIONS = [
  ...[
    'aliases',
    'answers-sealed',
    'chunks',
    'connections',
    'credit-limits',
    'credit-settings',
    'events',
    'jobs',
  ],
  ...[
    'late',
    'late-news',
    'lost-answers',
    'months',
    'outcomes',
    'partly',
    'progress',
    'results',
    'reviews',
    'runs',
    'schedules',
    'tallies',
  ],
];

interface Surroundings {
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly clock: FastClock;
  readonly settings: WorldSettings;
  readonly http: Http & { close(): Promise<void> };
}

/** A core with real ports on a store of its own, against a sandbox of its own. */
export class World implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly clock: FastClock;
  /** Everything that the core logged, a line each. */
  readonly logged: string[] = [];
  /** What surfaces were told, since the world began. */
  readonly events: CoreEvent[] = [];
  readonly #settings: WorldSettings;
  readonly #http: Http & { close(): Promise<void> };
  readonly #maintenance = new AbortController();
  #opened: { readonly core: Core; readonly store: Store; close(): Promise<void>; kill(): void } | undefined;

  private constructor({ sandbox, directory, clock, settings, http }: Surroundings) {
    this.sandbox = sandbox;
    this.directory = directory;
    this.clock = clock;
    this.#settings = settings;
    this.#http = http;
  }

  static async start(settings: WorldSettings = {}): Promise<World> {
    const { redisUrl, connect = true } = settings;
    const speed = redisUrl === undefined ? (settings.speed ?? 100) : 1;
    const teams = settings.teams ?? TEAMS;
    const sandbox = await startSandbox({
      minuteMs: 60_000 / speed,
      matchRate: 1,
      lateMs: 0,
      ...settings,
      teams,
    });
    const directory = settings.directory ?? (await mkdtemp(join(tmpdir(), 'world-')));
    const clock = new FastClock(speed);
    const { between = (http) => http } = settings;
    const real = patientFor(settings.answerMs);
    const http = { ...between(real), close: () => real.close() };
    const world = new World({ sandbox, directory, clock, settings, http });
    await world.#open();
    if (connect) await world.connect(...keysOf(teams));
    return world;
  }

  async #open(): Promise<void> {
    const { redisUrl, publicUrl } = this.#settings;
    const { clock } = this;
    const log = this.#log();
    // With Redis this process works on every job.
    const state =
      redisUrl === undefined
        ? await this.#openStore()
        : await openRedis(redisUrl, { log, works: 'always', lostAfterMs: LOST_AFTER_MS });
    const { store, coordination, shared } = state;
    const { ports, kill } = mortal({ clock, http: this.#http, log, store });
    const joined = coordination && shared ? { ...ports, coordination, shared } : singleProcess(ports);
    const all = { ...joined, ...this.#settings.acting };
    const core = await createCore(all, {
      apolloBaseUrl: this.sandbox.url,
      // On Redis both run by the machine's clock, so that a shorter minute is one to both.
      minuteMs: redisUrl === undefined ? 60_000 : (this.#settings.minuteMs ?? 60_000),
      slots: { self: 4, dfy: 0 },
      retentionDays: 365,
      keyRing: keyRing('first'),
      publicUrl,
    });
    await core.events.subscribe(async (event) => void this.events.push(event));
    this.#opened = { core, store, close: () => state.close(), kill };
  }

  #log(): Log {
    const write = (message: string, fields?: Record<string, unknown>) => {
      this.logged.push(
        `${message} ${JSON.stringify(fields ?? {}, (_, value) => (value instanceof Error ? String(value) : value))}`,
      );
    };
    return { debug: write, info: write, warn: write, error: write };
  }

  async #openStore(): Promise<Pick<RedisState, 'store' | 'close'> & Partial<RedisState>> {
    const store = await openStore(this.directory, { clock: this.clock });
    return { store, close: () => store.close() };
  }

  async #close(): Promise<void> {
    await this.#opened?.core.close();
    await this.#opened?.close();
    this.#opened = undefined;
  }

  get core(): Core {
    if (!this.#opened) throw new Error('The world is not open.');
    return this.#opened.core;
  }

  get store(): Store {
    if (!this.#opened) throw new Error('The world is not open.');
    return this.#opened.store;
  }

  async connect(...keys: string[]): Promise<void> {
    await this.connectTo(WORKSPACE, ...keys);
  }

  async connectTo(workspace: string, ...keys: string[]): Promise<void> {
    for (const key of keys) await this.core.slots.connect({ workspace, key });
  }

  /** Ends the core as Ctrl-C does and starts another on the same store. */
  async restart(): Promise<void> {
    await this.#close();
    await this.#open();
  }

  /** Ends the core as SIGKILL does, at whatever it is, and starts another on the same embedded store. */
  async kill(): Promise<void> {
    if (this.#settings.redisUrl !== undefined) throw new Error('With Redis, processes are killed.');
    this.#opened?.kill();
    await this.#opened?.close();
    await this.#open();
  }

  /** From now on the core does what a process that lives long does. */
  tend(): void {
    void this.core.tend(this.#maintenance.signal);
  }

  /** A job as the surfaces prepare it; nothing is spent yet. */
  prepare({
    headers = HEADERS,
    rows,
    options,
    fresh = false,
    creditLimit,
    workspace,
    original,
  }: ListRequest): Promise<Job> {
    return this.core.jobs.prepare({
      workspace: workspace ?? WORKSPACE,
      name: 'leads.csv',
      headers,
      source: {},
      mapping: mapColumns(headers, rows),
      rows: inTurn(rows),
      options: { ...DEFAULT_OPTIONS, ...options },
      fresh,
      original,
      ...(creditLimit !== undefined && { creditLimit }),
    });
  }

  /** Prepares and starts. */
  async begin(request: ListRequest): Promise<string> {
    const { id } = await this.prepare(request);
    await this.core.jobs.start(id);
    return id;
  }

  /** Prepares, starts and waits for the end or a pause. */
  async run(request: ListRequest): Promise<JobStatus> {
    return this.core.jobs.settled(await this.begin(request));
  }

  /** Goes on with a job and waits for the end or a pause. */
  async resume(id: string): Promise<JobStatus> {
    await this.core.jobs.start(id);
    return this.core.jobs.settled(id);
  }

  /** The leads at once, as rows under the usual headers. */
  enrich(
    rows: readonly (readonly string[])[],
    more: {
      options?: Partial<EnrichOptions>;
      creditLimit?: number;
      fresh?: boolean;
      signal?: AbortSignal;
    } = {},
  ): Promise<DirectAnswer> {
    const { options, ...rest } = more;
    const leads = rows.map(
      ([first_name = '', last_name = '', domain = '', email = '', linkedin_url = '']) => ({
        first_name,
        last_name,
        domain,
        email,
        linkedin_url,
      }),
    );
    return this.core.enrich({
      workspace: WORKSPACE,
      kind: 'person',
      leads,
      options: { ...DEFAULT_OPTIONS, ...options },
      ...rest,
    });
  }

  async output(id: string): Promise<OutputRow[]> {
    const job = await this.core.jobs.status(id);
    if (!job) throw new Error(`no job ${id}`);
    const columns = this.core.jobs.columns(job);
    const rows: OutputRow[] = [];
    for await (const { cells, added } of this.core.jobs.results(id)) {
      rows.push({
        cells,
        added: Object.fromEntries(columns.map((column, index) => [column, added[index] ?? ''])),
      });
    }
    return rows;
  }

  /** Keys of what is stored about whatever has this text in its key. */
  async storedUnder(text: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of COLLECTIONS) {
      for await (const [key] of this.store.collection(name).entries()) {
        if (key.includes(text)) found.push(`${name} ${key}`);
      }
    }
    return found;
  }

  /** For whoever wants to know why nothing moves; none once the world is closed. */
  async report(): Promise<string | undefined> {
    if (!this.#opened) return undefined;
    const { core } = this.#opened;
    const asked = async (what: string, answer: Promise<unknown>) => {
      const late = systemClock.sleep(REPORT_MS).then(() => 'no answer');
      return `${what}: ${JSON.stringify(await Promise.race([answer.catch(String), late]))}`;
    };
    return [
      ...(await Promise.all([
        asked(
          'Lists',
          core.jobs.list(WORKSPACE).then((lists) => lists.map(inShort)),
        ),
        asked('Month', core.credits.month(WORKSPACE)),
        asked('Limiters', core.limiters()),
      ])),
      `Calls under way: ${JSON.stringify([...core.underWay()])}; leads that wait: ${core.waiting()}`,
      `Sandbox: ${JSON.stringify(this.sandbox.counts())}`,
      ...this.logged.slice(-REPORTED_LINES),
    ].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sandbox.heal();
    this.#maintenance.abort();
    await this.#close();
    await this.sandbox.close();
    await this.#http.close();
    if (this.#settings.directory === undefined) await rm(this.directory, { recursive: true, force: true });
  }
}

function inShort({ id, state, reason, rows, finished, credits, inDoubtCredits, counts }: JobStatus) {
  return { id, state, reason, rows, finished, credits, inDoubtCredits, counts };
}

function patientFor(answerMs: number | undefined): ReturnType<typeof createHttp> {
  const http = createHttp();
  if (answerMs === undefined) return http;
  return { ...http, request: (request) => http.request({ ...request, timeoutMs: answerMs }) };
}

/** A world for one test. Where that fails while the world is open, the failure says what the world knows. */
export async function startWorld(settings?: WorldSettings): Promise<World> {
  const world = await World.start(settings);
  onTestFailed(async ({ task }) => {
    const [error] = task.result?.errors ?? [];
    const report = await world.report();
    if (error && report) error.message += `\n${report}`;
  });
  return world;
}

function keysOf(teams: readonly TeamSettings[]): string[] {
  return teams.flatMap(({ keys }) => keys.map((key) => (typeof key === 'string' ? key : key.key)));
}

async function* inTurn<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
