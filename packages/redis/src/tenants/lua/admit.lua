-- Takes requests, and if those are possible, places for jobs.
--
-- KEYS  1 requests: a hash of the second (since the epoch) -> requests taken in it; the last 61 count
--       2 places: a hash of base, mark, settled, countedAt, and p:<slot of 10 s> -> places under way
-- ARGV  requests a minute (0: no limit), requests, queued jobs (0: no limit), places, milliseconds for which a count is fresh,
--       slots for which places under way are kept
-- Returns {allowed 0|1, remaining, reset ms, retry ms, places: 0 none | 1 granted | 2 full | 3 full, count due | 4 unknown,
--          remaining places, settled, slot}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local perMinute, requests = tonumber(ARGV[1]), tonumber(ARGV[2])
local maxQueued, jobs = tonumber(ARGV[3]), tonumber(ARGV[4])
local windowSlots = 61

local function takeRequests()
  local second = math.floor(now / 1000)
  local taken, oldest, counts, seconds, gone = 0, nil, {}, {}, {}
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local slot, count = tonumber(all[i]), tonumber(all[i + 1])
    if slot <= second - windowSlots then
      gone[#gone + 1] = all[i]
    else
      taken, counts[slot], seconds[#seconds + 1] = taken + count, count, slot
      if oldest == nil or slot < oldest then oldest = slot end
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
  local leavesIn = function(slot) return (slot + windowSlots) * 1000 - now end
  local room = perMinute - taken
  if requests <= room then
    redis.call('HINCRBY', KEYS[1], second, requests)
    redis.call('PEXPIRE', KEYS[1], (windowSlots + 1) * 1000)
    return { 1, room - requests, leavesIn(oldest or second), 0 }
  end
  table.sort(seconds)
  local retry = windowSlots * 1000
  for _, slot in ipairs(seconds) do
    room = room + counts[slot]
    if room >= requests then
      retry = leavesIn(slot)
      break
    end
  end
  return { 0, math.max(0, perMinute - taken), leavesIn(oldest or second), math.max(1, retry) }
end

local function takePlaces()
  local slot = math.floor(now / 10000)
  local known, underWay, gone = {}, 0, {}
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local of = tonumber(string.match(all[i], '^p:(%d+)$'))
    if of == nil then
      known[all[i]] = tonumber(all[i + 1])
    elseif of <= slot - tonumber(ARGV[6]) then
      gone[#gone + 1] = all[i]
    else
      underWay = underWay + tonumber(all[i + 1])
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[2], unpack(gone)) end
  local settled = known.settled or 0
  if known.base == nil then return { 4, 0, settled, slot } end
  local free = maxQueued - (known.base + settled - (known.mark or 0) + underWay)
  if free < jobs then
    local isFresh = now - (known.countedAt or 0) < tonumber(ARGV[5])
    return { isFresh and 2 or 3, math.max(0, free), settled, slot }
  end
  redis.call('HINCRBY', KEYS[2], 'p:' .. slot, jobs)
  redis.call('PEXPIRE', KEYS[2], 3600000)
  return { 1, free - jobs, settled, slot }
end

local taken = { 1, -1, 0, 0 }
if perMinute > 0 and requests > 0 then taken = takeRequests() end
local places = { 0, 0, 0, 0 }
if taken[1] == 1 and maxQueued > 0 and jobs > 0 then places = takePlaces() end
return { taken[1], taken[2], taken[3], taken[4], places[1], places[2], places[3], places[4] }
