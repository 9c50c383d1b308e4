//! What to do next about an account that is being deleted. Pure.

use std::time::Duration;

use crds::{DeletionPolicy, Reason};
use jiff::{SignedDuration, Timestamp};

use super::situation::{Rows, Situation};
use crate::conditions::Verdict;

/// The CronJob controller may be making a Job right when its CronJob is suspended; by then
/// that Job is seen.
const SETTLING: SignedDuration = SignedDuration::from_secs(5);
/// After this the object goes, and its rows stay.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How long the pod of a completed purge may take to show up in the cache.
const LAST_WORDS: SignedDuration = SignedDuration::from_secs(5);
/// The pause after the first failed purge; doubled with each up to the longest.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(15);
const LONGEST_RETRY: SignedDuration = SignedDuration::from_mins(2);

/// How often to look at what no event tells: Jobs and pods of schedules wake those, not us.
const LOOK: Duration = Duration::from_secs(5);
/// How often to look at a paused object, whose namespace may come to its end.
pub(super) const PAUSED: Duration = Duration::from_secs(15);

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Take the finalizer off.
    Release(Release),
    /// Leave everything as it is.
    Pause,
    /// Make a purge Job, the first being number 0.
    Purge { attempt: usize },
    /// Look again later.
    Wait(Wait),
}

/// Why an object goes, and what becomes of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Release {
    /// The policy is `Retain` by now.
    Retained,
    /// The rows are another object's.
    Kept { by: String },
    /// The object never proved the account, so no rows are its own.
    NeverProven,
    /// The rows are gone; what the purge said.
    Purged { words: Option<String> },
    /// The namespace goes, and nothing can be made in it any more.
    NamespaceEnds,
    /// It failed for too long.
    GaveUp { why: String },
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// Of the condition `Purged`: unknown while something works, false from then on.
    pub(super) purged: Verdict,
    pub(super) reason: Reason,
    pub(super) message: String,
    pub(super) again: Duration,
}

impl Wait {
    fn for_work(what: &str) -> Self {
        let message = format!("the rows are removed when nothing can write any more, but {what}");
        Self { purged: Verdict::Unknown, reason: Reason::WaitingForJobs, message, again: LOOK }
    }

    pub(super) fn purging(reason: Reason, message: String) -> Self {
        Self { purged: Verdict::False, reason, message, again: LOOK }
    }

    pub(super) fn failing(why: String) -> Self {
        Self::purging(Reason::PurgeFailing, why)
    }
}

/// An ordered chain: the first that has something to say decides.
pub(super) fn step(situation: &Situation, now: Timestamp) -> Step {
    if situation.policy == DeletionPolicy::Retain {
        return Step::Release(Release::Retained);
    }
    if situation.namespace_ends {
        return Step::Release(Release::NamespaceEnds);
    }
    if situation.is_paused {
        return Step::Pause;
    }
    if let Some(done) = &situation.purges.done {
        let may_yet_speak = done.words.is_none() && now.duration_since(done.ended) < LAST_WORDS;
        if may_yet_speak {
            return Step::Wait(Wait::purging(Reason::Purging, "the rows are gone".to_owned()));
        }
        return Step::Release(Release::Purged { words: done.words.clone() });
    }
    if situation.purges.active.is_some() {
        return at_work(situation, now);
    }
    match &situation.rows {
        Rows::Kept { by } => Step::Release(Release::Kept { by: by.clone() }),
        Rows::NeverOurs => Step::Release(Release::NeverProven),
        Rows::Ours => begin(situation, now),
    }
}

/// A purge that runs is left alone, however long it takes; one that does not start is not.
fn at_work(situation: &Situation, now: Timestamp) -> Step {
    let Some(active) = &situation.purges.active else { return begin(situation, now) };
    if !active.is_running && is_too_late(situation, now) {
        return Step::Release(Release::GaveUp { why: why(situation) });
    }
    let (reason, message) = match &active.waiting_for {
        Some(waiting) => (Reason::PurgeFailing, format!("the Job {} does not start: {waiting}", active.job)),
        None => (Reason::Purging, format!("the Job {} removes the rows", active.job)),
    };
    Step::Wait(Wait::purging(reason, message))
}

/// No purge is at work, and the rows are ours to remove.
fn begin(situation: &Situation, now: Timestamp) -> Step {
    if is_too_late(situation, now) {
        return Step::Release(Release::GaveUp { why: why(situation) });
    }
    if situation.children_go {
        return Step::Wait(Wait::for_work("Kubernetes still removes the children of this object: wait"));
    }
    if let Some(what) = &situation.work_left {
        return Step::Wait(Wait::for_work(what));
    }
    let settled = situation.quiet_since.is_some_and(|since| now.duration_since(since) >= SETTLING);
    if !settled {
        return Step::Wait(Wait::purging(
            Reason::Purging,
            "nothing writes rows any more, their removal begins".to_owned(),
        ));
    }
    let attempt = situation.purges.failed.len();
    match situation.purges.failed.last() {
        Some(last) if now.duration_since(last.ended) < pause(attempt) => Step::Wait(Wait::failing(last.words.clone())),
        Some(_) | None => Step::Purge { attempt },
    }
}

fn is_too_late(situation: &Situation, now: Timestamp) -> bool {
    situation.quiet_since.is_some_and(|since| now.duration_since(since) >= PATIENCE)
}

fn why(situation: &Situation) -> String {
    let failed = situation.purges.failed.last().map(|last| last.words.clone());
    failed.or_else(|| situation.last_words.clone()).unwrap_or_default()
}

fn pause(failures: usize) -> SignedDuration {
    let doubled = u32::try_from(failures).map_or(i32::MAX, |failures| 2_i32.saturating_pow(failures.saturating_sub(1)));
    FIRST_RETRY.checked_mul(doubled).map_or(LONGEST_RETRY, |pause| pause.min(LONGEST_RETRY))
}
