import { scriptOnce } from './once.ts';

/**
 * Makes all writes of a transaction, or none, under locks that are still ours. One command instead of MULTI … EXEC, so
 * that a connection that breaks in between leaves nothing half sent. Gives `done` or `lock lost`.
 *
 * Number of locks, per lock its key and our token, then six per write: what, key, value or field, ms to live or amount
 * ('' none), index, member of the index.
 */
export const writeAll = scriptOnce(`
local at = 2
for _ = 1, tonumber(argv[1]) do
  if redis.call('GET', argv[at]) ~= argv[at + 1] then return 'lock lost', true end
  at = at + 2
end
while at <= #argv do
  local what, key, value, extra, index, member = argv[at], argv[at + 1], argv[at + 2], argv[at + 3], argv[at + 4], argv[at + 5]
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
