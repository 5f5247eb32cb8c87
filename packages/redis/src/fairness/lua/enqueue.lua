-- Adds entries to the queue, each with its stamp, and leaves alone those that are there in whatever state: they keep their
-- place and cost their flow nothing. Writes what BullMQ's addPrioritizedJob writes, save the events that nobody reads.
--
-- KEYS  1 prioritized  2 pc  3 marker  4 fair  5 fair-base
-- ARGV  1 prefix of the queue's keys  2 now in ms  3 ceiling of stamps, then for each entry: id, flow, step
-- Returns how many were added.
local prioritized, counter, marker, fair, fairBase = unpack(KEYS)
local prefix, now, ceiling = ARGV[1], ARGV[2], tonumber(ARGV[3])

local line
local added = 0
for at = 4, #ARGV, 3 do
  local id, flow, step = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  if redis.call('EXISTS', prefix .. id) == 0 then
    line = line or openLine(prioritized, fair, fairBase, ceiling)
    local start = charge(line, flow, step)
    local stamp = stampOf(line, start)
    redis.call('HSET', prefix .. id, 'name', 'run', 'data', dataOf(flow, step, start), 'opts', '{}', 'timestamp', now,
      'delay', 0, 'priority', stamp)
    redis.call('ZADD', prioritized, stamp * PER_STAMP + redis.call('INCR', counter) % PER_STAMP, id)
    added = added + 1
  end
end
if line then
  saveLine(line)
  redis.call('ZADD', marker, 0, '0')
end
return added
