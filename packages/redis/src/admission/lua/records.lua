-- Reading and writing what is kept of admission. Prelude of the scripts that follow it in one text.
-- KEYS[1]   prefix of every key, with the hash tag, e.g. {sluice:adm}:
-- Keys      <prefix>endpoint:NAME      record of an endpoint: breaker, concurrency cap, latency, counts of the present second
--           <prefix>calls:NAME         hash, second -> "calls failures slow" of the seconds before, for the breaker's windows
--           <prefix>leases:NAME        sorted set, lease -> when it expires: the calls that run, or wait for their start
--           <prefix>probes:NAME        the same, of the calls that probe a half-open endpoint
--           <prefix>reserved:NAME      the same, of the callers who get the next free places
--           <prefix>history:NAME       list of "ms state calls,failures,slow by" ("-": not decided on calls), newest first
--           <prefix>group:NAME         record of a limit group: buckets, limits, what was seen of it
--           <prefix>credential:NAME    record of a disabled credential
--           <prefix>route:NAME         record of a route: retry budget, pause
--           <prefix>retries:ROUTE      sorted set, lease -> when it expires: the repeated calls that run
--           <prefix>booking:LEASE      a lease's place among all that is booked of a group
--           <prefix>paused             hash, route -> "ms by": routes paused by an operator
-- Rules     A record is what every call reads and writes, as numbers in a fixed order (a third of the time that a map takes), followed by
--           the rest as a MessagePack map. Whoever changes the order changes the prefix too.
--           All keys expire when they are not used, except what an operator said: a forced endpoint, a paused route.
--           Times are milliseconds by this server's clock. The rules themselves are those of @sluice/resilience.
local P = KEYS[1]
local DAY = 86400000
local LATE_SETTLE = 3600000        -- how long an expired lease can still be settled

local function clock(given)
  if given then return given end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function save(key, packed, ttl)
  if ttl then redis.call('SET', key, packed, 'PX', ttl) else redis.call('SET', key, packed) end
end

-- What follows the numbers of a record; `next` is the position after them.
local function restOf(raw, next)
  return next <= #raw and cmsgpack.unpack(string.sub(raw, next)) or {}
end

local function numberOr(value, absent)
  return value ~= absent and value or nil
end

local function loadCredential(raw)
  return raw and cmsgpack.unpack(raw)
end

local function saveCredential(name, c, now)
  local key = P .. 'credential:' .. name
  if c then save(key, cmsgpack.pack(c), math.ceil(math.max(0, c.untilMs - now)) + DAY) else redis.call('DEL', key) end
end

local function liveLeases(key, now)
  return redis.call('ZCOUNT', key, '(' .. now, '+inf')
end

-- Keeps a set of leases from growing and from living for ever.
local function tidyLeases(key, latest, now)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. now - LATE_SETTLE)
  redis.call('PEXPIRE', key, math.ceil(latest - now) + DAY)
end

local function addLease(key, lease, expiresAt, now)
  redis.call('ZADD', key, expiresAt, lease)
  tidyLeases(key, expiresAt, now)
end
