-- The record of an endpoint. Prelude; the same rules as breaker/ and concurrency/ of @sluice/resilience.
-- Fields    generation, failuresInARow, goodAt                 goodAt absent before the first call
--           second, calls, failures, slow                      counts of the present second
--           windowCalls, windowFailures, windowSlow, thinCalls, thinFailures     of the seconds before it, within the windows
--           version, concurrency                               absent: not known, not limited
--           latency, latencyAt, line, reservedLine, reservedUntil
--           rest      { state, openUntil, since, trips, successes, slowSuccesses, probeFailures, forced, cap, capCutAt }
--             state   'open' | 'half_open'; absent: closed     forced   'open' | 'closed'; absent: no     cap   absent: as configured
local ENDPOINT = '>ddddddddddddddddddd'
local HISTORY = 100

local function unpackEndpoint(raw)
  local generation, failuresInARow, goodAt, second, calls, failures, slow, windowCalls, windowFailures, windowSlow, thinCalls, thinFailures, version,
    concurrency, latency, latencyAt, line, reservedLine, reservedUntil, next = struct.unpack(ENDPOINT, raw)
  return {
    generation = generation, failuresInARow = failuresInARow, goodAt = numberOr(goodAt, 0), second = second, calls = calls, failures = failures,
    slow = slow, windowCalls = windowCalls, windowFailures = windowFailures, windowSlow = windowSlow, thinCalls = thinCalls,
    thinFailures = thinFailures, version = numberOr(version, -1), concurrency = numberOr(concurrency, 0), latency = numberOr(latency, -1),
    latencyAt = latencyAt, line = line, reservedLine = reservedLine, reservedUntil = reservedUntil, rest = restOf(raw, next),
  }
end

local function loadEndpoint(raw)
  return raw and unpackEndpoint(raw)
    or { generation = 0, failuresInARow = 0, second = 0, calls = 0, failures = 0, slow = 0, windowCalls = 0, windowFailures = 0, windowSlow = 0,
         thinCalls = 0, thinFailures = 0, latencyAt = 0, line = 0, reservedLine = 0, reservedUntil = 0, rest = {} }
end

local function saveEndpoint(name, e)
  local packed = struct.pack(ENDPOINT, e.generation, e.failuresInARow, e.goodAt or 0, e.second, e.calls, e.failures, e.slow, e.windowCalls,
    e.windowFailures, e.windowSlow, e.thinCalls, e.thinFailures, e.version or -1, e.concurrency or 0, e.latency or -1, e.latencyAt, e.line,
    e.reservedLine, e.reservedUntil)
  if next(e.rest) then packed = packed .. cmsgpack.pack(e.rest) end
  save(P .. 'endpoint:' .. name, packed, not e.rest.forced and DAY)
end

local function shownBreaker(e)
  return e.rest.forced or e.rest.state or 'closed'
end

local function configureConcurrency(e, version, concurrency)
  if e.version and version < e.version or e.version == version and e.concurrency == concurrency then return false end
  e.version, e.concurrency = version, concurrency
  return true
end

-- How many may be called at once; nil: any number.
local function capOf(e)
  return e.concurrency and math.max(1, math.floor(math.min(e.concurrency, e.rest.cap or e.concurrency)))
end

-- `counts`: the calls, or probes, that it was decided on, as "calls,failures,slow"; nil where time or an operator did.
local function keepHistory(name, e, by, now, counts)
  local key = P .. 'history:' .. name
  redis.call('LPUSH', key, now .. ' ' .. (e.rest.state or 'closed') .. ' ' .. (counts or '-') .. ' ' .. (by or ''))
  redis.call('LTRIM', key, 0, HISTORY - 1)
  redis.call('PEXPIRE', key, 30 * DAY)
end

-- A change of state starts a generation and ends the probes of the one before.
local function changed(name, e, by, now, counts)
  e.generation = e.generation + 1
  redis.call('DEL', P .. 'probes:' .. name)
  keepHistory(name, e, by, now, counts)
end

local function halfOpen(name, e, now)
  e.rest.state, e.rest.openUntil, e.rest.successes, e.rest.slowSuccesses, e.rest.probeFailures = 'half_open', nil, 0, 0, 0
  changed(name, e, nil, now)
end
