-- Notes that the queues were refilled, if they kept their memory and nobody else began to refill them since.
--
-- KEYS  1 incarnation  2 refilling
-- ARGV  1 the mark that this refill has set
-- Returns 1 when it was noted, else 0.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1
