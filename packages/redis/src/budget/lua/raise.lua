-- Opens an account, or raises it to what was spent at least. What was settled before it was opened may not be in that yet, and is
-- added: rather too much than too little.
--
-- KEYS  1-3 see account.lua
-- ARGV  1 spent at least  2 budget  3 from how much on one is warned
-- Returns { spent, 1 if one is to be warned }.
local least, budget, alertAt = tonumber(ARGV[1]), ARGV[2], ARGV[3]

local spent = math.max(field('spent'), least) + field('late')
redis.call('HDEL', account, 'late')
redis.call('HSET', account, 'spent', whole(spent))
keep()
return { whole(spent), alertOnce(spent, budget, alertAt) }
