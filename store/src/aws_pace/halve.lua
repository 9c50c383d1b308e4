-- AWS throttled a call of the bucket KEYS[1]: halves its rate, once a second at most.
--   ARGV: calls a second as configured, the slowest rate
-- Answers: the rate from now on.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'rate', 'throttled')
local rate, throttled = tonumber(kept[1]) or tonumber(ARGV[1]), tonumber(kept[2])
if not throttled or now - throttled > 1 then
  rate = math.max(rate / 2, tonumber(ARGV[2]))
  local at = string.format('%.6f', now)
  redis.call('HSET', KEYS[1], 'rate', string.format('%.9f', rate), 'throttled', at, 'recovered', at)
  redis.call('EXPIRE', KEYS[1], 86400)
end
return string.format('%.9f', rate)
