-- Takes a count of a tenant's jobs over, unless a later one is known.
--
-- KEYS  1 places, as in admit.lua
-- ARGV  jobs in line, settled when the count began
local mark = tonumber(redis.call('HGET', KEYS[1], 'mark') or 0)
local settled = tonumber(redis.call('HGET', KEYS[1], 'settled') or 0)
local own = tonumber(ARGV[2])
-- More than was ever settled: the hash was lost since, and what it has now began after.
if own > settled then own = 0 end
if own < mark then return 0 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'base', ARGV[1], 'mark', own, 'countedAt', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('PEXPIRE', KEYS[1], 3600000)
return 1
