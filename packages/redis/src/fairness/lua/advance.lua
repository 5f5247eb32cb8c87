-- Takes note that a worker fetched an entry: virtual time is now at least its start. Where that is far from the base, entries
-- are moved to the next base, a bounded number at each call; calls may come from any worker at any time.
--
-- KEYS  1 prioritized  2 fair  3 fair-base
-- ARGV  1 prefix of the queue's keys  2 the entry's start  3 ceiling of stamps  4 how many entries to move at most
-- Returns 1 when there are more to move, otherwise 0.
local prioritized, fair, fairBase = unpack(KEYS)
local prefix, start, ceiling, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

redis.call('ZADD', fair, 'GT', start, 'V')
local stored = redis.call('HMGET', fairBase, 'base', 'next', 'cursor', 'reached')
local base, next, cursor, reached = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3]), tonumber(stored[4])
if not base then return 0 end
if not next then
  local time = math.floor(tonumber(start) / UNIT)
  if time - base < math.floor(ceiling / 2) then return 0 end
  next, cursor, reached = time, FIRST * PER_STAMP - 1, 0
end

local function startOf(id, score)
  local isList, list = pcall(cjson.decode, redis.call('HGET', prefix .. id, 'data') or '')
  local known = isList and type(list) == 'table' and tonumber(list[3])
  return known or (math.floor(score / PER_STAMP) - FIRST + base) * UNIT
end

local waiting = redis.call('ZRANGEBYSCORE', prioritized, string.format('(%.0f', cursor), '+inf', 'WITHSCORES', 'LIMIT', 0, most)
local line = { ceiling = ceiling }
for at = 1, #waiting, 2 do
  local id, score = waiting[at], tonumber(waiting[at + 1])
  local time = startOf(id, score)
  redis.call('ZADD', prioritized, stampAt(line, time, next) * PER_STAMP + score % PER_STAMP, id)
  cursor, reached = score, math.max(reached, time)
end
if #waiting < 2 * most then
  redis.call('HSET', fairBase, 'base', next)
  redis.call('HDEL', fairBase, 'next', 'cursor', 'reached')
  return 0
end
redis.call('HSET', fairBase, 'next', next, 'cursor', string.format('%.0f', cursor), 'reached', string.format('%.0f', reached))
return 1
