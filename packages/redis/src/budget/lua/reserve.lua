-- Reserves what a call may cost, if it fits into the budget beside what was spent and what other calls may cost.
--
-- KEYS  1-3 see account.lua  4 since when this Redis has its memory
-- ARGV  1 call  2 amount  3 budget  4 for how long, in ms  5 how long calls take at most to tell of themselves after a loss, in ms
-- Returns { 'reserved' | 'exhausted' | 'busy', spent } or { 'unopened', for how long to wait, in ms }.
local call, amount, budget, leaseMs, graceMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

if not isOpen() then
  local since = redis.call('GET', KEYS[4])
  if not since then
    since = whole(now)
    redis.call('SET', KEYS[4], since)
  end
  return { 'unopened', whole(math.max(0, tonumber(since) + graceMs - now)) }
end

dropLost()
drop(call)
local spent = field('spent')
if spent + tonumber(amount) > budget then return { 'exhausted', whole(spent) } end
if spent + field('reserved') + tonumber(amount) > budget then return { 'busy', whole(spent) } end
hold(call, amount, leaseMs)
return { 'reserved', whole(spent) }
