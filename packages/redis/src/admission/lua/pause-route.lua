-- Pauses a route, or resumes it. A route that is paused already keeps its first pause.
-- ARGV[1]   JSON { route, paused, by, now? }
-- Returns   1
local a = cjson.decode(ARGV[1])
local now = clock(a.now)
local r = loadRoute(redis.call('GET', P .. 'route:' .. a.route))
if a.paused and not r.paused then redis.call('HSET', P .. 'paused', a.route, now .. ' ' .. a.by)
elseif not a.paused then redis.call('HDEL', P .. 'paused', a.route) end
r.paused = a.paused
saveRoute(a.route, r)
return 1
