//! Cost: what AWS charges for the fleet, by Cost Explorer. One step an account, because AWS
//! has one Cost Explorer a partition.
//!
//! ```text
//! what is due ─► services ─► latest days ─► forecast ─► older months ─► single resources
//! ```
//!
//! Each page of an answer is a paid request, so what is wanted most comes first and what is
//! fresh is not asked for: a budget that runs out ends the step, and the next run goes on with
//! the months that are missing. Deliberately absent: which days to read again (that is
//! `fleet::cost::reading`), and what the figures mean (docs/explanation/costs.md).

use contract::Trigger;
use fleet::cost::reading::{self, Window};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use store::{
    cost::{self, Part, Reading, State},
    run_step::{self, StepError},
};

use super::work::{StepFailure, Work};
use crate::aws::{caller::Charge, error::ErrorClass, purse::price_of_cost_request};

pub(super) mod answers;
pub(crate) mod asking;
mod days;
mod forecast;
mod questions;
mod resources;
mod services;

use days::Progress;
use services::Services;

/// AWS refreshes costs three times a day.
const FRESH: SignedDuration = SignedDuration::from_hours(8);
/// A person who asks twice in a row is not charged twice.
const JUST_READ: SignedDuration = SignedDuration::from_mins(10);
/// How long what an account does not have is taken for granted.
const ABSENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Reads the costs of the step's account, from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    if let Some(progress) = work.step.cursor.as_deref().and_then(Progress::from_cursor) {
        match days::go_on(work, progress).await {
            // AWS has no code for a token that is too old: it calls the request wrong.
            Err(StepFailure::Call(error)) if error.class() == Some(ErrorClass::BadRequest) => {
                tracing::info!(step.id = work.step.step_id, %error, "the token is dead, starting over");
                run_step::restart_listing(work.pool, work.step).await?;
            }
            read => read?,
        }
    }
    let today = work.today();
    let due = Due::find(work, today).await.map_err(|source| work.query_failed(source))?;
    if due.is_nothing() {
        tracing::debug!(step.id = work.step.step_id, "the costs are fresh");
        return Ok(run_step::end(work.pool, work.step, &work.ledger.take(0), None).await?);
    }
    let services = services::find(work, due.span(today)).await?;
    if services.is_empty() {
        return Ok(cost::end_without_charges(work.pool, work.step, &work.ledger.take(0), work.now).await?);
    }
    let missing = read(work, today, &due, &services).await?;
    Ok(run_step::end(work.pool, work.step, &work.ledger.take(0), missing).await?)
}

/// Reads what is due; why the forecast is missing, which keeps nothing else from being read.
async fn read(work: &Work<'_>, today: Date, due: &Due, services: &Services) -> Result<Option<StepError>, StepFailure> {
    let reader = days::Reader::prepare(work, services, due.windows().next().map(|_| due.span(today))).await?;
    if let Some(latest) = due.latest {
        reader.read(latest, true).await?;
    }
    let mut missing = None;
    if due.forecast {
        let forecast = forecast::read(work, services, today).await;
        missing = forecast.map_or_else(forecast::without, |()| Ok(None))?;
    }
    for month in &due.months {
        reader.read(*month, false).await?;
    }
    if let Some(window) = due.resources {
        resources::read(work, services, window).await?;
    }
    Ok(missing)
}

/// What one request, and so one page, takes.
fn paid() -> Charge {
    Charge { tickets: 1, price: price_of_cost_request() }
}

/// What has to be read.
struct Due {
    latest: Option<Window>,
    forecast: bool,
    /// Older months, newest first.
    months: Vec<Window>,
    resources: Option<Window>,
}

impl Due {
    async fn find(work: &Work<'_>, today: Date) -> Result<Self, store::QueryError> {
        let (pool, account) = (work.pool, &work.step.account);
        let known = cost::known(pool, account).await?;
        let mut windows = reading::windows(today, &known).into_iter();
        let latest = windows.next();
        let [days, forecast, resources] = [
            cost::read_of(pool, account, Part::Days).await?,
            cost::read_of(pool, account, Part::Forecast).await?,
            cost::read_of(pool, account, Part::Resources).await?,
        ];
        let is_due = |reading: &Option<Reading>| is_due(reading.as_ref(), work.now, work.trigger);
        Ok(Self {
            latest: latest.filter(|_| is_due(&days)),
            forecast: is_due(&forecast),
            months: windows.filter(|month| is_kept(*month, today, work.cost_days)).collect(),
            resources: is_due(&resources)
                .then(|| resources::window(today, resources.and_then(|reading| reading.through))),
        })
    }

    fn windows(&self) -> impl Iterator<Item = Window> {
        self.latest.into_iter().chain(self.months.iter().copied())
    }

    fn is_nothing(&self) -> bool {
        self.windows().next().is_none() && !self.forecast && self.resources.is_none()
    }

    /// All days that are due.
    fn span(&self, today: Date) -> Window {
        let windows: Vec<Window> = self.windows().chain(self.resources).collect();
        let start = windows.iter().map(|window| window.start).min();
        let end = today.tomorrow().unwrap_or(Date::MAX);
        Window { start: start.unwrap_or_else(|| reading::first_kept(today)), end }
    }
}

/// Whether any day of a month is within the days that an account keeps its costs: what
/// retention would remove is not paid for.
fn is_kept(month: Window, today: Date, cost_days: Option<u32>) -> bool {
    let Some(days) = cost_days else { return true };
    month.end > today.saturating_sub(i64::from(days).days())
}

/// Whether a part is to be asked for at `now`.
fn is_due(reading: Option<&Reading>, now: Timestamp, trigger: Trigger) -> bool {
    let Some(reading) = reading else { return true };
    let keep = match (trigger, reading.state) {
        (Trigger::Request, _) => JUST_READ,
        (Trigger::Schedule, State::Complete) => FRESH,
        (Trigger::Schedule, State::Unavailable | State::Denied) => ABSENT,
    };
    let age = now.duration_since(reading.at);
    // A reading of the future was made by a clock that was wrong.
    age >= keep || age.is_negative()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::as_long_as_aws_has_them(None, true)]
    #[case::a_day_of_it(Some(79), true)]
    #[case::none_of_it(Some(78), false)]
    fn months_that_retention_would_remove_are_not_paid_for(#[case] days: Option<u32>, #[case] kept: bool) {
        let today = jiff::civil::date(2026, 3, 20);
        let december = Window { start: jiff::civil::date(2025, 12, 1), end: jiff::civil::date(2026, 1, 1) };
        assert_eq!(is_kept(december, today, days), kept);
    }

    #[rstest]
    #[case::fresh(State::Complete, Trigger::Schedule, 7, false)]
    #[case::refreshed(State::Complete, Trigger::Schedule, 8, true)]
    #[case::asked_for(State::Complete, Trigger::Request, 1, true)]
    #[case::asked_for_twice(State::Complete, Trigger::Request, 0, false)]
    #[case::not_offered(State::Unavailable, Trigger::Schedule, 167, false)]
    #[case::perhaps_offered_by_now(State::Denied, Trigger::Schedule, 168, true)]
    #[case::of_the_future(State::Complete, Trigger::Schedule, -1, true)]
    fn what_is_fresh_is_not_paid_for_again(
        #[case] state: State,
        #[case] trigger: Trigger,
        #[case] hours: i64,
        #[case] due: bool,
    ) {
        let now: Timestamp = "2026-03-20T10:00:00Z".parse().unwrap();
        let reading = Reading { state, note: None, through: None, at: now - SignedDuration::from_hours(hours) };
        assert_eq!(is_due(Some(&reading), now, trigger), due);
        assert!(is_due(None, now, trigger));
    }
}
