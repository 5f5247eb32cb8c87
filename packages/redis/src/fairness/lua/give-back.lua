-- Gives a flow back the step of an entry that is about to be removed from the line.
--
-- KEYS  1 prioritized  2 fair  3 the entry
-- ARGV  1 id
-- Returns 1, or 0 when the entry does not stand in line.
local prioritized, fair, entry = unpack(KEYS)

local score = redis.call('ZSCORE', prioritized, ARGV[1])
if not score or tonumber(score) < FIRST * PER_STAMP then return 0 end
local isList, list = pcall(cjson.decode, redis.call('HGET', entry, 'data') or '')
if not isList or type(list) ~= 'table' or not list[3] then return 0 end
local flow, step = list[1], list[2]
redis.call('ZADD', fair, 'XX', 'INCR', -step, flow)
return 1
