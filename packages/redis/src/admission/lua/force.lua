-- An operator's word over an endpoint's breaker. It stays until it is given back with 'auto'; then an open breaker lets probes
-- through at once.
-- ARGV[1]   JSON { endpoint, state: 'open' | 'closed' | 'auto', by, now? }
-- Returns   { breaker before, breaker after }
local a = cjson.decode(ARGV[1])
local now = clock(a.now)
local e = loadEndpoint(redis.call('GET', P .. 'endpoint:' .. a.endpoint))
local before = shownBreaker(e)
if a.state == 'open' then open(a.endpoint, e, now, 0, a.by, now)
elseif a.state == 'closed' then close(a.endpoint, e, a.by, now)
else keepHistory(a.endpoint, e, a.by, now) end
e.rest.forced = a.state ~= 'auto' and a.state or nil
saveEndpoint(a.endpoint, e)
return { before, shownBreaker(e) }
