-- Takes tickets from the bucket KEYS[1].
--   ARGV: calls a second as configured, how many tickets, tolerance of the burst in seconds
-- Answers: seconds to the first ticket, seconds between tickets, run id of this server.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local base, count, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local kept = redis.call('HMGET', KEYS[1], 'rate', 'arrival', 'recovered', 'run')
local rate, arrival, recovered = tonumber(kept[1]) or base, tonumber(kept[2]) or 0, tonumber(kept[3])

-- Each full minute since the last throttle adds a tenth.
if recovered then
  local minutes = math.min(200, math.max(0, math.floor((now - recovered) / 60)))
  rate = math.min(base, rate * 1.1 ^ minutes)
  redis.call('HSET', KEYS[1], 'recovered', string.format('%.6f', recovered + minutes * 60))
else
  rate = base
end

-- This server may have lost what was taken before it started: its burst counts as used.
if kept[4] ~= run then
  arrival = math.max(arrival, now + tolerance)
end

local first = math.max(now, arrival)
redis.call('HSET', KEYS[1], 'rate', string.format('%.9f', rate), 'run', run,
  'arrival', string.format('%.6f', first + count / rate))
-- A day of rest is longer than any recovery.
redis.call('EXPIRE', KEYS[1], math.ceil(first - now + count / rate) + 86400)
return {string.format('%.6f', first - now), string.format('%.9f', 1 / rate), run}
