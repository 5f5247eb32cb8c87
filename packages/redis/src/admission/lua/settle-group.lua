-- What a call says about its group's allowance. Prelude of settle.lua; the same rules as limiter/settle-group.ts and
-- limiter/learned-rate.ts of @sluice/resilience. `a` is the settlement, with now.
local BLIND_PAUSE, MAX_BLIND_PAUSE, MAX_PAUSE = 1000, 30000, 3600000
local COMMON_REFUSALS, CALLS_PER_COMMON_REFUSAL, REFUSALS_TO_LEARN = 2, 5, 2
local GENTLE_CUT, DEEPEST_CUT, STARTS_FOR_SHARE, MIN_LEARNED = 0.9, 0.25, 10, 1
local GROWTH, SUCCESSES_TO_DOUBLE, PACED_PER_MINUTE = 0.0005, 200, 300

local function correctTokens(g, a)
  addAmount(g, 0, a.tokensReserved - a.tokensUsed)
  rollMinute(g, a.now)
  g.usedTokens = g.usedTokens + (a.tokensUsed - a.tokensReserved)
end

local function takeLimit(g, window, field)
  if window and window.limit and window.limit > 0 then g[field] = window.limit end
end

-- A report is as old as the call, so what was refilled since is added to what it says is left.
local function lowerLevel(g, window, field, refilled)
  if window and window.remaining and window.remaining >= 0 and refilled then g[field] = math.min(g[field], window.remaining + refilled) end
end

-- The share that was accepted, where enough was seen to tell.
local function keptShare(starts, refusals)
  if starts < STARTS_FOR_SHARE then return GENTLE_CUT end
  return math.min(GENTLE_CUT, math.max(DEEPEST_CUT, 1 - refusals / starts))
end

-- One cut for each round of calls, deepened by each further refusal of the round; none without a success since the last. Returns
-- whether it cut.
local function cutRate(g, a, allowed, starts, refusals)
  local round = g.rest.round
  if round and a.now - a.latencyMs < round.ends then
    if not g.rest.learned then return false end
    round.refusals = round.refusals + 1
    local deepened = math.max(MIN_LEARNED, round.perMinute * keptShare(round.starts, round.refusals))
    if deepened >= g.rest.learned then return false end
    g.rest.learned = deepened
    return true
  end
  if round and round.successes == 0 then return false end
  local used = (math.max(g.starts, g.peak) + 1) * 60
  local promised, span = groupWait(g, a.now), 1000 + a.now % 1000
  local perMinute = allowed and math.min(allowed, used) or used
  g.rest.learned = math.max(MIN_LEARNED, perMinute * keptShare(starts, refusals))
  g.rest.round = { successes = 0, perMinute = perMinute, starts = starts * (1 + promised / span), refusals = refusals, ends = a.now + promised }
  return true
end

local function growRate(g, a, known)
  if not g.rest.learned then return end
  local round, span = g.rest.round, 1000 + a.now % 1000
  if (g.starts + g.startsBefore + 1) * 60000 * 2 / span < g.rest.learned then
    round.successes = math.max(1, round.successes)
    return
  end
  local pace = math.max(1, g.rest.learned / PACED_PER_MINUTE)
  local grown = g.rest.learned * (1 + GROWTH / pace * (1 + round.successes / (SUCCESSES_TO_DOUBLE * pace)))
  g.rest.learned = (not known or grown < known) and grown or nil
  round.successes = round.successes + 1
end

-- When what is used up is full again: no pause need be longer.
local function resetOf(a)
  local longest
  for _, window in ipairs({ a.requests or {}, a.tokens or {} }) do
    if window.remaining == 0 then longest = math.max(longest or 0, window.resetMs or MAX_BLIND_PAUSE) end
  end
  return longest or MAX_BLIND_PAUSE
end

-- Returns for how long the group is paused by this.
local function pauseGroup(g, a)
  local before, ms = g.rest.pausedUntil or 0, nil
  if a.retryAfterMs then ms = math.min(a.retryAfterMs, MAX_PAUSE)
  elseif a.now < before then return 0
  else
    ms = math.min(BLIND_PAUSE * 2 ^ g.rest.refused.blindPauses, MAX_BLIND_PAUSE, resetOf(a))
    g.rest.refused.blindPauses = g.rest.refused.blindPauses + 1
  end
  if a.now + ms <= before then return 0 end
  g.rest.pausedUntil = a.now + ms
  g.requests, g.tokens, g.filledAt = math.min(g.requests, 0), math.min(g.tokens, 0), math.max(g.filledAt, g.rest.pausedUntil)
  return ms
end

local function countRefusal(g, now)
  local second, minute = math.floor(now / 1000), math.floor(now / 60000)
  local r = g.rest.refused or { second = 0, count = 0, before = 0, minute = 0, minuteCount = 0, minuteBefore = 0, blindPauses = 0 }
  if second > r.second then r.before, r.count, r.second = second == r.second + 1 and r.count or 0, 0, second end
  if minute > r.minute then r.minuteBefore, r.minuteCount, r.minute = minute == r.minute + 1 and r.minuteCount or 0, 0, minute end
  r.count, r.minuteCount = r.count + 1, r.minuteCount + 1
  g.rest.refused = r
end

-- Takes in a refusal. Returns for how long the group is paused by it, and the learned rate if it cut that, else 0.
local function refuseGroup(g, a, allowed, isLimitLowered)
  countRefusal(g, a.now)
  local starts, refusals = g.starts + g.startsBefore, g.rest.refused.count + g.rest.refused.before
  local isExhausted = a.requests and a.requests.remaining == 0 or a.tokens and a.tokens.remaining == 0
  local isCommon = refusals >= COMMON_REFUSALS and refusals * CALLS_PER_COMMON_REFUSAL >= starts
  local learns = not isLimitLowered and g.rest.refused.minuteCount + g.rest.refused.minuteBefore >= REFUSALS_TO_LEARN
  local learned = learns and cutRate(g, a, allowed, starts, refusals) and g.rest.learned or 0
  return (isExhausted or isCommon) and pauseGroup(g, a) or 0, learned
end

-- Takes in what a call says. Returns as refuseGroup does.
local function settleGroup(g, a)
  local _, allowedBefore = setRates(g)
  if a.tokensUsed then correctTokens(g, a) end
  takeLimit(g, a.requests, 'reportedRequests')
  takeLimit(g, a.tokens, 'reportedTokens')
  local known, allowed = setRates(g)
  lowerLevel(g, a.requests, 'requests', g.requestRate and a.latencyMs * g.requestRate)
  lowerLevel(g, a.tokens, 'tokens', g.tokenRate and a.latencyMs * g.tokenRate)
  rollTraffic(g, a.now)
  if a.throttled then return refuseGroup(g, a, allowed, allowed and (not allowedBefore or allowed < allowedBefore)) end
  if a.outcome == 'success' then
    growRate(g, a, known)
    if g.rest.refused then g.rest.refused.blindPauses = 0 end
  end
  return 0, 0
end
