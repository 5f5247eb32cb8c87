-- What one tenant spends on one day. The beginning of each script on budgets.
--
-- KEYS  1 account, a hash: spent (absent until it is opened), reserved, late (settled before it was opened), alerted (the
--         budget under which one was warned)
--       2 amounts, a hash: what each call under way may cost at most
--       3 leases, a sorted set: when each reservation ends
-- Amounts are whole numbers of 10^-12 USD; Redis adds them as 64-bit integers.
local account, amounts, leases = KEYS[1], KEYS[2], KEYS[3]
local keptForMs = 172800000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- tostring would write large numbers with 14 digits only.
local function whole(number) return string.format('%.0f', number) end

local function field(name) return tonumber(redis.call('HGET', account, name) or 0) end

local function isOpen() return redis.call('HEXISTS', account, 'spent') == 1 end

local function drop(call)
  local amount = redis.call('HGET', amounts, call)
  if not amount then return end
  redis.call('HDEL', amounts, call)
  redis.call('ZREM', leases, call)
  redis.call('HINCRBY', account, 'reserved', whole(-tonumber(amount)))
end

-- Of workers that were lost.
local function dropLost()
  for _, call in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do drop(call) end
end

local function keep()
  for _, key in ipairs({ account, amounts, leases }) do redis.call('PEXPIRE', key, keptForMs) end
end

local function hold(call, amount, leaseMs)
  drop(call)
  redis.call('HSET', amounts, call, amount)
  redis.call('ZADD', leases, now + leaseMs, call)
  redis.call('HINCRBY', account, 'reserved', amount)
  keep()
end

-- 1 the first time that so much is spent under this budget.
local function alertOnce(spent, budget, alertAt)
  if spent < tonumber(alertAt) or redis.call('HGET', account, 'alerted') == budget then return 0 end
  redis.call('HSET', account, 'alerted', budget)
  return 1
end
