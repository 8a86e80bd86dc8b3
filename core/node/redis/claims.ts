import type { Claims } from '../../ports.ts';
import type { RedisClient } from './client.ts';
import { type RedisConnection, unlessRefused } from './connection.ts';
import { KEY_PREFIX } from './prefix.ts';
import { ALIVE } from './processes.ts';
import { script } from './script.ts';

const CLAIMS = `${KEY_PREFIX}claims`;
/** Names asked for in one command, so that no command keeps Redis busy for long. */
const GROUPS_AT_ONCE = 500;

/** ARGV: the hash of claims, process, prefix of living processes' keys; then per group how many names, and these. */
const take = script(`
local taken, at = {}, 4
while at <= #ARGV do
  local count, free = tonumber(ARGV[at]), 1
  for index = at + 1, at + count do
    local holder = redis.call('HGET', ARGV[1], ARGV[index])
    if holder and holder ~= ARGV[2] and redis.call('EXISTS', ARGV[3] .. holder) == 1 then free = 0 end
  end
  if free == 1 then
    for index = at + 1, at + count do redis.call('HSET', ARGV[1], ARGV[index], ARGV[2]) end
  end
  taken[#taken + 1] = free
  at = at + count + 1
end
return taken
`);

/** ARGV: the hash of claims, process; then names. */
const release = script(`
for at = 3, #ARGV do
  if redis.call('HGET', ARGV[1], ARGV[at]) == ARGV[2] then redis.call('HDEL', ARGV[1], ARGV[at]) end
end
`);

/** Claims in one hash; that of a process whose sign of life is gone counts for nothing. */
export function createClaims({ client, address }: RedisConnection, self: string): Claims {
  return {
    async take(groups) {
      const taken: boolean[] = [];
      for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
        const names = groups
          .slice(start, start + GROUPS_AT_ONCE)
          .flatMap((group) => [group.length, ...group]);
        const answer = await unlessRefused(address, () => take(client, [], CLAIMS, self, ALIVE, ...names));
        taken.push(...(answer as number[]).map((free) => free === 1));
      }
      return taken;
    },
    async areHeld(groups) {
      const names = groups.flat();
      if (names.length === 0) return groups.map(() => true);
      const holders = await unlessRefused(address, () => client.hmGet(CLAIMS, names));
      const held = new Set(names.filter((_, index) => holders[index] === self));
      return groups.map((group) => group.every((name) => held.has(name)));
    },
    async release(names) {
      if (names.length > 0) await unlessRefused(address, () => release(client, [], CLAIMS, self, ...names));
    },
  };
}

/** Removes what processes that died had claimed: it is void already, and only takes room. */
export async function sweepClaims(redis: RedisClient, isLost: (process: string) => boolean): Promise<void> {
  let cursor = '0';
  do {
    const page = await redis.hScan(CLAIMS, cursor, { COUNT: 500 });
    cursor = page.cursor;
    for (const { field: name, value: holder } of page.entries) {
      if (isLost(holder)) await release(redis, [], CLAIMS, holder, name);
    }
  } while (cursor !== '0');
}
