//! Pace, the pure part: from tickets of the shared bucket to the moments at which calls
//! may be sent.
//!
//! The law: in any window `W` the calls that reach AWS are at most `rate × W + burst`,
//! retries included. GCRA with tolerance `τ = (burst − 1) / rate` gives exactly that for
//! calls that arrive at their ticket's time. Ours are sent a little late (a busy machine)
//! and arrive a little later (the network), which can push two bursts together, so the
//! tolerance is shared out: half of it is the burst we use, a quarter may pass before a
//! ticket is used (later it is thrown away), and a quarter is left for the way to AWS.
//! With a burst of 1 there is no tolerance to share, and the rate is lowered by 15 % instead.

use std::time::Duration;

use contract::Pace;
use store::aws_pace::Tickets;

/// How one lane (account, region, operation) may be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lane {
    /// Calls a second asked of the bucket.
    pub(crate) rate: f64,
    /// Seconds by which a ticket may be used before its theoretical arrival time.
    pub(crate) tolerance: f64,
    /// Seconds after which an unused ticket is thrown away.
    pub(crate) validity: f64,
    /// Tickets to take at once.
    pub(crate) batch: u32,
}

const LONE_CALL_MARGIN: f64 = 1.15;
const MOST_AT_ONCE: f64 = 64.0;

impl Lane {
    /// The lane for a pace.
    pub(crate) fn new(pace: Pace) -> Self {
        let tolerance = f64::from(pace.burst.saturating_sub(1)) / pace.rate;
        if tolerance <= 0.0 {
            let interval = 1.0 / pace.rate;
            return Self {
                rate: pace.rate / LONE_CALL_MARGIN,
                tolerance: 0.0,
                validity: interval * (LONE_CALL_MARGIN - 1.0) / 3.0,
                batch: 1,
            };
        }
        let validity = tolerance / 4.0;
        // Tickets taken together must all be due well within their validity. A fast lane
        // thus asks Postgres once for many calls, a slow one once for each.
        let batch = (pace.rate * validity / 2.0).clamp(1.0, MOST_AT_ONCE);
        Self { rate: pace.rate, tolerance: tolerance / 2.0, validity, batch: whole(batch) }
    }

    /// When each of the `tickets` may be used, in seconds after asking, earliest first.
    pub(crate) fn dues(&self, tickets: &Tickets) -> impl Iterator<Item = Duration> + use<> {
        let Self { tolerance, batch, .. } = *self;
        let (first_after, interval) = (tickets.first_after, tickets.interval);
        (0..batch).map(move |nth| {
            let arrival = first_after + f64::from(nth) * interval;
            Duration::try_from_secs_f64(arrival - tolerance).unwrap_or(Duration::ZERO)
        })
    }
}

/// A number from 1 to 64 without its fraction.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=64 by the caller")]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests;
