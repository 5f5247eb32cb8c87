-- The shared allowance of a limit group. Prelude; the same rules as limiter/ of @sluice/resilience, field by field.
-- Fields    version, configuredRequests, configuredTokens, reportedRequests, reportedTokens       limits per minute; absent: not known
--           requests, tokens, filledAt, bookedRequests, bookedTokens                              buckets
--           line                                                                                  of those who were refused
--           second, starts, startsBefore, peak                                                    traffic by second
--           minute, usedRequests, usedRequestsBefore, usedTokens, usedTokensBefore                and by minute
--           rest      { learned, successes, cut, watched, noise, pausedUntil, refused }
--             learned, pausedUntil                                                                absent: nothing, not paused
--             refused   { second, count, before, blindPauses }
--             successes                                                                           since the last cut; absent before the first
--             cut       { used, to, starts, refusals, span, ends, onTrial }                       absent before the first, or taken back
--             watched   { starts, refusals, since }
--             noise     { share, at }
--           requestRate, tokenRate                                                                per ms; derived, not stored
local GROUP = '>dddddddddddddddddddd'
local USABLE, BURST = 0.985, 1000

local function smaller(one, other)
  if one and other then return math.min(one, other) end
  return one or other
end

-- Sets the rates anew. Returns what may be used per minute: of the known limits, and of the learned one too.
local function setRates(g)
  local known = smaller(g.configuredRequests, g.reportedRequests)
  local allowed = known and known * USABLE
  local learned = g.rest.learned
  if learned and not (allowed and allowed <= learned) then allowed = learned end
  local tokens = smaller(g.configuredTokens, g.reportedTokens)
  g.requestRate = allowed and allowed / 60000
  g.tokenRate = tokens and tokens * USABLE / 60000
  return known and known * USABLE, allowed
end

local function unpackGroup(raw)
  local version, configuredRequests, configuredTokens, reportedRequests, reportedTokens, requests, tokens, filledAt, bookedRequests, bookedTokens,
    line, second, starts, startsBefore, peak, minute, usedRequests, usedRequestsBefore, usedTokens, usedTokensBefore, next = struct.unpack(GROUP, raw)
  return {
    version = numberOr(version, -1), configuredRequests = numberOr(configuredRequests, 0), configuredTokens = numberOr(configuredTokens, 0),
    reportedRequests = numberOr(reportedRequests, 0), reportedTokens = numberOr(reportedTokens, 0), requests = requests, tokens = tokens,
    filledAt = filledAt, bookedRequests = bookedRequests, bookedTokens = bookedTokens, line = line, second = second, starts = starts,
    startsBefore = startsBefore, peak = peak, minute = minute, usedRequests = usedRequests, usedRequestsBefore = usedRequestsBefore,
    usedTokens = usedTokens, usedTokensBefore = usedTokensBefore, rest = restOf(raw, next), requestRate = false, tokenRate = false,
  }
end

local function loadGroup(raw, now)
  local g = raw and unpackGroup(raw)
    or { requests = 0, tokens = 0, filledAt = now, bookedRequests = 0, bookedTokens = 0, line = 0, second = 0, starts = 0, startsBefore = 0,
         peak = 0, minute = 0, usedRequests = 0, usedRequestsBefore = 0, usedTokens = 0, usedTokensBefore = 0, rest = {} }
  setRates(g)
  return g
end

local function saveGroup(name, g, now)
  local packed = struct.pack(GROUP, g.version or -1, g.configuredRequests or 0, g.configuredTokens or 0, g.reportedRequests or 0,
    g.reportedTokens or 0, g.requests, g.tokens, g.filledAt, g.bookedRequests, g.bookedTokens, g.line, g.second, g.starts, g.startsBefore, g.peak,
    g.minute, g.usedRequests, g.usedRequestsBefore, g.usedTokens, g.usedTokensBefore)
  if next(g.rest) then packed = packed .. cmsgpack.pack(g.rest) end
  save(P .. 'group:' .. name, packed, math.ceil(math.max(0, g.filledAt - now)) + DAY)
end

local function refill(g, now)
  local elapsed = now - g.filledAt
  if elapsed <= 0 then return end
  g.requests = g.requestRate and math.min(g.requestRate * BURST, g.requests + elapsed * g.requestRate) or 0
  g.tokens = g.tokenRate and math.min(g.tokenRate * BURST, g.tokens + elapsed * g.tokenRate) or 0
  g.filledAt = now
end

-- Refills the buckets and takes the configured limits over: the newest version wins, within one version the lowest limit.
-- Returns whether the limits changed.
local function configureGroup(g, version, requests, tokens, now)
  refill(g, now)
  if g.version and version < g.version then return false end
  if g.version == version then requests, tokens = smaller(g.configuredRequests, requests), smaller(g.configuredTokens, tokens) end
  if g.version == version and g.configuredRequests == requests and g.configuredTokens == tokens then return false end
  g.version, g.configuredRequests, g.configuredTokens = version, requests, tokens
  setRates(g)
  return true
end

local function debt(level, rate)
  return rate and level < 0 and -level / rate or 0
end

-- What was booked after `since` does not count.
local function groupWait(g, now, since)
  local requests, tokens = g.requests, g.tokens
  if since then requests, tokens = requests + (g.bookedRequests - since.requests), tokens + (g.bookedTokens - since.tokens) end
  return math.max(0, g.filledAt - now) + math.max(debt(requests, g.requestRate), debt(tokens, g.tokenRate))
end

local function startGap(g, tokens)
  return math.max(g.requestRate and 1 / g.requestRate or 0, g.tokenRate and tokens / g.tokenRate or 0)
end

local function addAmount(g, requests, tokens)
  g.requests = g.requestRate and math.min(g.requestRate * BURST, g.requests + requests) or 0
  g.tokens = g.tokenRate and math.min(g.tokenRate * BURST, g.tokens + tokens) or 0
end

local function taken(level, rate, amount, owed)
  return rate and level - math.min(level, rate * (BURST - owed)) + amount or amount
end

-- Takes the amount, and of the bucket that the start does not wait for whatever would be more than a burst when it starts.
local function bookStart(g, tokens)
  local owed = math.max(debt(g.requests, g.requestRate), debt(g.tokens, g.tokenRate))
  local takenRequests, takenTokens = taken(g.requests, g.requestRate, 1, owed), taken(g.tokens, g.tokenRate, tokens, owed)
  addAmount(g, -takenRequests, -takenTokens)
  g.bookedRequests, g.bookedTokens = g.bookedRequests + takenRequests, g.bookedTokens + takenTokens
end

-- The request is lost if others are booked behind it.
local function giveStartBack(g, tokens)
  addAmount(g, g.requests >= -1 and 1 or 0, tokens)
end

local function rollTraffic(g, now)
  local second = math.floor(now / 1000)
  if second <= g.second then return end
  if g.starts > 0 then g.peak = math.max(g.starts, g.peak * 0.9) end
  g.startsBefore = second == g.second + 1 and g.starts or 0
  g.second, g.starts = second, 0
end

local function rollMinute(g, now)
  local minute = math.floor(now / 60000)
  if minute <= g.minute then return end
  local isNext = minute == g.minute + 1
  g.usedRequestsBefore, g.usedTokensBefore = isNext and g.usedRequests or 0, isNext and g.usedTokens or 0
  g.minute, g.usedRequests, g.usedTokens = minute, 0, 0
end

-- Whether fewer starts were made in the last seconds than the rate and one burst allow.
local function hasRoom(g, now)
  rollTraffic(g, now)
  return not g.requestRate or g.starts + g.startsBefore < g.requestRate * (1000 + now % 1000 + BURST)
end

local function countStart(g, tokens, now)
  rollTraffic(g, now)
  rollMinute(g, now)
  if g.rest.watched then g.rest.watched.starts = g.rest.watched.starts + 1 end
  g.starts, g.usedRequests, g.usedTokens = g.starts + 1, g.usedRequests + 1, g.usedTokens + tokens
end
