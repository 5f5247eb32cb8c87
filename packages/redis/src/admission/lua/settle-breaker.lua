-- What a call says about its endpoint's breaker. Prelude of settle.lua; the same rules as breaker/breaker.ts and breaker/ejection.ts of
-- @sluice/resilience. `a` is the settlement, with now; `s` the endpoint's settings; `rules` those of its breaker, if it has one.
local SHARE_OF_WINDOW = 1 / 6      -- without a success this is enough, if the minimum of calls failed in it

-- At most half of a pool is ejected, unless the endpoint answers nobody.
local function mayTrip(a, s, e, isDead)
  if e.rest.forced then return false end
  if isDead or #a.pool < 2 then return true end
  local others = 0
  for _, name in ipairs(a.pool) do
    if name ~= s.name and shownBreaker(loadEndpoint(redis.call('GET', P .. 'endpoint:' .. name))) ~= 'closed' then others = others + 1 end
  end
  return others + 1 <= math.floor(#a.pool / 2)
end

local function countsOf(calls, failures, slow)
  return calls .. ',' .. failures .. ',' .. slow
end

local function trip(a, s, e, counts)
  local rules, trips = s.breaker, e.rest.trips or 0
  open(s.name, e, a.now + math.min(rules.maxOpenMs, rules.openMs * 2 ^ trips), trips + 1, nil, a.now, counts)
end

local function isSick(rules, calls, failures, slow, thinCalls, thinFailures)
  if calls < rules.minimumCalls then return thinFailures >= rules.thinFailures and thinFailures * 2 >= thinCalls end
  return failures >= calls * rules.failureRate or rules.slowCallMs and slow >= calls * rules.slowCallRate
end

local function recordClosed(a, s, e, isFailure, isSlow)
  e.calls = e.calls + 1
  e.failures = e.failures + (isFailure and 1 or 0)
  e.slow = e.slow + (isSlow and 1 or 0)
  e.failuresInARow = isFailure and e.failuresInARow + 1 or 0
  e.goodAt = isFailure and e.goodAt or a.now
  local rules = s.breaker
  if not rules or not (isFailure or isSlow) then return end      -- only bad news can open it
  local calls, failures, slow = e.windowCalls + e.calls, e.windowFailures + e.failures, e.windowSlow + e.slow
  local thinCalls, thinFailures = e.thinCalls + e.calls, e.thinFailures + e.failures
  if not isSick(rules, calls, failures, slow, thinCalls, thinFailures) then return end
  local withoutSuccess = a.now - e.goodAt
  local hadEnoughCalls = e.failuresInARow >= rules.minimumCalls and withoutSuccess >= rules.windowMs * SHARE_OF_WINDOW
  local isDead = hadEnoughCalls or withoutSuccess >= rules.windowMs
  if not mayTrip(a, s, e, isDead) then return end
  if calls < rules.minimumCalls then calls, failures = thinCalls, thinFailures end
  trip(a, s, e, countsOf(calls, failures, slow))
end

-- A failed probe opens it again at once, unless it may not open: then all probes are heard, and one good one lets it close.
local function recordProbe(a, s, e, isFailure, isSlow)
  local rules = s.breaker
  if isFailure then e.rest.probeFailures = e.rest.probeFailures + 1
  else e.rest.successes, e.rest.slowSuccesses = e.rest.successes + 1, e.rest.slowSuccesses + (isSlow and 1 or 0) end
  local probes = e.rest.successes + e.rest.probeFailures
  local counts = countsOf(probes, e.rest.probeFailures, e.rest.slowSuccesses)
  if isFailure and mayTrip(a, s, e, false) then return trip(a, s, e, counts) end
  if probes < rules.probes then return end
  local sick = e.rest.probeFailures > 0 or e.rest.slowSuccesses >= e.rest.successes * rules.slowCallRate
  if sick and mayTrip(a, s, e, e.rest.successes == 0) then trip(a, s, e, counts) else close(s.name, e, nil, a.now, counts) end
end

-- Counts a call of the present generation.
local function recordCall(a, s, e)
  local rules, isFailure = s.breaker, a.outcome == 'failure'
  local isSlow = rules and rules.slowCallMs and a.latencyMs > rules.slowCallMs
  if not rules and e.rest.state then close(s.name, e, nil, a.now) end
  if not e.rest.state then recordClosed(a, s, e, isFailure, isSlow)
  elseif e.rest.state == 'half_open' then recordProbe(a, s, e, isFailure, isSlow) end
end
