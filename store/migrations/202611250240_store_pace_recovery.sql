-- How a throttled pace recovers: each full minute since the last throttle adds a tenth.
-- Two functions, so that taking tickets stays one statement that reads well. They look at
-- the clock and not at the transaction's start, because the row's lock may be waited for.

create function paced_minutes(recovered_at timestamptz) returns integer
language sql volatile as $$
    -- 200 minutes recover any rate; the bound keeps the power below within range.
    select least(200, greatest(0, floor(extract(epoch from clock_timestamp() - recovered_at) / 60)))::integer
$$;

create function paced_rate(rate double precision, base_rate double precision, recovered_at timestamptz)
returns double precision
language sql volatile as $$
    select case
        when recovered_at is null then base_rate
        else least(base_rate, rate * power(1.1::double precision, paced_minutes(recovered_at)))
    end
$$;

-- The moment up to which recovery has been paid out; null stays null.
create function paced_recovery(recovered_at timestamptz) returns timestamptz
language sql volatile as $$
    select recovered_at + paced_minutes(recovered_at) * interval '1 minute'
$$;
