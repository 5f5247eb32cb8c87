-- Keeps the reservation of a call under way, and makes it again if it was forgotten.
--
-- KEYS  1-3 see account.lua
-- ARGV  1 call  2 amount  3 for how long, in ms
hold(ARGV[1], ARGV[2], tonumber(ARGV[3]))
return 1
