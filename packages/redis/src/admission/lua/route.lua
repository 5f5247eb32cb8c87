-- The record of a route. Prelude.
-- Fields    slot, calls, callsBefore, retries, retriesBefore         first and repeated calls by slots of time
--           line, paused (absent: no)
local ROUTE = '>ddddddd'

local function loadRoute(raw)
  if not raw then return { slot = 0, calls = 0, callsBefore = 0, retries = 0, retriesBefore = 0, line = 0 } end
  local slot, calls, callsBefore, retries, retriesBefore, line, paused = struct.unpack(ROUTE, raw)
  return { slot = slot, calls = calls, callsBefore = callsBefore, retries = retries, retriesBefore = retriesBefore, line = line, paused = paused == 1 }
end

local function saveRoute(name, r)
  local packed = struct.pack(ROUTE, r.slot, r.calls, r.callsBefore, r.retries, r.retriesBefore, r.line, r.paused and 1 or 0)
  save(P .. 'route:' .. name, packed, not r.paused and DAY)
end
