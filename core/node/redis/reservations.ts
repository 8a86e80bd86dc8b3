import type { Counters, CreditAccount, Reservations } from '../../ports.ts';
import { accountName, HELD, holdIn, ROUNDING } from '../../reservations.ts';
import { type RedisConnection, unlessRefused } from './connection.ts';
import { scriptOnce } from './once.ts';
import { KEY_PREFIX } from './prefix.ts';
import { ALIVE } from './processes.ts';
import { script } from './script.ts';

/** The processes that have set credits aside since they were settled, see `Reservations`. */
const UNSETTLED = `${KEY_PREFIX}unsettled`;

/**
 * Process, each, most, prefix of the keys of living processes, set of those that are not settled, rounding; then per
 * account the key of what is spent, that of what processes reserved, that of what is held whoever dies, and the limit
 * ('' none). Gives times, or `never`.
 */
const reserveScript = scriptOnce(`
local times, never = tonumber(argv[3]), 0
local each, rounding = tonumber(argv[2]), tonumber(argv[6])
for at = 7, #argv, 4 do
  if argv[at + 3] ~= '' then
    local spent = tonumber(redis.call('HGET', argv[at], 'credits') or '0')
    local doubtful = tonumber(redis.call('HGET', argv[at], 'inDoubtCredits') or '0')
    local free = tonumber(argv[at + 3]) - spent - doubtful + rounding
    if free < each then never = 1 end
    free = free - tonumber(redis.call('HGET', argv[at + 2], 'credits') or '0')
    local reserved = redis.call('HGETALL', argv[at + 1])
    for index = 1, #reserved, 2 do
      local holder = reserved[index]
      if holder == argv[1] or redis.call('EXISTS', argv[4] .. holder) == 1
        or redis.call('SISMEMBER', argv[5], holder) == 1 then
        free = free - tonumber(reserved[index + 1])
      else
        redis.call('HDEL', argv[at + 1], holder)
      end
    end
    times = math.min(times, math.floor(free / each))
  end
end
if times < 1 then return never == 1 and 'never' or '0' end
redis.call('SADD', argv[5], argv[1])
for at = 7, #argv, 4 do
  redis.call('HINCRBYFLOAT', argv[at + 1], argv[1], tostring(times * each))
end
return tostring(times)
`);

/** Process, credits, rounding; then the keys of what is reserved. */
const releaseScript = scriptOnce(`
for at = 4, #argv do
  local left = tonumber(redis.call('HGET', argv[at], argv[1]) or '0') - tonumber(argv[2])
  if left > tonumber(argv[3]) then redis.call('HSET', argv[at], argv[1], tostring(left))
  else redis.call('HDEL', argv[at], argv[1]) end
end
return 'done'
`);

/** ARGV: set of processes that are not settled, prefix of the keys of living processes; then processes. */
const settleScript = script(`
for at = 3, #ARGV do
  if redis.call('EXISTS', ARGV[2] .. ARGV[at]) == 0 then redis.call('SREM', ARGV[1], ARGV[at]) end
end
`);

/** `held`: what outlives this process, see `HELD`. */
export function createReservations(
  { client, calls, address }: RedisConnection,
  self: string,
  held: Counters,
): Reservations {
  const reservedKey = (account: CreditAccount) => `${KEY_PREFIX}reserved:${accountName(account)}`;
  return {
    async reserve(accounts, each, most) {
      const keys = accounts.flatMap((account) => [
        `${KEY_PREFIX}${account.counters}:${account.key}`,
        reservedKey(account),
        `${KEY_PREFIX}${HELD}:${accountName(account)}`,
        account.limit ?? '',
      ]);
      const answer = await unlessRefused(address, () =>
        reserveScript(calls, self, each, most, ALIVE, UNSETTLED, ROUNDING, ...keys),
      );
      return answer === 'never' ? { times: 0, never: true } : { times: Number(answer), never: false };
    },
    async release(accounts, credits) {
      if (credits <= 0 || accounts.length === 0) return;
      await unlessRefused(address, () =>
        releaseScript(calls, self, credits, ROUNDING, ...accounts.map(reservedKey)),
      );
    },
    unsettled: () => unlessRefused(address, () => client.sMembers(UNSETTLED)),
    async settle(processes) {
      if (processes.length === 0) return;
      await unlessRefused(address, () => settleScript(client, [], UNSETTLED, ALIVE, ...processes));
    },
    hold: (accounts, credits) => holdIn(held, accounts, credits),
  };
}
