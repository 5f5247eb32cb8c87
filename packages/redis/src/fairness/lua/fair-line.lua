-- What the scripts of this folder share: the line of a queue in start-time fair order (Goyal, Vin, Cheng, SIGCOMM 1996).
--
-- Virtual time is counted in thousandths of a stamp and never goes back. An entry's stamp, which is its BullMQ priority, is its
-- start time in whole stamps counted from a base, since BullMQ orders no priority above a ceiling. When virtual time has come
-- too far from the base, entries are moved to the next base, a few at a time, the lowest first. The entry itself holds its
-- start time, so that what had to be stamped with the ceiling finds its place then.
--
--   fair         sorted set: virtual time as 'V', and the finish time of each flow (whose share is used: a class and a tenant)
--   fair-base    hash: base, and while entries are moved: next, the score of the last one moved (cursor), and the latest start
--                among those moved (reached): what starts before that belongs to the next base already
--   prioritized  BullMQ's sorted set: stamp * 2^32 + a counter. Stamp 1 is of entries that were handed back, 2 of those whose
--                set time has come and which have no place in line yet
--   <id>         BullMQ's hash of an entry; its data is [flow, step, start], without a start as long as it has no place in line
local UNIT, FIRST, PER_STAMP = 1000, 3, 0x100000000

local function stampAt(line, time, base)
  return math.max(FIRST, math.min(math.floor(time / UNIT) - base + FIRST, line.ceiling))
end

-- The lowest stamp that waits in line.
local function headOf(prioritized)
  local head = redis.call('ZRANGEBYSCORE', prioritized, FIRST * PER_STAMP, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  return head[2] and math.floor(tonumber(head[2]) / PER_STAMP)
end

-- Opens the line to give entries a place in it. When nobody stands in it all flows start anew.
local function openLine(prioritized, fair, fairBase, ceiling)
  local stored = redis.call('HMGET', fairBase, 'base', 'next', 'reached')
  local line = {
    fair = fair,
    ceiling = ceiling,
    now = tonumber(redis.call('ZSCORE', fair, 'V') or 0),
    base = tonumber(stored[1]),
    next = tonumber(stored[2]),
    reached = tonumber(stored[3]),
    finishes = {},
  }
  line.head = headOf(prioritized)
  local isNew = not (line.head and line.base)
  if isNew then line.base, line.next = math.floor(line.now / UNIT) - ((line.head or FIRST) - FIRST), nil end
  -- A full Redis refuses a script at its first write, if that is one which needs memory, and nothing after it.
  redis.call('HSET', fairBase, 'base', line.base)
  if isNew then
    redis.call('HDEL', fairBase, 'next', 'cursor', 'reached')
    redis.call('DEL', fair)
    redis.call('ZADD', fair, line.now, 'V')
  else
    redis.call('ZREMRANGEBYSCORE', fair, '-inf', string.format('(%.0f', line.now))
  end
  return line
end

-- Where the flow's next entry starts; the one after it starts a step later. Kept by saveLine.
local function charge(line, flow, step)
  local finish = line.finishes[flow] or tonumber(redis.call('ZSCORE', line.fair, flow) or 0)
  local start = math.max(line.now, finish)
  line.finishes[flow] = start + step
  return start
end

local function stampOf(line, start)
  local isMoved = line.next and math.floor(start / UNIT) < math.floor(line.reached / UNIT)
  return stampAt(line, start, isMoved and line.next or line.base)
end

local function saveLine(line)
  for flow, finish in pairs(line.finishes) do redis.call('ZADD', line.fair, finish, flow) end
end

local function dataOf(flow, step, start)
  return string.format('[%s,%.0f,%.0f]', cjson.encode(flow), step, start)
end
