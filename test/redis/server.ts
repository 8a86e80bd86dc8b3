import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { freePort } from '../api/free-port.ts';

/** Whether this machine has a Redis to start; without one, tests on Redis are skipped, but never in CI. */
export const hasRedis = ((): boolean => {
  if (process.env.CI) return true;
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/**
 * A process that is silent for so long counts as dead in tests, ms: as short as a busy machine allows, which may let a
 * process stand still for a second.
 */
export const LOST_AFTER_MS = 3_000;

/** In place of that where no sign of life is given again, and no lock or sign ends, while a test runs, ms. */
export const LONG_MS = 600_000;

/** A Redis of our own on a free port of this machine, with as many databases as tests want. */
export interface RedisServer {
  readonly url: string;
  /** The address of a database that no test has used. */
  fresh(): string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Ends it as an operator would: what it has is written before. */
  stop(): Promise<void>;
  /** It stands still, connections and all, until it goes on. */
  freeze(): void;
  goOn(): void;
  /** Starts it again with what its append-only file has. */
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  let databases = 0;
  const start = async () => {
    const settings = ['--bind', '127.0.0.1', '--dir', folder, '--databases', '4096', '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec'];
    server = spawn('redis-server', ['--port', String(port), ...settings, ...durable], { stdio: 'ignore' });
    await answers(url);
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ended = server;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    ended.kill(signal);
    await once(ended, 'exit');
  };
  const kill = () => end('SIGKILL');
  await start();
  return {
    url,
    fresh: () => `${url}/${++databases}`,
    kill,
    stop: () => end('SIGTERM'),
    freeze: () => void server?.kill('SIGSTOP'),
    goOn: () => void server?.kill('SIGCONT'),
    start,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const redis = await connectRedis(url, createLog({ write: () => undefined }));
      return await redis.close();
    } catch (error) {
      if (attempt === 200) throw error;
      await delay(25);
    }
  }
}
