//! The last events, and everybody who listens.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use store::person::PersonId;
use tokio::sync::broadcast;

use super::event::LiveEvent;

/// Events that are kept for streams that come back.
const KEPT: usize = 1_024;
/// Streams at most, and of one person (a tab has one).
const MAX_STREAMS: usize = 500;
const MAX_STREAMS_OF_A_PERSON: usize = 8;

/// An event with its number.
type Numbered = (u64, LiveEvent);

/// Shared by listener and streams.
#[derive(Debug, Clone)]
pub struct EventHub {
    /// Tells this process's numbers from those of another.
    origin: Arc<str>,
    state: Arc<Mutex<State>>,
    sender: broadcast::Sender<Numbered>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    kept: VecDeque<Numbered>,
    streams: HashMap<PersonId, usize>,
}

/// A stream that has been attached.
#[derive(Debug)]
pub struct Attached {
    /// What comes first: events missed, or a reset.
    pub backlog: Vec<Numbered>,
    /// What comes then.
    pub receiver: broadcast::Receiver<Numbered>,
    /// Held while the stream lasts.
    pub seat: Seat,
}

/// A place among the streams, free again when dropped.
#[derive(Debug)]
pub struct Seat {
    person: PersonId,
    state: Arc<Mutex<State>>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        if let Some(count) = state.streams.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                state.streams.remove(&self.person);
            }
        }
    }
}

impl EventHub {
    /// Without events yet; `origin` differs from process to process.
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.into(), state: Arc::default(), sender: broadcast::channel(KEPT).0 }
    }

    /// Numbers an event, keeps it and sends it to all streams.
    pub fn publish(&self, event: LiveEvent) {
        let mut state = lock(&self.state);
        state.last += 1;
        let numbered = (state.last, event);
        if state.kept.len() == KEPT {
            state.kept.pop_front();
        }
        state.kept.push_back(numbered.clone());
        // Sent under the lock, so that nobody attaches between keeping and sending.
        let _ = self.sender.send(numbered);
    }

    /// Attaches a stream. `None` where there are too many.
    pub fn attach(&self, person: PersonId, last_event_id: Option<&str>) -> Option<Attached> {
        let mut state = lock(&self.state);
        let all: usize = state.streams.values().sum();
        let own = state.streams.get(&person).copied().unwrap_or_default();
        if all >= MAX_STREAMS || own >= MAX_STREAMS_OF_A_PERSON {
            return None;
        }
        let backlog = last_event_id.map(|id| self.missed_since(id, &state)).unwrap_or_default();
        state.streams.insert(person, own + 1);
        let seat = Seat { person, state: Arc::clone(&self.state) };
        Some(Attached { backlog, receiver: self.sender.subscribe(), seat })
    }

    /// The id of an event in the stream.
    pub fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.origin)
    }

    fn missed_since(&self, id: &str, state: &State) -> Vec<Numbered> {
        let seen = id
            .strip_prefix(&*self.origin)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|number| number.parse::<u64>().ok())
            .filter(|seen| *seen <= state.last);
        let oldest_kept = state.last - state.kept.len() as u64;
        match seen {
            Some(seen) if seen >= oldest_kept => {
                state.kept.iter().filter(|(number, _)| *number > seen).cloned().collect()
            }
            _ => vec![(state.last, LiveEvent::Reset {})],
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn run(outcome: &str) -> LiveEvent {
        LiveEvent::Run { run_id: Uuid::nil(), outcome: outcome.to_owned() }
    }

    fn ann() -> PersonId {
        Uuid::from_u128(1).into()
    }

    #[test]
    fn a_stream_that_comes_back_gets_what_it_missed_and_nothing_twice() {
        let hub = EventHub::new("a");
        for outcome in ["one", "two", "three"] {
            hub.publish(run(outcome));
        }
        let attached = hub.attach(ann(), Some("a-1")).unwrap();
        assert_eq!(attached.backlog, [(2, run("two")), (3, run("three"))]);
        assert!(hub.attach(ann(), Some("a-3")).unwrap().backlog.is_empty());
        assert!(hub.attach(ann(), None).unwrap().backlog.is_empty());
    }

    #[test]
    fn what_the_ring_no_longer_holds_is_a_reset() {
        let hub = EventHub::new("a");
        for _ in 0..KEPT + 10 {
            hub.publish(run("x"));
        }
        for id in ["a-9", "b-1030", "a-99999", "nonsense", ""] {
            let backlog = hub.attach(ann(), Some(id)).unwrap().backlog;
            assert_eq!(backlog, [(KEPT as u64 + 10, LiveEvent::Reset {})], "{id}");
        }
        assert_eq!(hub.attach(ann(), Some("a-10")).unwrap().backlog.len(), KEPT);
    }

    #[test]
    fn streams_of_a_person_are_bounded_and_seats_come_free() {
        let hub = EventHub::new("a");
        let seats: Vec<_> = (0..8).map(|_| hub.attach(ann(), None).unwrap()).collect();
        assert!(hub.attach(ann(), None).is_none());
        assert!(hub.attach(Uuid::from_u128(2).into(), None).is_some());
        drop(seats);
        assert!(hub.attach(ann(), None).is_some());
    }
}
