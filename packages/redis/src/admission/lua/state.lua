-- What is known of endpoints. Changes nothing.
-- ARGV[1]   JSON { endpoints: [ { name, limitGroup, credential, windowMs, thinWindowMs } ], now? }
-- Returns   for each endpoint { now, breaker, forced | '', openUntil | -1, trips, calls, failures, slow, latencyMs | -1, inFlight,
--           concurrencyCap | -1, requests limit | -1, requests used, tokens limit | -1, tokens used, pausedUntil | -1,
--           disabled reason | '', since, until, history: [ "ms state calls,failures,slow by" ] }
local a = cjson.decode(ARGV[1])
local now = clock(a.now)

local function counts(s, e)
  local second = math.max(math.floor(now / 1000), e.second)
  local windowFrom = second - seconds(s.windowMs)
  local calls, failures, slow = 0, 0, 0
  if second > e.second then calls, failures, slow = pastCalls(s.name, second, s.windowMs, s.thinWindowMs)
  else calls, failures, slow = e.windowCalls, e.windowFailures, e.windowSlow end
  if e.second > windowFrom then calls, failures, slow = calls + e.calls, failures + e.failures, slow + e.slow end
  return calls, failures, slow
end

local function limits(g)
  local known = setRates(g)
  local requests = smaller(g.configuredRequests, g.reportedRequests)
  if g.rest.learned and not (known and known <= g.rest.learned) then requests = math.floor(g.rest.learned + 0.5) end
  return requests or -1, smaller(g.configuredTokens, g.reportedTokens) or -1
end

local function used(present, before)
  return math.max(0, math.floor(present + before * (1 - (now % 60000) / 60000) + 0.5))
end

local rows = {}
for i, s in ipairs(a.endpoints) do
  local raw = redis.call('MGET', P .. 'endpoint:' .. s.name, P .. 'group:' .. s.limitGroup, P .. 'credential:' .. s.credential)
  local e, g, c = loadEndpoint(raw[1]), loadGroup(raw[2], now), loadCredential(raw[3]) or {}
  local calls, failures, slow = counts(s, e)
  local requestsLimit, tokensLimit = limits(g)
  rollMinute(g, now)
  rows[i] = {
    now, shownBreaker(e), e.rest.forced or '', not e.rest.forced and e.rest.state == 'open' and math.floor(e.rest.openUntil) or -1, e.rest.trips or 0, calls, failures, slow,
    e.latency and math.floor(e.latency + 0.5) or -1, liveLeases(P .. 'leases:' .. s.name, now), capOf(e) or -1,
    requestsLimit, used(g.usedRequests, g.usedRequestsBefore), tokensLimit, used(g.usedTokens, g.usedTokensBefore),
    g.rest.pausedUntil and g.rest.pausedUntil > now and math.ceil(g.rest.pausedUntil) or -1, c.reason or '', c.since or -1, c.untilMs and math.ceil(c.untilMs) or -1,
    redis.call('LRANGE', P .. 'history:' .. s.name, 0, -1),
  }
end
return rows
