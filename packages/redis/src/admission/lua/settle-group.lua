-- What a call says about its group's allowance. Prelude of settle.lua; the same rules as limiter/settle-group.ts and
-- limiter/learned-rate.ts of @sluice/resilience. `a` is the settlement, with now.
local BLIND_PAUSE, MAX_BLIND_PAUSE, MAX_PAUSE = 1000, 30000, 3600000
local COMMON_REFUSALS, CALLS_PER_COMMON_REFUSAL = 2, 5
local GENTLE_CUT, DEEPEST_CUT_BY_FEW, DEEPEST_CUT_BY_NOISE, DEEPEST_CUT = 0.9, 0.75, 0.5, 0.25
local STARTS_FOR_SHARE, MIN_LEARNED, CUT_MARGIN = 10, 1, 0.95
local MOST_NOISE, NOISE_KEPT, NOISE_MARGIN, CHANCE_SHARE = 0.25, 600000, 1.25, 0.02
local REFUSALS_TO_CUT_FIRST, REFUSALS_TO_CUT_AGAIN = 8, 3
local TRIAL_REFUSALS, TRIAL_GROWTH, REFUSALS_TO_TAKE_BACK, SHARE_TO_TAKE_BACK = 16, 1.04, 8, 0.5
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

local function shareOf(sample)
  return math.min(1, sample.refusals / math.max(1, sample.starts))
end

-- By one standard deviation of the count.
local function isBeyondNoise(sample)
  return sample.refusals - math.sqrt(sample.refusals) > MOST_NOISE * sample.starts
end

local function noiseNow(g, now)
  local noise = g.rest.noise
  return noise and noise.share * math.max(0, 1 - (now - noise.at) / NOISE_KEPT) or 0
end

local function deepestCutBy(sample)
  if sample.refusals < REFUSALS_TO_CUT_FIRST then return DEEPEST_CUT_BY_FEW end
  return isBeyondNoise(sample) and DEEPEST_CUT or DEEPEST_CUT_BY_NOISE
end

-- What was accepted, pauses included, of what was used.
local function keptShare(sample, used, noise)
  if sample.starts < STARTS_FOR_SHARE then return GENTLE_CUT end
  local accepted = math.max(0, sample.starts - math.max(0, sample.refusals - noise * sample.starts))
  local kept = accepted * 60000 / math.max(1, sample.span) / used
  return math.min(GENTLE_CUT, math.max(deepestCutBy(sample), kept * CUT_MARGIN))
end

local function cutRate(g, now, allowed, traffic)
  local watched, promised = g.rest.watched, groupWait(g, now)
  local sample = watched.starts < STARTS_FOR_SHARE and traffic or { starts = watched.starts, refusals = watched.refusals, span = now - watched.since }
  local peak = (math.max(g.starts, g.peak) + 1) * 60
  local used = allowed and math.min(allowed, peak) or peak
  g.rest.learned = math.max(MIN_LEARNED, used * keptShare(sample, used, noiseNow(g, now)))
  g.rest.successes = 0
  g.rest.cut = {
    used = used, to = g.rest.learned, starts = sample.starts + traffic.starts * promised / traffic.span,
    refusals = sample.refusals, span = sample.span + promised, ends = now + promised, onTrial = true,
  }
  g.rest.watched = { starts = 0, refusals = 0, since = now }
  return true
end

local function deepenCut(g, now)
  local cut = g.rest.cut
  cut.refusals = cut.refusals + 1
  if not g.rest.learned then return false end
  local deepened = math.max(MIN_LEARNED, cut.used * keptShare(cut, cut.used, noiseNow(g, now)))
  if g.rest.learned <= deepened then return false end
  g.rest.learned, cut.to = deepened, deepened
  return true
end

local function watch(g, now, allowed, traffic)
  local noise = noiseNow(g, now)
  local tolerated = noise * NOISE_MARGIN + CHANCE_SHARE
  local watched = g.rest.watched
  if not watched or watched.refusals <= watched.starts * tolerated then watched = { starts = 0, refusals = 0, since = now } end
  watched.refusals, g.rest.watched = watched.refusals + 1, watched
  local isFirst = not g.rest.cut or noise > CHANCE_SHARE
  local chance = (isFirst and REFUSALS_TO_CUT_FIRST or REFUSALS_TO_CUT_AGAIN) + tolerated * (watched.starts + traffic.starts)
  return watched.refusals >= chance and cutRate(g, now, allowed, traffic)
end

local function judgeCut(g, now, allowed, traffic)
  local cut, watched = g.rest.cut, g.rest.watched
  watched.refusals = watched.refusals + 1
  if watched.refusals < math.max(REFUSALS_TO_TAKE_BACK, watched.starts * shareOf(cut) * SHARE_TO_TAKE_BACK) then return false end
  if isBeyondNoise(watched) or isBeyondNoise(cut) then return cutRate(g, now, allowed, traffic) end
  g.rest.noise = { share = math.min(MOST_NOISE, math.max(shareOf(watched), noiseNow(g, now))), at = now }
  g.rest.learned, g.rest.successes, g.rest.cut, g.rest.watched = nil, 1, nil, nil
  return false
end

-- After a refusal. Returns whether it cut the rate.
local function learnFromRefusal(g, a, allowed, traffic)
  local cut = g.rest.cut
  if cut and a.now - a.latencyMs < cut.ends then return deepenCut(g, a.now) end
  if g.rest.successes == 0 then return false end
  if not cut or not cut.onTrial then return watch(g, a.now, allowed, traffic) end
  local hasGrown = not g.rest.learned or g.rest.learned >= cut.to * TRIAL_GROWTH
  if not (hasGrown and g.rest.watched.starts * shareOf(cut) >= TRIAL_REFUSALS) then return judgeCut(g, a.now, allowed, traffic) end
  cut.onTrial, g.rest.watched = false, nil
  return watch(g, a.now, allowed, traffic)
end

local function growRate(g, a, known)
  if not g.rest.learned then return end
  local successes, span = g.rest.successes, 1000 + a.now % 1000
  if (g.starts + g.startsBefore + 1) * 60000 * 2 / span < g.rest.learned then
    g.rest.successes = math.max(1, successes)
    return
  end
  local pace = math.max(1, g.rest.learned / PACED_PER_MINUTE)
  local grown = g.rest.learned * (1 + GROWTH / pace * (1 + successes / (SUCCESSES_TO_DOUBLE * pace)))
  g.rest.learned = (not known or grown < known) and grown or nil
  g.rest.successes = successes + 1
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
  local second = math.floor(now / 1000)
  local r = g.rest.refused or { second = 0, count = 0, before = 0, blindPauses = 0 }
  if second > r.second then r.before, r.count, r.second = second == r.second + 1 and r.count or 0, 0, second end
  r.count = r.count + 1
  g.rest.refused = r
end

-- The limit that holds is the provider's own word: there is nothing to be learned.
local function isReported(g)
  return g.reportedRequests and g.reportedRequests <= (g.configuredRequests or math.huge)
end

-- Takes in a refusal. Returns for how long the group is paused by it, and the learned rate if it cut that, else 0.
local function refuseGroup(g, a, allowed, isLimitLowered)
  countRefusal(g, a.now)
  local starts, refusals = g.starts + g.startsBefore, g.rest.refused.count + g.rest.refused.before
  local isExhausted = a.requests and a.requests.remaining == 0 or a.tokens and a.tokens.remaining == 0
  local isCommon = refusals >= COMMON_REFUSALS and refusals * CALLS_PER_COMMON_REFUSAL >= starts
  local traffic = { starts = starts, refusals = refusals, span = 1000 + a.now % 1000 }
  local learned = not isLimitLowered and not isReported(g) and learnFromRefusal(g, a, allowed, traffic) and g.rest.learned or 0
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
