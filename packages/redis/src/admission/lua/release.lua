-- Gives back a booking or an admission that will not be used. Idempotent.
-- ARGV[1]   JSON { lease, route, endpoint, limitGroup, credential, tokensReserved, now? }
-- Returns   1 if there was something to give back, else 0
local a = cjson.decode(ARGV[1])
local now = clock(a.now)
local wasAdmitted = redis.call('ZREM', P .. 'leases:' .. a.endpoint, a.lease) == 1
redis.call('ZREM', P .. 'probes:' .. a.endpoint, a.lease)
redis.call('ZREM', P .. 'reserved:' .. a.endpoint, a.lease)
redis.call('ZREM', P .. 'retries:' .. a.route, a.lease)

local c = loadCredential(redis.call('GET', P .. 'credential:' .. a.credential))
if c and c.probeLease == a.lease then
  c.probeLease, c.probeUntil = nil, nil
  saveCredential(a.credential, c, now)
end

local rawBooking = redis.call('GET', P .. 'booking:' .. a.lease)
local booking = rawBooking and cmsgpack.unpack(rawBooking)
redis.call('DEL', P .. 'booking:' .. a.lease)
local name = booking and now <= booking.at + 60000 and booking.group or wasAdmitted and a.limitGroup
if not name then return 0 end
local g = loadGroup(redis.call('GET', P .. 'group:' .. name), now)
giveStartBack(g, a.tokensReserved)
saveGroup(name, g, now)
return 1
