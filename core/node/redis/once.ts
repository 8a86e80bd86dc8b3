import { randomUUID } from 'node:crypto';
import type { RedisClient } from './client.ts';
import { KEY_PREFIX } from './prefix.ts';
import { script } from './script.ts';

/** So long Redis keeps what a process may still ask for again, ms: longer than it is ever away. */
const KEPT_MS = 24 * 3_600_000;

/** Runs a script, and gives what it gave, a text. */
export type ScriptOnce = (calls: Calls, ...args: readonly (string | number)[]) => Promise<string>;

/**
 * Calls of one connection that may not be carried out twice. A call whose answer was lost with the connection is sent
 * again, see `createResendingClient`: it has a number, under which Redis keeps what it gave until the answer has arrived.
 */
export class Calls {
  readonly redis: RedisClient;
  readonly #key = `${KEY_PREFIX}answers:${randomUUID()}`;
  readonly #unanswered = new Set<number>();
  #last = 0;

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /** `work` gets the first three arguments of its script. */
  async once<T>(work: (key: string, number: number, firstUnanswered: number) => Promise<T>): Promise<T> {
    const number = ++this.#last;
    this.#unanswered.add(number);
    const [first = number] = this.#unanswered;
    try {
      return await work(this.#key, number, first);
    } finally {
      this.#unanswered.delete(number);
    }
  }
}

/**
 * A script in Lua, carried out once for each call of it. It gives a text, and `true` beside when it changed nothing; it finds
 * its arguments in `argv`.
 */
export function scriptOnce(source: string): ScriptOnce {
  const run = script(`
local answers, number, unanswered = ARGV[1], ARGV[2], ARGV[3]
local before = redis.call('ZRANGEBYSCORE', answers, number, number)[1]
if before then return string.sub(before, #number + 2) end
local argv = {}
for at = 4, #ARGV do argv[at - 3] = ARGV[at] end
local function work()
${source}
end
local answer, unchanged = work()
if unchanged then return answer end
redis.call('ZREMRANGEBYSCORE', answers, '-inf', '(' .. unanswered)
redis.call('ZADD', answers, number, number .. ' ' .. answer)
redis.call('PEXPIRE', answers, ${KEPT_MS})
return answer
`);
  return (calls, ...args) =>
    calls.once(async (key, number, first) => String(await run(calls.redis, [], key, number, first, ...args)));
}
