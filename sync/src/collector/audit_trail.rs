//! Audit trail: who changed what, by `cloudtrail:LookupEvents`, 50 events a page.
//!
//! ```text
//! what was read ─► reading::next ─► window ─► lookups ─► pages ─► chain, cursor
//!        ▲                                                   │
//!        └───────────── the whole window was read ◄──────────┘
//! ```
//!
//! A run reads on from what was completely read, the newest first, and begins with 90 days.
//! When nothing is left, an hour is swept once a day for operations that no list names;
//! those are read back as far as CloudTrail tells. Both ends of every window are pinned, and
//! with the token they are the step's cursor, so that another pod goes on inside a window.

use std::collections::BTreeSet;

use fleet::audit::{
    cloud_trail,
    reading::{self, Lookup, Measures, Stretch, Window},
};
use jiff::SignedDuration;
use store::{
    audit_reading::{self, Ended, Page, Reading},
    run_step::Next,
};

use super::work::{StepFailure, Work};
use crate::aws::error::CallError;

mod cursor;
mod ending;
mod listing;
mod own;
mod row;

use cursor::{By, Cursor, InHand};
use listing::{Listed, Listing};

/// Reads the trail of the step's region from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let reading = audit_reading::load(work.pool, work.step).await.map_err(|error| work.query_failed(error))?;
    let lag = reading::lag(&reading.covered, work.now);
    if lag >= reading::ALARM {
        tracing::warn!(
            aws.region = %work.step.region, lag_days = lag.as_hours() / 24,
            "the audit trail is far behind, and CloudTrail forgets after 90 days"
        );
    }
    let read = Reader { work, cursor: Cursor::parse(work.step.cursor.as_deref()) }.read().await;
    read.map_err(|failure| behind(failure, lag))
}

/// A failure says how far behind the trail is, when that is far.
fn behind(failure: StepFailure, lag: SignedDuration) -> StepFailure {
    let is_about_aws = !matches!(
        failure,
        StepFailure::Write(_) | StepFailure::Call(CallError::Pace { .. } | CallError::Stopped { .. })
    );
    if is_about_aws && lag >= reading::ALARM {
        StepFailure::Behind { days: lag.as_hours() / 24, failure: Box::new(failure) }
    } else {
        failure
    }
}

struct Reader<'a> {
    work: &'a Work<'a>,
    cursor: Cursor,
}

impl Reader<'_> {
    async fn read(mut self) -> Result<(), StepFailure> {
        loop {
            let in_hand = match self.cursor.in_hand.take() {
                Some(in_hand) => in_hand,
                None => match self.plan().await? {
                    Some(in_hand) => in_hand,
                    None => return self.finish().await,
                },
            };
            self.window(in_hand).await?;
        }
    }

    /// What to read now, in the order of importance.
    async fn plan(&self) -> Result<Option<InHand>, StepFailure> {
        let Work { pool, step, now, .. } = *self.work;
        let failed = |error| self.work.query_failed(error);
        let mut reading = audit_reading::load(pool, step).await.map_err(failed)?;
        reading.covered.until(now);
        let horizon = now - reading::KEPT;
        if !reading.covered.lost(horizon).is_empty() {
            audit_reading::lose(pool, step, horizon).await?;
        }
        let names = self.names().await?;
        if let Some(Window { stretch, by }) =
            reading::next(&reading.covered, &reading.measures, names.len() as u64, now)
        {
            let by = match by {
                Lookup::Changes => By::Changes,
                Lookup::Names => By::Names,
            };
            return Ok(Some(InHand::new(stretch, by)));
        }
        if let Some(hour) = reading::sweep(reading.swept_at, now) {
            return Ok(Some(InHand::new(hour, By::Service)));
        }
        let unlisted = audit_reading::unlisted(pool, step).await.map_err(failed)?;
        let unread = unlisted.into_iter().find(|operation| !operation.is_read_back);
        Ok(unread.map(|operation| {
            InHand::new(Stretch { from: horizon, to: now }, By::Operation(operation.source, operation.name))
        }))
    }

    /// The names of operations to look up: those of the lists, and those that were found.
    async fn names(&self) -> Result<BTreeSet<String>, StepFailure> {
        let unlisted = audit_reading::unlisted(self.work.pool, self.work.step).await;
        let unlisted = unlisted.map_err(|error| self.work.query_failed(error))?;
        let listed = cloud_trail::mutating_names().into_iter().map(str::to_owned);
        Ok(listed.chain(unlisted.into_iter().map(|operation| operation.name)).collect())
    }

    /// Reads a window to its end, or until it is given up for another one.
    async fn window(&mut self, mut in_hand: InHand) -> Result<(), StepFailure> {
        let names = self.names().await?;
        let Reading { measures, .. } =
            audit_reading::load(self.work.pool, self.work.step).await.map_err(|error| self.work.query_failed(error))?;
        let lookups = in_hand.by.lookups(&names);
        // The cursor names the lookup in hand; those before it are done.
        let done = lookups.iter().position(|lookup| Some(&lookup.value) == in_hand.lookup.as_ref());
        if done.is_none() {
            in_hand.token = None;
        }
        for (place, lookup) in lookups.iter().enumerate().skip(done.unwrap_or(0)) {
            in_hand.lookup = Some(lookup.value.clone());
            let mut listing = Listing::new(self.work, lookup, in_hand.stretch(), in_hand.token.take());
            loop {
                let listed = listing.page().await?;
                in_hand.count(&listed);
                self.cursor.malformed += listed.malformed;
                let is_last = listed.token.is_none() && place + 1 == lookups.len();
                let given_up =
                    if listed.token.is_none() { None } else { given_up(&in_hand, &listed, &measures, names.len()) };
                let ended = match given_up {
                    Some(measures) => Some(Ended::GivenUp(measures)),
                    None if is_last => Some(in_hand.ended(lookups.len() as u64)),
                    None => None,
                };
                let is_over = ended.is_some();
                let token = listed.token.clone();
                in_hand.token.clone_from(&token);
                if token.is_none()
                    && let Some(following) = lookups.get(place + 1)
                {
                    in_hand.lookup = Some(following.value.clone());
                }
                self.write(listed, (!is_over).then(|| in_hand.clone()), ended).await?;
                if is_over {
                    return Ok(());
                }
                if token.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn write(
        &mut self,
        listed: Listed,
        in_hand: Option<InHand>,
        ended: Option<Ended>,
    ) -> Result<(), StepFailure> {
        let Work { pool, step, ledger, now, .. } = *self.work;
        let cursor = Cursor { in_hand, ..self.cursor.clone() };
        let spent = ledger.take(listed.rejected);
        self.cursor.rejected += listed.rejected;
        let page = Page { events: listed.events, unlisted: &listed.unlisted, ended, now };
        audit_reading::write(pool, step, page, (&spent, &Next::From(cursor.to_string()))).await?;
        Ok(())
    }

    /// Everything was read: says what is missing all the same.
    async fn finish(self) -> Result<(), StepFailure> {
        let Work { pool, step, ledger, now, .. } = *self.work;
        let found = audit_reading::found(pool, step).await.map_err(|error| self.work.query_failed(error))?;
        let rejected = u64::try_from(step.rejected).unwrap_or(0) + self.cursor.rejected;
        let error = ending::error(&found, self.cursor.malformed, rejected);
        let page = Page { events: Vec::new(), unlisted: &BTreeSet::new(), ended: None, now };
        audit_reading::write(pool, step, page, (&ledger.take(0), &Next::End(error))).await?;
        Ok(())
    }
}

/// What is known when a window of all changes turns out to take more pages than names would.
fn given_up(in_hand: &InHand, listed: &Listed, measures: &Measures, names: usize) -> Option<Measures> {
    if in_hand.by != By::Changes {
        return None;
    }
    let Stretch { to, .. } = in_hand.stretch();
    let read = to.duration_since(listed.oldest?);
    measures.given_up(in_hand.pages, read, names as u64, in_hand.stretch().length())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use store::{QueryError, aws_pace::PaceError};

    use super::*;
    use crate::aws::{error::ErrorClass, operation::Operation};

    const OPERATION: Operation = Operation::LookupEvents;

    fn throttled() -> CallError {
        let (class, message) = (ErrorClass::Throttle, "Rate exceeded".to_owned());
        CallError::Aws { operation: OPERATION, class, code: None, message, attempts: 8 }
    }

    fn without_pace() -> CallError {
        CallError::Pace { operation: OPERATION, source: PaceError::Postgres(QueryError::PoolClosed) }
    }

    #[rstest]
    #[case::aws_keeps_it_from_being_read(throttled(), 61, true)]
    #[case::not_far_yet(throttled(), 59, false)]
    #[case::what_keeps_the_pace_is_down_for_the_whole_run(without_pace(), 61, false)]
    #[case::asked_to_stop(CallError::Stopped { operation: OPERATION }, 61, false)]
    fn only_a_failure_of_aws_is_told_with_how_far_behind_the_trail_is(
        #[case] error: CallError,
        #[case] days: i64,
        #[case] is_told: bool,
    ) {
        let failure = behind(StepFailure::Call(error), SignedDuration::from_hours(24 * days));
        assert_eq!(matches!(failure, StepFailure::Behind { days: 61, .. }), is_told, "{failure}");
    }
}
