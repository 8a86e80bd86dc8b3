import { singleProcess } from '../embedded.ts';
import type { Log, Ports } from '../ports.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createHttp } from './http.ts';
import { openStore } from './store.ts';

/** So long a command that holds the store is waited for, ms: most are through in less than a second. */
const PASSING_MS = 5_000;

export interface OpenPortsOptions {
  /** How another process is told who holds an embedded store, as "connectionsphere serve". */
  readonly command: string;
  /** Where this process listens, for the same message. */
  readonly port?: number;
  readonly log: Log;
  /**
   * With REDIS_URL, where jobs are worked on: by `all` and `worker`, not by `web`; by a `command` (default)
   * from when it started one itself. Without, this process does everything.
   */
  readonly role?: Role;
}

/** What a process does among others on one Redis. */
export type Role = 'all' | 'web' | 'worker' | 'command';

const WORKS = { all: 'always', worker: 'always', web: 'never', command: 'once-started' } as const;

/** The ports, to be closed after the core that stands on them. */
export interface OpenPorts extends AsyncDisposable {
  readonly ports: Ports;
}

/**
 * The core's ports on Node: state on Redis where REDIS_URL is set, shared with every other process that has
 * the same; else the embedded store in DATA_DIR, which this process then holds alone. Throws a `StoreError`
 * that says why the state cannot be used.
 */
export async function openPorts(config: Config, options: OpenPortsOptions): Promise<OpenPorts> {
  const { log } = options;
  await using opened = new AsyncDisposableStack();
  const http = createHttp({ proxy: config.proxy });
  opened.defer(() => http.close());
  const state = await openState(config, { clock: systemClock, http, log }, options);
  opened.defer(() => state.close());
  const resources = opened.move();
  return {
    ports: state.ports,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function openState(
  { redisUrl, lostAfterMs, dataDir }: Config,
  ports: Pick<Ports, 'clock' | 'http' | 'log'>,
  { command, port, log, role = 'command' }: OpenPortsOptions,
): Promise<{ ports: Ports; close(): Promise<void> }> {
  if (redisUrl !== undefined) {
    // Three hundred modules that a start without Redis should not wait for.
    const { openRedis } = await import('./redis/index.ts');
    const { store, coordination, shared, close } = await openRedis(redisUrl, {
      log,
      works: WORKS[role],
      lostAfterMs,
    });
    return { ports: { ...ports, store, coordination, shared }, close };
  }
  const store = await openStore(dataDir, {
    command,
    waitMs: PASSING_MS,
    ...(port !== undefined && { port }),
  });
  return { ports: singleProcess({ ...ports, store }), close: () => store.close() };
}
