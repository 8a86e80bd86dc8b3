import { setTimeout as delay } from 'node:timers/promises';
import { ClientClosedError, createClient, ErrorReply } from '@redis/client';

/** Redis must answer within this when a connection is made, ms. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** Redis reads its file after a start, and takes no commands until it has; then it is asked again after this, ms. */
const LOADING_MS = 100;

/** A client of node-redis. Its reconnecting is a function's: see {@link createResendingClient}. */
export type RedisClient = ReturnType<typeof create>;

type Arguments = Parameters<RedisClient['sendCommand']>[0];
type Options = Parameters<RedisClient['sendCommand']>[1];

interface Command {
  /** Its place among all commands of the connection. */
  readonly number: number;
  readonly args: Arguments;
  readonly options: Options;
  readonly resolve: (reply: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A client whose commands wait while Redis is away, however long that takes, and reach it in the order in which they were
 * given. node-redis rejects the commands that were under way when the connection broke, and would send the ones behind
 * them first; and it sends commands to a Redis that still reads its file, which refuses them
 * (https://github.com/redis/node-redis/blob/master/docs/client-configuration.md). So each command is kept here until it
 * is answered. It may have been carried out although its answer was lost: what must not happen twice carries an id that
 * its script checks.
 *
 * MULTI is no part of this: node-redis sends it past `sendCommand`. See {@link untilAnswered}.
 * @param retryMs after how many ms it is tried again to connect; `false`: not at all.
 */
export function createResendingClient(
  url: string,
  retryMs: (retries: number) => number | false,
): RedisClient {
  // All commands go through `sendCommand` of the client itself; `createClient` gives an object that inherits from it.
  return resending(create(url, retryMs).duplicate());
}

function create(url: string, retryMs: (retries: number) => number | false) {
  return createClient({
    url,
    // What BullMQ reads is in the form of RESP2 either way; RESP3 would need no connection less.
    RESP: 2,
    // Commands that wait are kept here, in order.
    disableOfflineQueue: true,
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: retryMs },
  });
}

/** What `duplicate` gives, as BullMQ asks for its blocking reads, is of the same kind. */
function resending(client: RedisClient): RedisClient {
  const commands = new UnansweredCommands(client);
  const duplicate = client.duplicate.bind(client);
  return Object.assign(client, {
    sendCommand: (args: Arguments, options: Options) => commands.send(args, options),
    duplicate: () => resending(duplicate()),
  });
}

/** Does it, and again when its answer was lost with the connection: what may be done twice, and is more than one command. */
export async function untilAnswered<T>(client: RedisClient, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      // Not before what waited meanwhile.
      await client.ping();
      return await work();
    } catch (error) {
      if (!isLost(client, error)) throw error;
    }
  }
}

/** Whether an answer did not come because the connection broke, and not because it was closed here. */
function isLost(client: RedisClient, error: unknown): boolean {
  return client.isOpen && !(error instanceof ErrorReply || error instanceof TypeError);
}

class UnansweredCommands {
  readonly #client: RedisClient;
  readonly #sendOnce: RedisClient['sendCommand'];
  readonly #waiting: Command[] = [];
  /** Scripts that BullMQ loaded: inside MULTI it names them by their hashes, which a restarted Redis does not know. */
  readonly #scripts = new Map<string, Arguments>();
  #next = 0;
  #isOpen = false;

  constructor(client: RedisClient) {
    this.#client = client;
    this.#sendOnce = client.sendCommand.bind(client);
    // Told where it matters: by the command that fails, or by the log of the connection.
    client.on('error', () => undefined);
    client.on('reconnecting', () => {
      this.#isOpen = false;
    });
    client.on('ready', () => void this.#open());
    client.on('end', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new ClientClosedError());
    });
  }

  send(args: Arguments, options: Options): Promise<never> {
    if (args[0] === 'SCRIPT' && args[1] === 'LOAD') this.#scripts.set(String(args[2]), args);
    const { promise, resolve, reject } = Promise.withResolvers<never>();
    this.#send({ number: this.#next++, args, options, resolve, reject });
    return promise;
  }

  #send(command: Command): void {
    const { args, options, resolve, reject } = command;
    if (this.#client.isOpen && !(this.#isOpen && this.#client.isReady)) {
      this.#waiting.push(command);
      return;
    }
    this.#sendOnce<never>(args, options).then(resolve, (error: unknown) => {
      if (isLost(this.#client, error)) this.#waiting.push(command);
      else reject(error);
    });
  }

  /** From when Redis takes commands: first those that were not answered, in their order. */
  async #open(): Promise<void> {
    while (await this.#isLoading()) await delay(LOADING_MS);
    if (!this.#client.isReady) return;
    for (const args of this.#scripts.values()) this.#sendOnce(args).catch(() => undefined);
    this.#isOpen = true;
    const waiting = this.#waiting.splice(0).sort((a, b) => a.number - b.number);
    for (const command of waiting) this.#send(command);
  }

  async #isLoading(): Promise<boolean> {
    try {
      await this.#sendOnce(['PING']);
      return false;
    } catch (error) {
      return this.#client.isReady && error instanceof ErrorReply && error.message.startsWith('LOADING');
    }
  }
}
