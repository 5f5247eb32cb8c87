-- Whether an endpoint can take a call; if not, why, and when it is worth asking again. Prelude of admit.lua; the same rules as
-- admission/availability.ts of @sluice/resilience.
-- `a` is the question, with now, horizon and booking; `s` an endpoint of its pool, with its records e, g and c.
local RETURN_GAP, PROBE_WAIT, FORCED_WAIT = 10, 1000, 10000
local UNKNOWN_LATENCY, MAX_CONCURRENCY_GAP, ASKS_PER_PLACE = 500, 5000, 2
local REFUSALS_FOR_RESERVATION = 3
local BOOKING_LATE = 1000

-- Each of the following returns nothing if it lets the call pass, 'probe' if the call would find out whether the endpoint is back,
-- or else the reason, when to ask again, and how far apart from the next one who asks.
local function outOfService(s, a, reason, earliest)
  return reason, earliest, math.max(RETURN_GAP, startGap(s.g, a.tokens))
end

local function byCredential(s, a)
  local c = s.c
  if not c then return end
  if a.now < c.untilMs then return outOfService(s, a, c.reason, c.untilMs) end
  if c.probeLease and c.probeLease ~= a.lease and c.probeUntil > a.now then return outOfService(s, a, c.reason, a.now + PROBE_WAIT) end
  return 'probe'
end

local function byBreaker(s, a)
  local e = s.e
  if not s.probes or e.rest.forced == 'closed' or not e.rest.state then return end
  if e.rest.state == 'open' then
    if a.now < e.rest.openUntil then return outOfService(s, a, 'breaker_open', e.rest.openUntil) end
    return 'probe'
  end
  if s.probes - e.rest.successes - e.rest.probeFailures - liveLeases(P .. 'probes:' .. s.name, a.now) > 0 then return 'probe' end
  return outOfService(s, a, 'breaker_open', a.now + PROBE_WAIT)
end

-- Reservations of others that keep a place from this caller, and whether it has one itself, which lets it pass them.
local function reservedForOthers(s, a)
  if s.e.reservedUntil <= a.now then return 0, false end
  local key = P .. 'reserved:' .. s.name
  local own = redis.call('ZSCORE', key, a.lease)
  if own and tonumber(own) > a.now then return 0, true end
  return liveLeases(key, a.now), false
end

-- Places become free at the rate at which calls end (Little's law); callers come back twice as often, so that a free place does not
-- wait long. Who has a reservation stands in no line with the others.
local function byConcurrency(s, a)
  local cap = capOf(s.e)
  if not cap then return end
  local reserved, isOwn = reservedForOthers(s, a)
  if cap - s.inFlight > reserved then return end
  local gap = math.min(MAX_CONCURRENCY_GAP, math.max(1, (s.e.latency or UNKNOWN_LATENCY) / cap / ASKS_PER_PLACE))
  s.isReserved = isOwn or a.refusals >= REFUSALS_FOR_RESERVATION and reserved < cap
  return 'concurrency', a.now + gap, gap
end

-- Those who come late for their booking start as soon as the starts of the last seconds leave room, lest they start in one burst.
local function byLateness(s, a)
  if not s.isBooked or a.now <= a.booking.at + BOOKING_LATE or hasRoom(s.g, a.now) then return end
  local gap = startGap(s.g, a.tokens)
  return 'rate_limited', a.now + gap, gap
end

-- Whatever keeps the call from the endpoint, its allowance left aside.
local function byService(s, a)
  if s.e.rest.forced == 'open' then return outOfService(s, a, 'breaker_open', a.now + FORCED_WAIT) end
  local reason, earliest, gap = byCredential(s, a)
  s.probesCredential = reason == 'probe'
  if reason and not s.probesCredential then return reason, earliest, gap end
  reason, earliest, gap = byBreaker(s, a)
  s.isProbe = s.probesCredential or reason == 'probe'
  if reason and reason ~= 'probe' then return reason, earliest, gap end
  return byConcurrency(s, a)
end

-- Sets inFlight, isBooked, and isRated: nothing but the allowance can keep the call. Then isStartable, isProbe and wait; or else
-- reason, at and gap, isReserved for one who gets the next free place, and wait if the allowance can be booked.
local function judge(s, a)
  s.inFlight = liveLeases(P .. 'leases:' .. s.name, a.now)
  s.isBooked = a.booking and a.booking.group == s.limitGroup or false
  local reason, earliest, gap = byService(s, a)
  s.isRated = not reason
  if reason then
    s.reason, s.at, s.gap = reason, math.max(earliest, s.isReserved and s.e.reservedLine or s.e.line), gap
    return
  end
  reason, earliest, gap = byLateness(s, a)
  if not reason then
    s.wait = groupWait(s.g, a.now, s.isBooked and a.booking)
    if s.wait <= a.horizon then
      s.isStartable = true
      return
    end
    reason, earliest, gap = 'rate_limited', a.now + s.wait, startGap(s.g, a.tokens)
  end
  s.reason, s.at, s.gap = reason, math.max(earliest, s.g.line), gap
end

-- Since when no endpoint of the pool has been in service; -1: one is.
local function unavailableSince(pool)
  local latest = -1
  for _, s in ipairs(pool) do
    local isEjected = s.e.rest.state and (s.e.rest.forced == 'open' or s.probes and s.e.rest.forced ~= 'closed')
    local since = math.min(isEjected and s.e.rest.since or math.huge, s.c and s.c.since or math.huge)
    if since == math.huge then return -1 end
    latest = math.max(latest, since)
  end
  return latest
end
