//! The law of the pace, over a model of the bucket and callers that are late.

use proptest::prelude::*;
use store::aws_pace::Memory;

use super::*;

/// The bucket as Postgres keeps it (`store::aws_pace`), with time as a number.
#[derive(Default)]
struct Bucket {
    arrival: f64,
}

impl Bucket {
    fn take(&mut self, now: f64, lane: Lane) -> Tickets {
        let first = self.arrival.max(now);
        self.arrival = first + f64::from(lane.batch) / lane.rate;
        Tickets { first_after: first - now, interval: 1.0 / lane.rate, memory: Memory::Lasting }
    }
}

/// Calls at most in any window of the sorted times `sent`: worst excess over the law.
fn worst_excess(sent: &[f64], pace: Pace) -> f64 {
    let mut worst = f64::MIN;
    for (first, start) in sent.iter().enumerate() {
        for (last, end) in sent.iter().enumerate().skip(first) {
            let calls = u32::try_from(last - first + 1).unwrap();
            let allowed = pace.rate * (end - start) + f64::from(pace.burst);
            worst = worst.max(f64::from(calls) - allowed);
        }
    }
    worst
}

proptest! {
    #[test]
    fn calls_never_exceed_rate_times_window_plus_burst(
        rate in 0.2_f64..200.0,
        burst in 1_u32..40,
        // For each taking of tickets: idle time before it, and for each ticket how much
        // of its validity passes and how long the network takes, as parts of their shares.
        takings in proptest::collection::vec((0.0_f64..3.0, 0.0_f64..1.0, 0.0_f64..1.0), 1..60),
    ) {
        let pace = Pace { rate, burst };
        let lane = Lane::new(pace);
        let network = if burst == 1 { 2.0 * lane.validity } else { lane.validity };
        let (mut bucket, mut now, mut arrived) = (Bucket::default(), 0.0, Vec::new());
        for (idle, late, slow) in takings {
            now += idle / rate;
            for due in lane.dues(&bucket.take(now, lane)) {
                arrived.push(now + due.as_secs_f64() + late * lane.validity + slow * network);
            }
        }
        arrived.sort_by(f64::total_cmp);
        let excess = worst_excess(&arrived, pace);
        prop_assert!(excess <= 1e-6, "{excess} calls too many");
    }

    #[test]
    fn a_lane_kept_busy_uses_nearly_the_whole_rate(rate in 0.2_f64..200.0, burst in 1_u32..40) {
        let lane = Lane::new(Pace { rate, burst });
        let mut bucket = Bucket::default();
        let calls = 200 / lane.batch * lane.batch;
        let last = (0..calls / lane.batch).flat_map(|_| lane.dues(&bucket.take(0.0, lane))).last().unwrap();
        let ideal = f64::from(calls) / rate;
        prop_assert!(last.as_secs_f64() <= ideal * 1.16, "{last:?} instead of {ideal} s");
    }
}

#[test]
fn an_idle_lane_starts_with_half_its_burst_at_once() {
    let lane = Lane::new(Pace { rate: 1.5, burst: 3 });
    let mut bucket = Bucket::default();
    let dues: Vec<f64> = (0..4).flat_map(|_| lane.dues(&bucket.take(0.0, lane))).map(|due| due.as_secs_f64()).collect();
    let expected = [0.0, 0.0, 2.0 / 3.0, 4.0 / 3.0];
    assert!(dues.iter().zip(expected).all(|(due, expected)| (due - expected).abs() < 1e-6), "{dues:?}");
}

#[test]
fn a_fast_lane_asks_for_many_tickets_at_once() {
    assert_eq!(Lane::new(Pace { rate: 1.5, burst: 3 }).batch, 1);
    assert_eq!(Lane::new(Pace { rate: 100_000.0, burst: 10_000 }).batch, 64);
}
