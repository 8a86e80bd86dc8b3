import type { Redis } from 'ioredis';
import type { Counters, CreditAccount, Reservations } from '../../ports.ts';
import { KEY_PREFIX } from './connection.ts';
import { ALIVE } from './processes.ts';

/** Reservations of a process stand under its name, those that outlive it under this one. */
const HELD = 'held';

/** Adding fractions leaves something behind; Apollo's credits have four decimals at most. */
const ROUNDING = '0.00001';

/**
 * ARGV: process, each, most, prefix of the keys of living processes, rounding; then per account the key of
 * what is spent, that of what is reserved, and the limit ('' none). Gives times, and 1 for never.
 */
const RESERVE_SCRIPT = `
local times, never = tonumber(ARGV[3]), 0
local each, rounding = tonumber(ARGV[2]), tonumber(ARGV[5])
for at = 6, #ARGV, 3 do
  if ARGV[at + 2] ~= '' then
    local spent = tonumber(redis.call('HGET', ARGV[at], 'credits') or '0')
    local doubtful = tonumber(redis.call('HGET', ARGV[at], 'inDoubtCredits') or '0')
    local free = tonumber(ARGV[at + 2]) - spent - doubtful + rounding
    if free < each then never = 1 end
    local reserved = redis.call('HGETALL', ARGV[at + 1])
    for index = 1, #reserved, 2 do
      local holder = reserved[index]
      if holder ~= '${HELD}' and holder ~= ARGV[1] and redis.call('EXISTS', ARGV[4] .. holder) == 0 then
        redis.call('HDEL', ARGV[at + 1], holder)
      else
        free = free - tonumber(reserved[index + 1])
      end
    end
    times = math.min(times, math.floor(free / each))
  end
end
if times < 1 then return { 0, never } end
for at = 6, #ARGV, 3 do
  redis.call('HINCRBYFLOAT', ARGV[at + 1], ARGV[1], tostring(times * each))
end
return { times, 0 }
`;

/** ARGV: process, credits, rounding; then the keys of what is reserved. */
const RELEASE_SCRIPT = `
for at = 4, #ARGV do
  local left = tonumber(redis.call('HGET', ARGV[at], ARGV[1]) or '0') - tonumber(ARGV[2])
  if left > tonumber(ARGV[3]) then redis.call('HSET', ARGV[at], ARGV[1], tostring(left))
  else redis.call('HDEL', ARGV[at], ARGV[1]) end
end
`;

/** `held`: the counters that outlive this process. */
export function createReservations(redis: Redis, self: string, held: Counters): Reservations {
  const nameOf = ({ counters, key }: CreditAccount) => `${counters}/${key}`;
  const reservedKey = (account: CreditAccount) => `${KEY_PREFIX}reserved:${nameOf(account)}`;
  return {
    async reserve(accounts, each, most) {
      const keys = accounts.flatMap((account) => [
        `${KEY_PREFIX}${account.counters}:${account.key}`,
        reservedKey(account),
        account.limit ?? '',
      ]);
      const answer = await redis.eval(RESERVE_SCRIPT, 0, self, each, most, ALIVE, ROUNDING, ...keys);
      const [times = 0, never = 0] = answer as number[];
      return { times, never: never === 1 };
    },
    async release(accounts, credits) {
      if (credits <= 0 || accounts.length === 0) return;
      await redis.eval(RELEASE_SCRIPT, 0, self, credits, ROUNDING, ...accounts.map(reservedKey));
    },
    async hold(accounts, credits) {
      for (const account of accounts) await held.add(nameOf(account), { [HELD]: credits });
    },
  };
}

/** The counters that {@link createReservations} holds credits in. */
export const RESERVED = 'reserved';
