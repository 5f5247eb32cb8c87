-- Puts what a call has cost in the place of its reservation.
--
-- KEYS  1-3 see account.lua
-- ARGV  1 call  2 cost  3 budget  4 from how much on one is warned
-- Returns { spent, 1 if one is to be warned }. Before the account is opened the cost is kept for then.
local call, cost, budget, alertAt = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

drop(call)
if not isOpen() then
  redis.call('HINCRBY', account, 'late', cost)
  keep()
  return { '0', 0 }
end
redis.call('HINCRBY', account, 'spent', cost)
keep()
local spent = field('spent')
return { whole(spent), alertOnce(spent, budget, alertAt) }
