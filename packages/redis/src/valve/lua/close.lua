-- Closes a route: BullMQ's workers fetch nothing while its limiter key holds at least as much as their limiter allows.
--
-- KEYS  1 limiter
-- ARGV  1 for how long, in ms  2 what the key must hold  3 '1' when a longer time replaces the present one
-- Returns for how long it is closed from now on, in ms.
local limiter, forMs, count, extend = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'

local isClosed = tonumber(redis.call('GET', limiter) or 0) >= tonumber(count)
local left = isClosed and redis.call('PTTL', limiter) or 0
if left > 0 and (not extend or left >= forMs) then return left end
redis.call('SET', limiter, count, 'PX', forMs)
return forMs
