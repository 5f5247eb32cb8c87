-- Gives back a call's place and takes in what it says about its endpoint, its allowance and its credential. One round trip,
-- idempotent by lease.
-- ARGV[1]   JSON { lease, route, pool: [names], generation, outcome: 'success' | 'failure' | 'ignore', latencyMs, tokensReserved,
--           tokensUsed?, throttled?, retryAfterMs?, requests?, tokens? (each { limit?, remaining?, resetMs? }, as reported),
--           disable?: 'credential' | 'quota', version, now? }
-- ARGV[2]   JSON { name, limitGroup, credential, requestsPerMinute?, tokensPerMinute?, concurrency?, breaker?: the rules }
-- Returns   { applied 0 | 1, healthy 0 | 1, breaker before, breaker after, pausedMs (0: no new pause), learnedPerMinute (0: no cut),
--           disabledMs (0: not disabled by this), enabled 0 | 1, openMs (0: not opened by this) }
-- Rules     the same as admission/settle.ts of @sluice/resilience
local CAP_CUT, MS_BETWEEN_CAP_CUTS, LATENCY_WEIGHT = 0.7, 1000, 0.2
local FIRST_DISABLE, MAX_DISABLE, MAX_RETRY_AFTER = 30000, 600000, 3600000
local UNBROKEN_FAILURES = 2

local a, s = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local now = clock(a.now)
a.now = now
local windowMs, thinMs = s.breaker and s.breaker.windowMs or WINDOW, s.breaker and s.breaker.thinWindowMs or THIN_WINDOW
local raw = redis.call('MGET', P .. 'endpoint:' .. s.name, P .. 'group:' .. s.limitGroup, P .. 'credential:' .. s.credential)
local e = loadEndpoint(raw[1])
local before = shownBreaker(e)
local leases = P .. 'leases:' .. s.name
local isApplied = redis.call('ZREM', leases, a.lease) == 1
local isFresh = a.generation == tostring(e.generation)
if rollCalls(s.name, e, windowMs, thinMs, now) then tidyLeases(leases, now, now) end

-- At least half of the other recent calls were good, and one of the last two; without any nothing speaks against it.
local calls, failures = e.windowCalls + e.calls, e.windowFailures + e.failures
if thinMs > windowMs then calls, failures = e.thinCalls + e.calls, e.thinFailures + e.failures end
local wasGood = failures * 2 <= calls and e.failuresInARow < UNBROKEN_FAILURES

local function outcome(pausedMs, learned, disabledMs, isEnabled)
  local after = shownBreaker(e)
  local isClosed = after == 'closed' or not s.breaker and not e.rest.forced
  local openMs = before ~= 'open' and after == 'open' and math.ceil(e.rest.openUntil - now) or 0
  return { isApplied and 1 or 0, isFresh and isClosed and wasGood and 1 or 0, before, after, math.ceil(pausedMs), math.floor(learned + 0.5),
    math.ceil(disabledMs), isEnabled and 1 or 0, openMs }
end

-- Calls that were under way when it was disabled do not count; afterwards only the probe's word does. Returns for how long it is
-- disabled by this, and whether it is enabled again.
local function settleCredential()
  local c = loadCredential(raw[3])
  if a.disable then
    if c and now < c.untilMs and c.probeLease ~= a.lease then return 0, false end
    local times = (c and c.times or 0) + 1
    local ms = math.max(math.min(FIRST_DISABLE * 2 ^ (times - 1), MAX_DISABLE), math.min(a.retryAfterMs or 0, MAX_RETRY_AFTER))
    saveCredential(s.credential, { reason = a.disable, since = c and c.since or now, untilMs = now + ms, times = times }, now)
    return ms, false
  end
  if not c or c.probeLease ~= a.lease then return 0, false end
  local isEnabled = a.outcome == 'success' or a.throttled
  c.probeLease, c.probeUntil = nil, nil
  saveCredential(s.credential, not isEnabled and c, now)
  return 0, isEnabled
end

-- Additive increase while at least half of the cap is used, multiplicative decrease.
local function moveCap()
  if not e.concurrency then return end
  if a.throttled then
    local cutAt = e.rest.capCutAt or 0
    if now - a.latencyMs < cutAt or now - cutAt < MS_BETWEEN_CAP_CUTS then return end
    e.rest.cap, e.rest.capCutAt = math.max(1, math.min(e.concurrency, e.rest.cap or e.concurrency) * CAP_CUT), now
  elseif e.rest.cap and a.outcome == 'success' and (liveLeases(leases, now) + 1) * 2 >= e.rest.cap then
    local grown = e.rest.cap + 1 / e.rest.cap
    e.rest.cap = grown < e.concurrency and grown or nil
  end
end

local function noteLatency()
  e.latency = e.latency and e.latency + LATENCY_WEIGHT * (a.latencyMs - e.latency) or a.latencyMs
  e.latencyAt = now
end

if not isApplied then
  saveEndpoint(s.name, e)
  return outcome(0, 0, 0, false)
end
redis.call('ZREM', P .. 'retries:' .. a.route, a.lease)
if e.rest.state == 'half_open' then redis.call('ZREM', P .. 'probes:' .. s.name, a.lease) end

local g = loadGroup(raw[2], now)
configureGroup(g, a.version, s.requestsPerMinute, s.tokensPerMinute, now)
local pausedMs, learned = settleGroup(g, a)
saveGroup(s.limitGroup, g, now)

local disabledMs, isEnabled = settleCredential()
configureConcurrency(e, a.version, s.concurrency)
moveCap()
if a.outcome == 'success' then noteLatency() end
if isFresh and a.outcome ~= 'ignore' then recordCall(a, s, e) end
saveEndpoint(s.name, e)
return outcome(pausedMs, learned, disabledMs, isEnabled)
