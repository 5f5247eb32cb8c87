-- Finds the entries that no worker would ever get: absent ones, and stranded ones, whose hash is there but which stand in no
-- line and with no worker (what an interrupted removal leaves; it keeps the entry from being added again).
--
-- KEYS  1 prioritized  2 delayed  3 active  4 wait
-- ARGV  1 prefix of the queue's keys, then the ids
-- Returns the places of the absent ids, counted from 0, and those of the stranded.
local prioritized, delayed, active, wait = unpack(KEYS)
local prefix = ARGV[1]

local function stands(id)
  if redis.call('ZSCORE', prioritized, id) or redis.call('ZSCORE', delayed, id) then return true end
  return redis.call('LPOS', active, id) or redis.call('LPOS', wait, id)
end

local absent, stranded = {}, {}
for at = 2, #ARGV do
  if redis.call('EXISTS', prefix .. ARGV[at]) == 0 then
    absent[#absent + 1] = at - 2
  elseif not stands(ARGV[at]) then
    stranded[#stranded + 1] = at - 2
  end
end
return { absent, stranded }
