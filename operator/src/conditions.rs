//! Conditions in the shape that kstatus reads: `Ready` always, `Reconciling`, `Stalled` and
//! `Paused` only while true.

use crds::{
    Reason,
    conditions::{Condition, ConditionType, find},
};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// What a condition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    True,
    False,
    Unknown,
}

impl Verdict {
    pub(crate) const fn of(good: bool) -> Self {
        if good { Self::True } else { Self::False }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// Builds a list of conditions from scratch, keeping the transition times of the old list
/// where a status did not change.
#[derive(Debug)]
pub(crate) struct ConditionsBuilder<'a> {
    old: &'a [Condition],
    generation: i64,
    now: Timestamp,
    list: Vec<Condition>,
}

/// The API server stores messages up to this length (our schema).
const LONGEST_MESSAGE: usize = 2048;

impl<'a> ConditionsBuilder<'a> {
    pub(crate) fn new(old: &'a [Condition], generation: i64, now: Timestamp) -> Self {
        Self { old, generation, now, list: Vec::new() }
    }

    /// Adds a condition.
    pub(crate) fn set(
        mut self,
        type_: ConditionType,
        verdict: Verdict,
        reason: Reason,
        message: impl Into<String>,
    ) -> Self {
        let status = verdict.as_str();
        let last_transition_time = match find(self.old, type_) {
            Some(old) if old.status == status => old.last_transition_time.clone(),
            _ => Time(whole_seconds(self.now)),
        };
        self.list.push(Condition {
            type_: type_.as_str().to_owned(),
            status: status.to_owned(),
            observed_generation: Some(self.generation),
            last_transition_time,
            reason: reason.to_string(),
            message: shortened(message.into()),
        });
        self
    }

    /// Adds a condition that is there only while true.
    pub(crate) fn set_while(
        self,
        present: bool,
        type_: ConditionType,
        reason: Reason,
        message: impl Into<String>,
    ) -> Self {
        if present { self.set(type_, Verdict::True, reason, message) } else { self }
    }

    pub(crate) fn build(self) -> Vec<Condition> {
        self.list
    }
}

/// Kubernetes writes times in whole seconds.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// The old list with `Paused` added, everything else as it was.
pub(crate) fn paused(old: &[Condition], generation: i64, now: Timestamp) -> Vec<Condition> {
    let mut list: Vec<Condition> =
        old.iter().filter(|condition| condition.type_ != ConditionType::Paused.as_str()).cloned().collect();
    let message = "the annotation deskfleet.dev/reconcile is \"disabled\": remove it to go on";
    let paused = ConditionsBuilder::new(old, generation, now)
        .set(ConditionType::Paused, Verdict::True, Reason::ReconcileDisabled, message)
        .build();
    list.extend(paused);
    list
}

fn shortened(mut message: String) -> String {
    if let Some((cut, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
        message.truncate(cut);
        message.push('…');
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ready(old: &[Condition], verdict: Verdict, second: i64) -> Vec<Condition> {
        ConditionsBuilder::new(old, 1, at(second)).set(ConditionType::Ready, verdict, Reason::Applied, "m").build()
    }

    #[test]
    fn the_transition_time_moves_only_with_the_status() {
        let first = ready(&[], Verdict::False, 10);
        let same = ready(&first, Verdict::False, 20);
        let other = ready(&same, Verdict::True, 30);
        assert_eq!(same[0].last_transition_time.0, at(10));
        assert_eq!(other[0].last_transition_time.0, at(30));
    }

    #[test]
    fn a_condition_that_is_not_true_is_left_out() {
        let list = ConditionsBuilder::new(&[], 1, at(0))
            .set_while(false, ConditionType::Stalled, Reason::InvalidSpec, "m")
            .build();
        assert!(list.is_empty());
    }

    #[test]
    fn pausing_changes_nothing_else_and_pausing_twice_is_pausing_once() {
        let before = ready(&[], Verdict::True, 10);
        let once = paused(&before, 2, at(20));
        assert_eq!(once[0], before[0]);
        assert_eq!(paused(&once, 2, at(30)), once);
    }

    #[test]
    fn a_message_of_any_length_fits_the_schema() {
        let list = ConditionsBuilder::new(&[], 1, at(0))
            .set(ConditionType::Ready, Verdict::True, Reason::Applied, "ü".repeat(9000))
            .build();
        assert!(list[0].message.chars().count() <= 4096);
    }
}
