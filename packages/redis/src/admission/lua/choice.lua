-- Chooses among endpoints that can take a call. Prelude of admit.lua; the same rules as pool/choose-candidate.ts of @sluice/resilience.
local AFFINITY_TOLERANCE, WAIT_TOLERANCE = 500, 100
local LATENCY_HALVED_AFTER, MAX_HALVINGS = 30000, 3

-- Those that are accepted; all if none is.
local function preferred(list, accepts)
  local kept = {}
  for _, s in ipairs(list) do if accepts(s) then kept[#kept + 1] = s end end
  return #kept > 0 and kept or list
end

local function least(list, field)
  local lowest = math.huge
  for _, s in ipairs(list) do lowest = math.min(lowest, s[field]) end
  return lowest
end

-- An endpoint that was not asked for long is given the benefit of the doubt.
local function presentLatency(e, now)
  if not e.latency then return nil end
  return e.latency / 2 ^ math.min(MAX_HALVINGS, math.max(0, math.floor((now - e.latencyAt) / LATENCY_HALVED_AFTER)))
end

local function drawn(list, draw)
  local total = 0
  for _, s in ipairs(list) do total = total + s.weight end
  local left = draw * total
  for _, s in ipairs(list) do
    if left < s.weight then return s end
    left = left - s.weight
  end
  return list[1]
end

local function isBetter(one, other, now)
  local later = one.wait - other.wait
  if math.abs(later) > WAIT_TOLERANCE then return later < 0 end
  local oneLatency, otherLatency = presentLatency(one.e, now), presentLatency(other.e, now)
  if not oneLatency or not otherLatency then oneLatency, otherLatency = 1, 1 end
  return (one.inFlight + 1) * math.max(1, oneLatency) / one.weight < (other.inFlight + 1) * math.max(1, otherLatency) / other.weight
end

local function choose(list, a)
  if a.booking then list = preferred(list, function(s) return s.isBooked end) end
  if a.priority == 'interactive' then list = preferred(list, function(s) return not s.isProbe end) end
  local lowest = least(list, 'priority')
  list = preferred(list, function(s) return s.priority == lowest end)
  if #list == 1 then return list[1] end
  local soonest = least(list, 'wait')
  for _, s in ipairs(list) do
    if s.name == a.affinity and not s.isProbe and s.wait <= soonest + AFFINITY_TOLERANCE then return s end
  end
  for _, s in ipairs(list) do if s.isProbe then return s end end
  local first = drawn(list, a.draws[1])
  local second = drawn(preferred(list, function(s) return s ~= first end), a.draws[2])
  return isBetter(second, first, a.now) and second or first
end
