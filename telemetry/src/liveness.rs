//! Whether the process still works: heartbeats of its loops.
//!
//! Flows in: [`Heartbeat::beat`] from each loop that must go on. Flows out: the
//! names of loops that have been silent too long. Liveness never looks at other
//! systems: a database that is down must not restart the programs that use it.
//! Deliberately absent: a clock of its own in the verdict; `now` is passed in.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The heartbeats of a program; clones share them.
#[derive(Clone, Debug)]
pub struct Liveness {
    /// Beats are kept as milliseconds since this moment.
    origin: Instant,
    loops: Arc<Mutex<Vec<Loop>>>,
}

#[derive(Debug)]
struct Loop {
    name: &'static str,
    max_silence: Duration,
    last_beat_ms: Arc<AtomicU64>,
}

/// One loop's sign of life; cheap enough to call every turn.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    origin: Instant,
    last_beat_ms: Arc<AtomicU64>,
}

impl Default for Liveness {
    fn default() -> Self {
        Self { origin: Instant::now(), loops: Arc::default() }
    }
}

impl Liveness {
    /// Adds a loop that counts as dead after `max_silence` without a beat. The
    /// silence counts from now, so a loop that never starts is noticed too.
    pub fn watch(&self, name: &'static str, max_silence: Duration) -> Heartbeat {
        let heartbeat = Heartbeat { origin: self.origin, last_beat_ms: Arc::default() };
        heartbeat.beat();
        self.loops.lock().unwrap_or_else(PoisonError::into_inner).push(Loop {
            name,
            max_silence,
            last_beat_ms: Arc::clone(&heartbeat.last_beat_ms),
        });
        heartbeat
    }

    /// The loops that have been silent too long at `now`; none means alive.
    pub fn silent_loops(&self, now: Instant) -> Vec<&'static str> {
        let now_ms = millis_between(self.origin, now);
        self.loops
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|watched| {
                let silence = now_ms.saturating_sub(watched.last_beat_ms.load(Ordering::Relaxed));
                Duration::from_millis(silence) > watched.max_silence
            })
            .map(|watched| watched.name)
            .collect()
    }
}

impl Heartbeat {
    /// Says that the loop goes on.
    pub fn beat(&self) {
        self.beat_at(Instant::now());
    }

    fn beat_at(&self, now: Instant) {
        self.last_beat_ms.fetch_max(millis_between(self.origin, now), Ordering::Relaxed);
    }
}

fn millis_between(origin: Instant, now: Instant) -> u64 {
    let elapsed = now.saturating_duration_since(origin).as_millis();
    u64::try_from(elapsed).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_SILENCE: Duration = Duration::from_secs(30);

    #[test]
    fn a_program_without_loops_is_alive() {
        assert!(Liveness::default().silent_loops(Instant::now()).is_empty());
    }

    #[test]
    fn a_silent_loop_is_named_and_a_beating_one_is_not() {
        let liveness = Liveness::default();
        let watch = liveness.watch("watch", MAX_SILENCE);
        let _lease = liveness.watch("lease", MAX_SILENCE);
        let later = Instant::now() + Duration::from_mins(1);
        watch.beat_at(later);
        assert_eq!(liveness.silent_loops(later), ["lease"]);
    }

    #[test]
    fn silence_counts_from_the_last_beat() {
        let liveness = Liveness::default();
        let heartbeat = liveness.watch("watch", MAX_SILENCE);
        let beat = Instant::now() + Duration::from_mins(1);
        heartbeat.beat_at(beat);
        assert!(liveness.silent_loops(beat + MAX_SILENCE).is_empty());
        let too_late = beat + MAX_SILENCE + Duration::from_millis(1);
        assert_eq!(liveness.silent_loops(too_late), ["watch"]);
    }

    #[test]
    fn an_older_beat_never_takes_a_newer_one_back() {
        let liveness = Liveness::default();
        let heartbeat = liveness.watch("watch", MAX_SILENCE);
        let earlier = Instant::now() + Duration::from_secs(10);
        let beat = earlier + Duration::from_secs(50);
        heartbeat.beat_at(beat);
        heartbeat.beat_at(earlier);
        assert!(liveness.silent_loops(beat + MAX_SILENCE).is_empty());
    }
}
