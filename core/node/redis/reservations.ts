import type { Redis } from 'ioredis';
import type { Counters, CreditAccount, Reservations } from '../../ports.ts';
import { accountName, HELD, holdIn, ROUNDING } from '../../reservations.ts';
import { KEY_PREFIX } from './connection.ts';
import { ALIVE } from './processes.ts';
import { script } from './script.ts';

/**
 * ARGV: process, each, most, prefix of the keys of living processes, rounding; then per account the key of
 * what is spent, that of what processes reserved, that of what is held whoever dies, and the limit ('' none).
 * Gives times, and 1 for never.
 */
const reserveScript = script(`
local times, never = tonumber(ARGV[3]), 0
local each, rounding = tonumber(ARGV[2]), tonumber(ARGV[5])
for at = 6, #ARGV, 4 do
  if ARGV[at + 3] ~= '' then
    local spent = tonumber(redis.call('HGET', ARGV[at], 'credits') or '0')
    local doubtful = tonumber(redis.call('HGET', ARGV[at], 'inDoubtCredits') or '0')
    local free = tonumber(ARGV[at + 3]) - spent - doubtful + rounding
    if free < each then never = 1 end
    free = free - tonumber(redis.call('HGET', ARGV[at + 2], 'credits') or '0')
    local reserved = redis.call('HGETALL', ARGV[at + 1])
    for index = 1, #reserved, 2 do
      local holder = reserved[index]
      if holder ~= ARGV[1] and redis.call('EXISTS', ARGV[4] .. holder) == 0 then
        redis.call('HDEL', ARGV[at + 1], holder)
      else
        free = free - tonumber(reserved[index + 1])
      end
    end
    times = math.min(times, math.floor(free / each))
  end
end
if times < 1 then return { 0, never } end
for at = 6, #ARGV, 4 do
  redis.call('HINCRBYFLOAT', ARGV[at + 1], ARGV[1], tostring(times * each))
end
return { times, 0 }
`);

/** ARGV: process, credits, rounding; then the keys of what is reserved. */
const releaseScript = script(`
for at = 4, #ARGV do
  local left = tonumber(redis.call('HGET', ARGV[at], ARGV[1]) or '0') - tonumber(ARGV[2])
  if left > tonumber(ARGV[3]) then redis.call('HSET', ARGV[at], ARGV[1], tostring(left))
  else redis.call('HDEL', ARGV[at], ARGV[1]) end
end
`);

/** `held`: what outlives this process, see `HELD`. */
export function createReservations(redis: Redis, self: string, held: Counters): Reservations {
  const reservedKey = (account: CreditAccount) => `${KEY_PREFIX}reserved:${accountName(account)}`;
  return {
    async reserve(accounts, each, most) {
      const keys = accounts.flatMap((account) => [
        `${KEY_PREFIX}${account.counters}:${account.key}`,
        reservedKey(account),
        `${KEY_PREFIX}${HELD}:${accountName(account)}`,
        account.limit ?? '',
      ]);
      const answer = await reserveScript(redis, [], self, each, most, ALIVE, ROUNDING, ...keys);
      const [times = 0, never = 0] = answer as number[];
      return { times, never: never === 1 };
    },
    async release(accounts, credits) {
      if (credits <= 0 || accounts.length === 0) return;
      await releaseScript(redis, [], self, credits, ROUNDING, ...accounts.map(reservedKey));
    },
    hold: (accounts, credits) => holdIn(held, accounts, credits),
  };
}
