-- Decides about an entry whose set time has come, when a worker has fetched it for the first time: it goes on when nothing in
-- line stands before it, and gets its place in line otherwise. Then it leaves the worker as with BullMQ's
-- moveJobFromActiveToWait.
--
-- KEYS  1 prioritized  2 pc  3 marker  4 fair  5 fair-base  6 active  7 stalled
-- ARGV  1 prefix of the queue's keys  2 id  3 the worker's lock token  4 flow  5 step  6 ceiling of stamps
-- Returns 1: it goes on; 0: it stands in line; -1: the lock is not this worker's, and nothing was done.
local prioritized, counter, marker, fair, fairBase, active, stalled = unpack(KEYS)
local prefix, id, token, flow, step, ceiling = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])

local key = prefix .. id
if redis.call('GET', key .. ':lock') ~= token then return -1 end
local line = openLine(prioritized, fair, fairBase, ceiling)
local start = charge(line, flow, step)
local stamp = stampOf(line, start)
saveLine(line)
if not line.head or stamp < line.head then
  redis.call('ZADD', fair, 'GT', start, 'V')
  return 1
end
redis.call('DEL', key .. ':lock')
redis.call('SREM', stalled, id)
redis.call('LREM', active, -1, id)
redis.call('HSET', key, 'data', dataOf(flow, step, start), 'priority', stamp)
redis.call('ZADD', prioritized, stamp * PER_STAMP + redis.call('INCR', counter) % PER_STAMP, id)
redis.call('ZADD', marker, 0, '0')
return 0
