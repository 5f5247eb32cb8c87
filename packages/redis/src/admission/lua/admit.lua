-- Chooses an endpoint of a pool and books a call on it, or says when to come back. One round trip.
-- ARGV[1]   JSON { lease, route, tokens, leaseMs, maxWaitMs, refusals, affinity?, isRetry?, priority, version, draws: [u, v], now? }
--           draws: uniform in [0, 1); now: instead of this server's clock, for tests
-- ARGV[2]   JSON [ { name, limitGroup, credential, priority, weight, requestsPerMinute?, tokensPerMinute?, concurrency?, probes? } ]
--           what is absent is not limited; without probes the breaker is off
-- Returns   { 'admitted', endpoint, startInMs, generation, isProbe 0 | 1, halfOpened 0 | 1 }
--           { 'booked', endpoint, startInMs }
--           { 'refused', reason, endpoint | '', retryInMs, unavailableSinceMs | -1 }
-- Rules     the same as admission/admit.ts of @sluice/resilience
local REPEATED_WITHIN, BOOKING_KEPT, BULK_HORIZON = 5000, 60000, 0.5
local PAUSED_ROUTE_WAIT, PAUSED_ROUTE_GAP, RETRY_WAIT, RETRY_GAP = 5000, 10, 1000, 100
local RETRY_SLOT, CALLS_PER_RETRY, RETRIES_AT_ONCE = 5000, 5, 3
local RESERVATION_GRACE = 5000

local a, pool = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local now = clock(a.now)
a.now, a.horizon = now, a.priority == 'bulk' and a.maxWaitMs * BULK_HORIZON or a.maxWaitMs

-- Everything in one command: the route, the booking, and the three records of each endpoint.
local keys = { P .. 'route:' .. a.route, P .. 'booking:' .. a.lease }
for i, s in ipairs(pool) do
  keys[3 * i], keys[3 * i + 1], keys[3 * i + 2] = P .. 'endpoint:' .. s.name, P .. 'group:' .. s.limitGroup, P .. 'credential:' .. s.credential
end
local raw = redis.call('MGET', unpack(keys))
local route, booking = loadRoute(raw[1]), raw[2] and cmsgpack.unpack(raw[2])

-- A question asked again gets the answer that may have been lost.
local strays = {}
for i, s in ipairs(pool) do
  local expiresAt = tonumber(redis.call('ZSCORE', P .. 'leases:' .. s.name, a.lease) or nil)
  if expiresAt then
    strays[#strays + 1] = s.name
    local startsAt = expiresAt - a.leaseMs
    if expiresAt > now and startsAt > now - REPEATED_WITHIN then
      local isProbe = redis.call('ZSCORE', P .. 'probes:' .. s.name, a.lease) and 1 or 0
      return { 'admitted', s.name, math.max(0, startsAt - now), tostring(loadEndpoint(raw[3 * i]).generation), isProbe, 0 }
    end
  end
end

local function refusedByRoute(reason, wait, gap, since)
  local at = math.max(now + wait, route.line)
  route.line = at + math.max(1, gap)
  saveRoute(a.route, route)
  return { 'refused', reason, '', math.ceil(at) - now, since }
end
if route.paused then return refusedByRoute('route_paused', PAUSED_ROUTE_WAIT, PAUSED_ROUTE_GAP, -1) end

-- Records are loaded once and changed in place; what has to be kept is written at the end. To look at a bucket leaves it as it is.
local groups, keptGroups, keptEndpoints = {}, {}, {}
for i, s in ipairs(pool) do
  local g = groups[s.limitGroup] or loadGroup(raw[3 * i + 1], now)
  groups[s.limitGroup] = g
  if configureGroup(g, a.version, s.requestsPerMinute, s.tokensPerMinute, now) then keptGroups[s.limitGroup] = true end
  s.e, s.g, s.c = loadEndpoint(raw[3 * i]), g, loadCredential(raw[3 * i + 2])
  if configureConcurrency(s.e, a.version, s.concurrency) then keptEndpoints[s.name] = s.e end
end
local function saveKept()
  for name, e in pairs(keptEndpoints) do saveEndpoint(name, e) end
  for name in pairs(keptGroups) do saveGroup(name, groups[name], now) end
end
if booking and now <= booking.at + BOOKING_KEPT and groups[booking.group] then a.booking = booking end

-- The first calls and the repeated ones of the last five to ten seconds.
local slot = math.floor(now / RETRY_SLOT)
if slot > route.slot then
  local isNext = slot == route.slot + 1
  route.callsBefore, route.retriesBefore = isNext and route.calls or 0, isNext and route.retries or 0
  route.slot, route.calls, route.retries = slot, 0, 0
end
if a.isRetry and not a.booking then
  local isOverShare = (route.retries + route.retriesBefore) * CALLS_PER_RETRY >= route.calls + route.callsBefore
  if isOverShare and liveLeases(P .. 'retries:' .. a.route, now) >= RETRIES_AT_ONCE then
    saveKept()
    return refusedByRoute('retry_backoff', RETRY_WAIT, RETRY_GAP, unavailableSince(pool))
  end
end

local function countStartOfRoute(expiresAt)
  if a.isRetry then
    route.retries = route.retries + 1
    addLease(P .. 'retries:' .. a.route, a.lease, expiresAt, now)
  else
    route.calls = route.calls + 1
  end
  saveRoute(a.route, route)
end

-- The call takes a place at the endpoint, and leaves those that it had elsewhere.
local function takePlace(s, expiresAt)
  for _, other in ipairs(pool) do
    if other.e.reservedUntil > now then redis.call('ZREM', P .. 'reserved:' .. other.name, a.lease) end
  end
  for _, name in ipairs(strays) do redis.call('ZREM', P .. 'leases:' .. name, a.lease) end
  local leases = P .. 'leases:' .. s.name
  redis.call('ZADD', leases, expiresAt, a.lease)
  if s.inFlight == 0 then tidyLeases(leases, expiresAt, now) end
end

-- Returns whether the breaker became half-open by it.
local function noteProbe(s, expiresAt)
  if s.probesCredential then
    s.c.probeLease, s.c.probeUntil = a.lease, expiresAt
    saveCredential(s.credential, s.c, now)
  end
  if not s.probes or s.e.rest.forced == 'closed' or not s.e.rest.state then return false end
  local opens = s.e.rest.state == 'open'
  if opens then
    halfOpen(s.name, s.e, now)
    keptEndpoints[s.name] = s.e
  end
  addLease(P .. 'probes:' .. s.name, a.lease, expiresAt, now)
  return opens
end

local function start(s)
  local startIn = math.ceil(s.wait)
  local expiresAt = now + startIn + a.leaseMs
  if a.booking then redis.call('DEL', P .. 'booking:' .. a.lease) end
  if not s.isBooked then
    if a.booking then
      giveStartBack(groups[a.booking.group], a.tokens)
      keptGroups[a.booking.group] = true
    end
    bookStart(s.g, a.tokens)
  end
  countStart(s.g, a.tokens, now)
  keptGroups[s.limitGroup] = true
  countStartOfRoute(expiresAt)
  takePlace(s, expiresAt)
  local halfOpened = noteProbe(s, expiresAt)
  saveKept()
  return { 'admitted', s.name, startIn, tostring(s.e.generation), s.isProbe and 1 or 0, halfOpened and 1 or 0 }
end

local function book(s)
  local startIn = math.ceil(s.wait)
  local place = a.booking
  if not s.isBooked then
    place = { group = s.limitGroup, requests = s.g.bookedRequests, tokens = s.g.bookedTokens }
    bookStart(s.g, a.tokens)
    keptGroups[s.limitGroup] = true
  end
  place.at = now + startIn
  save(P .. 'booking:' .. a.lease, cmsgpack.pack(place), startIn + BOOKING_KEPT)
  saveKept()
  return { 'booked', s.name, startIn }
end

-- The caller joins the line of those who wait for the same.
local function refuse(s)
  local line = s.at + math.max(1, s.gap)
  if s.isRated then
    s.g.line = line
    keptGroups[s.limitGroup] = true
  else
    keptEndpoints[s.name] = s.e
    if s.isReserved then
      s.e.reservedLine = line
      s.e.reservedUntil = math.max(s.e.reservedUntil, s.at + RESERVATION_GRACE)
      addLease(P .. 'reserved:' .. s.name, a.lease, s.at + RESERVATION_GRACE, now)
    else
      s.e.line = line
    end
  end
  saveKept()
  return { 'refused', s.reason, s.name, math.ceil(s.at) - now, unavailableSince(pool) }
end

local startable, later, soonest = {}, nil, nil
for _, s in ipairs(pool) do
  judge(s, a)
  if s.isStartable then startable[#startable + 1] = s
  else
    if not soonest or s.at < soonest.at then soonest = s end
    -- One who was refused often, or has booked before, gets a place whatever the wait.
    if s.wait and (s.isBooked or a.refusals >= REFUSALS_FOR_RESERVATION) then
      s.order = s.isBooked and -1 or s.wait
      if not later or s.order < later.order then later = s end
    end
  end
end
if #startable > 0 then return start(choose(startable, a)) end
if later then return book(later) end
return refuse(soonest)
