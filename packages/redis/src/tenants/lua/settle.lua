-- Tells what became of places. Of a hash that is gone nothing is known, and nothing needs to be.
--
-- KEYS  1 places, as in admit.lua
-- ARGV  slot, places, of which filled
local slot = 'p:' .. ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[1], slot) == 1 and redis.call('HINCRBY', KEYS[1], slot, -ARGV[2]) <= 0 then
  redis.call('HDEL', KEYS[1], slot)
end
if tonumber(ARGV[3]) > 0 then redis.call('HINCRBY', KEYS[1], 'settled', ARGV[3]) end
return 1
