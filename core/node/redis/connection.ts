import { ErrorReply } from '@redis/client';
import type { Log } from '../../ports.ts';
import { StoreError } from '../store-errors.ts';
import { CONNECT_TIMEOUT_MS, createResendingClient, type RedisClient } from './client.ts';
import { Calls } from './once.ts';

const LONGEST_RETRY_MS = 2_000;

/** Redis cannot be reached, or does not let us in. The message names the address, never the password. */
class RedisUnavailable extends StoreError {
  override readonly name = 'RedisUnavailable';
  constructor(address: string, error: unknown) {
    super(
      `Redis at ${address} cannot be used: ${messageOf(error)}. Start it, or correct REDIS_URL; without REDIS_URL the store in DATA_DIR is used.`,
      { cause: error },
    );
  }
}

/** Redis answered a command with an error: its memory or disk is full, or it is a read-only replica. */
export class RedisRefused extends StoreError {
  override readonly name = 'RedisRefused';
  constructor(address: string, error: unknown) {
    super(
      `Redis at ${address} refused to read or write: ${messageOf(error)}. Nothing of this was written; free its memory or disk, or correct its settings.`,
      { cause: error },
    );
  }
}

/** Does it, and throws {@link RedisRefused} where Redis answers with an error. */
export async function unlessRefused<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ErrorReply ? new RedisRefused(address, error) : error;
  }
}

/**
 * One client for everything but blocking reads and subscriptions, so that commands reach Redis in the order
 * in which they were given. When Redis goes away commands wait until it is back, however long that takes.
 */
export interface RedisConnection {
  readonly client: RedisClient;
  /** Calls of `client` that may not be carried out twice. */
  readonly calls: Calls;
  /** Host and port, for messages. */
  readonly address: string;
  /** Another connection of the same kind, closed with this one. */
  duplicate(): RedisClient;
  /** Carries out what was begun, then ends all connections. */
  close(): Promise<void>;
}

/** Connects, or throws `RedisUnavailable` within seconds. Losing Redis later is logged, once each time. */
export async function connectRedis(url: string, log: Log): Promise<RedisConnection> {
  const address = addressOf(url);
  let reached = false;
  const client = createResendingClient(
    url,
    (retries) => reached && Math.min(LONGEST_RETRY_MS, 50 * 2 ** Math.min(retries, 10)),
  );
  await reach(client, address);
  reached = true;
  await warnWhenVolatile(client, address, log);
  const all = [client];
  let lost = false;
  let closing = false;
  client.on('reconnecting', () => {
    if (lost || closing) return;
    lost = true;
    log.error('Redis is gone; work waits until it is back', { redis: address });
  });
  client.on('ready', () => {
    if (lost) log.info('Redis is back; work goes on', { redis: address });
    lost = false;
  });
  return {
    client,
    calls: new Calls(client),
    address,
    duplicate: () => {
      const another = client.duplicate();
      all.push(another);
      return another;
    },
    close: async () => {
      closing = true;
      await Promise.all(all.map(end));
    },
  };
}

async function reach(client: RedisClient, address: string): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} seconds`)),
    CONNECT_TIMEOUT_MS,
  );
  try {
    await Promise.race([client.connect().then(() => client.ping()), late]);
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw new RedisUnavailable(address, error);
  } finally {
    clearTimeout(timer);
  }
}

/** A Redis that keeps nothing on disk forgets paid answers when it restarts: worth a line at each start. */
async function warnWhenVolatile(client: RedisClient, address: string, log: Log): Promise<void> {
  try {
    const { appendonly } = await client.configGet('appendonly');
    if (appendonly !== 'no') return;
    log.warn('Redis keeps no append-only file: what is written just before it dies is lost', {
      redis: address,
      advice: 'set "appendonly yes" in its configuration',
    });
  } catch {
    // Hosted Redis often forbids CONFIG, and has a durability of its own.
  }
}

async function end(client: RedisClient): Promise<void> {
  // Somebody who stops the program while Redis is away should not have to wait for it.
  if (client.isReady) await client.close().catch(() => undefined);
  if (client.isOpen) client.destroy();
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname || 'localhost'}:${port || '6379'}`;
}

function messageOf(error: unknown): string {
  // A name with several addresses, none of which answers.
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replace(/\.$/, '');
}
