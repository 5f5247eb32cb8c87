-- Prolongs the leases of calls that take long. Those that were settled or given back stay so.
-- ARGV[1]   JSON { leases: [ { lease, route, endpoint, leaseMs } ], now? }
-- Returns   the number of leases that were still held
local a = cjson.decode(ARGV[1])
local now = clock(a.now)
local held = 0
for _, each in ipairs(a.leases) do
  local expiresAt = now + each.leaseMs
  local key = P .. 'leases:' .. each.endpoint
  if redis.call('ZSCORE', key, each.lease) then
    held = held + 1
    addLease(key, each.lease, expiresAt, now)
    redis.call('ZADD', P .. 'probes:' .. each.endpoint, 'XX', expiresAt, each.lease)
    redis.call('ZADD', P .. 'retries:' .. each.route, 'XX', expiresAt, each.lease)
  end
end
return held
