import { script } from './script.ts';

/**
 * Makes all writes of a transaction, or none. One command instead of MULTI … EXEC, so that a connection that
 * breaks in between leaves nothing half sent and the client may send it again: the transaction's id keeps
 * it from being made twice.
 *
 * ARGV: id of the transaction ('' when it may be repeated), number of locks, per lock its key and our token,
 * then six per write: what, key, value or field, ms to live or amount ('' none), index, member of the index.
 */
export const writeAll = script(`
local at = 3
for _ = 1, tonumber(ARGV[2]) do
  if redis.call('GET', ARGV[at]) ~= ARGV[at + 1] then return 'lock lost' end
  at = at + 2
end
if ARGV[1] ~= '' and not redis.call('SET', ARGV[1], '1', 'NX', 'PX', 3600000) then return 'done before' end
while at <= #ARGV do
  local what, key, value, extra, index, member = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  if what == 'set' then
    if extra == '' then redis.call('SET', key, value) else redis.call('SET', key, value, 'PX', extra) end
    if index ~= '' then redis.call('ZADD', index, 0, member) end
  elseif what == 'delete' then
    redis.call('DEL', key)
    if index ~= '' then redis.call('ZREM', index, member) end
  elseif what == 'add' then
    local sum = tonumber(redis.call('HINCRBYFLOAT', key, value, extra))
    if sum < 0.0000005 and sum > -0.0000005 then redis.call('HDEL', key, value) end
  elseif what == 'expire' then
    redis.call('PEXPIRE', key, extra)
  end
  at = at + 6
end
return 'done'
`);

/** One write as the script takes it. */
export type ScriptWrite = readonly [
  what: 'set' | 'delete' | 'add' | 'expire',
  key: string,
  value: string,
  extra: string,
  index: string,
  member: string,
];
