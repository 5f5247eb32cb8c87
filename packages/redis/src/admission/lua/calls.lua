-- An endpoint's calls by second, and what its breaker makes of them. Prelude, after endpoint.lua; the same rules as breaker/ of
-- @sluice/resilience.
local WINDOW, THIN_WINDOW = 30000, 60000      -- where no breaker is configured

local function forgetCalls(name, e)
  redis.call('DEL', P .. 'calls:' .. name)
  e.calls, e.failures, e.slow, e.failuresInARow, e.goodAt = 0, 0, 0, 0, nil
  e.windowCalls, e.windowFailures, e.windowSlow, e.thinCalls, e.thinFailures = 0, 0, 0, 0, 0
end

local function open(name, e, untilMs, trips, by, now, counts)
  e.rest.since = e.rest.state and e.rest.since or now
  e.rest.state, e.rest.openUntil, e.rest.trips = 'open', untilMs, trips
  e.rest.successes, e.rest.slowSuccesses, e.rest.probeFailures = nil, nil, nil
  forgetCalls(name, e)
  changed(name, e, by, now, counts)
end

local function close(name, e, by, now, counts)
  e.rest.state, e.rest.openUntil, e.rest.since, e.rest.trips = nil, nil, nil, nil
  e.rest.successes, e.rest.slowSuccesses, e.rest.probeFailures = nil, nil, nil
  forgetCalls(name, e)
  changed(name, e, by, now, counts)
end

local function seconds(ms)
  return math.ceil(ms / 1000)
end

-- The counts of the seconds before the present one, as { windowCalls, windowFailures, windowSlow, thinCalls, thinFailures }, and
-- the seconds that are too old to count.
local function pastCalls(name, second, windowMs, thinMs)
  local flat = redis.call('HGETALL', P .. 'calls:' .. name)
  local windowFrom, thinFrom = second - seconds(windowMs), second - seconds(thinMs)
  local calls, failures, slow, thinCalls, thinFailures, old = 0, 0, 0, 0, 0, {}
  for i = 1, #flat, 2 do
    local at = tonumber(flat[i])
    local n, f, s = string.match(flat[i + 1], '(%d+) (%d+) (%d+)')
    if at > windowFrom then calls, failures, slow = calls + n, failures + f, slow + s end
    if at > thinFrom then thinCalls, thinFailures = thinCalls + n, thinFailures + f end
    if at <= windowFrom and at <= thinFrom then old[#old + 1] = flat[i] end
  end
  return calls, failures, slow, thinCalls, thinFailures, old
end

-- Moves on to the present second; returns whether it did. The sums are made anew once a second, so that nothing can drift.
local function rollCalls(name, e, windowMs, thinMs, now)
  local second = math.floor(now / 1000)
  if second <= e.second then return false end
  local key = P .. 'calls:' .. name
  if e.calls > 0 then redis.call('HSET', key, e.second, e.calls .. ' ' .. e.failures .. ' ' .. e.slow) end
  local old
  e.second, e.calls, e.failures, e.slow = second, 0, 0, 0
  e.windowCalls, e.windowFailures, e.windowSlow, e.thinCalls, e.thinFailures, old = pastCalls(name, second, windowMs, thinMs)
  if #old > 0 then redis.call('HDEL', key, unpack(old)) end
  redis.call('PEXPIRE', key, math.max(windowMs, thinMs) + DAY)
  return true
end
