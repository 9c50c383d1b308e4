//! Health of a block of desktops by the day, once a day: what `CloudWatch` makes of the
//! points of complete UTC days.
//!
//! A request pays for each metric and statistic that it names, and not for the days: so the
//! days before the last are read once more, for points that came late, and a desktop that is
//! new to us is read as far back as the schedule says, at most the 455 days that
//! `CloudWatch` keeps.

use std::collections::BTreeMap;

use fleet::health::{HealthDay, HealthMetric, HealthQuery};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use store::{
    metric_days::{self, DesktopHealth, Due},
    run_step::Next,
};

use super::{
    Block,
    asking::{Question, ask},
    packing::{queries_a_request, tickets},
    query,
};
use crate::collector::work::{StepFailure, Work};

/// Seconds of a period.
const DAY: i32 = 86_400;
/// Days that are read again.
const OVERLAP: i64 = 2;
/// Whole days that `CloudWatch` still has points of, at any time of today.
const DAYS_KEPT: u32 = 454;
/// Metrics and statistics of a desktop at most.
const QUERIES_A_DESKTOP: usize = 38;

/// Desktops that one request asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pack {
    /// The first day.
    start: Date,
    /// Whether each has graphics, by its id.
    desktops: Vec<(String, bool)>,
}

/// The desktops of the step that were not read yet today.
pub(super) async fn due(work: &Work<'_>) -> Result<BTreeMap<String, Due>, StepFailure> {
    let place = (&work.step.account, &work.step.region);
    let due = metric_days::due(work.pool, place, &work.step.workspace_ids, work.today()).await;
    due.map_err(|source| work.query_failed(source))
}

/// Reads desktops that are due, and ends the step. How far that got is kept with each
/// desktop, so the cursor stays behind the last one whose use was read.
pub(super) async fn read(block: &mut Block<'_>, due: &BTreeMap<String, Due>) -> Result<(), StepFailure> {
    let work = block.work;
    let packs = packs(due, work.today(), work.metrics_history_days);
    for (place, pack) in packs.iter().enumerate() {
        let desktops = read_pack(block, pack).await?;
        let spent = block.spent();
        let is_last = place + 1 == packs.len();
        let next = if is_last { block.end() } else { Next::From(work.step.workspace_ids.len().to_string()) };
        metric_days::write(work.pool, work.step, &desktops, (&spent, &next)).await?;
    }
    Ok(())
}

async fn read_pack(block: &mut Block<'_>, pack: &Pack) -> Result<Vec<DesktopHealth>, StepFailure> {
    let work = block.work;
    let today = work.today();
    let mut desktops: Vec<DesktopHealth> = pack
        .desktops
        .iter()
        .map(|(id, _)| DesktopHealth { workspace_id: id.clone(), days: BTreeMap::new(), read_through: Some(today) })
        .collect();
    let queries = pack.queries();
    let answer = ask(work, &pack.question(&queries, today), |place, points| {
        let (desktop, query) = queries[place];
        HealthDay::add(&mut desktops[desktop].days, query, points)
    })
    .await?;
    for (place, (desktop, _)) in queries.iter().enumerate() {
        if !answer.complete[place] {
            desktops[*desktop].read_through = None;
        }
    }
    block.rejected += answer.rejected;
    let partly = desktops.iter().filter(|desktop| desktop.read_through.is_none());
    block.incomplete.extend(partly.map(|desktop| desktop.workspace_id.clone()));
    Ok(desktops)
}

/// Packs of desktops to be read from the same day on, each for one request.
fn packs(due: &BTreeMap<String, Due>, today: Date, history_days: Option<u32>) -> Vec<Pack> {
    let mut by_start: BTreeMap<Date, Vec<(String, bool)>> = BTreeMap::new();
    for (id, desktop) in due {
        let start = first_day(desktop.read_through, today, history_days);
        by_start.entry(start).or_default().push((id.clone(), desktop.is_graphics));
    }
    let packs = by_start.into_iter().flat_map(|(start, desktops)| {
        let most = (queries_a_request(days(start, today)) / QUERIES_A_DESKTOP).max(1);
        desktops.chunks(most).map(|desktops| Pack { start, desktops: desktops.to_vec() }).collect::<Vec<_>>()
    });
    packs.collect()
}

/// The first day to ask about a desktop whose days before `before` were read.
fn first_day(before: Option<Date>, today: Date, history_days: Option<u32>) -> Date {
    let oldest = |days: u32| today.saturating_sub(i64::from(days.clamp(1, DAYS_KEPT)).days());
    match before {
        Some(before) => before.saturating_sub(OVERLAP.days()).max(oldest(DAYS_KEPT)),
        None => oldest(history_days.unwrap_or(DAYS_KEPT)),
    }
}

/// Days from `start` to `end`, at least one.
fn days(start: Date, end: Date) -> usize {
    usize::try_from(end.duration_since(start).as_hours() / 24).unwrap_or(0).max(1)
}

impl Pack {
    /// What to ask: the place of the desktop, and the value.
    fn queries(&self) -> Vec<(usize, HealthQuery)> {
        let desktops = self.desktops.iter().enumerate();
        let of = |(place, (_, is_graphics)): (usize, &(String, bool))| {
            HealthMetric::queries(*is_graphics).into_iter().map(move |query| (place, query))
        };
        desktops.flat_map(of).collect()
    }

    fn question(&self, queries: &[(usize, HealthQuery)], today: Date) -> Question {
        let midnight = |day: Date| day.to_zoned(TimeZone::UTC).expect("every day has a midnight in UTC").timestamp();
        let query = |(place, (desktop, query)): (usize, &(usize, HealthQuery))| {
            let (id, metric) = (&self.desktops[*desktop].0, query.metric.name());
            query::query(format!("m{place}"), id, (metric, query.statistic.name()), DAY)
        };
        Question {
            queries: queries.iter().enumerate().map(query).collect(),
            start: midnight(self.start),
            end: midnight(today),
            tickets: tickets(queries.len() * days(self.start, today)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 25);

    #[test]
    fn a_known_desktop_is_read_again_over_two_days_and_over_a_gap() {
        let start = |before| first_day(Some(before), TODAY, Some(3));
        assert_eq!(start(date(2026, 11, 24)), date(2026, 11, 22));
        assert_eq!(start(date(2026, 11, 1)), date(2026, 10, 30), "a gap is closed");
        assert_eq!(start(date(2020, 1, 1)), date(2025, 8, 28), "older points are gone");
    }

    #[test]
    fn a_new_desktop_is_read_as_far_back_as_is_wanted_and_kept() {
        assert_eq!(first_day(None, TODAY, None), date(2025, 8, 28));
        assert_eq!(first_day(None, TODAY, Some(455)), date(2025, 8, 28));
        assert_eq!(first_day(None, TODAY, Some(30)), date(2026, 10, 26));
        assert_eq!(first_day(None, TODAY, Some(0)), date(2026, 11, 24), "a day at least");
    }

    fn due(count: usize, read_through: Option<Date>) -> BTreeMap<String, Due> {
        let one = |number: usize| (format!("ws-{number}"), Due { read_through, is_graphics: number.is_multiple_of(7) });
        (0..count).map(one).collect()
    }

    #[test]
    fn a_day_of_a_thousand_desktops_takes_seventy_seven_requests() {
        assert_eq!(packs(&due(1000, Some(date(2026, 11, 24))), TODAY, None).len(), 77);
        assert_eq!(packs(&due(1000, None), TODAY, None).len(), 200);
    }

    proptest! {
        #[test]
        fn every_desktop_is_asked_about_once_within_the_limits(
            count in 1_usize..80, gap in prop::option::of(1_i64..500), history in prop::option::of(0_u32..500),
        ) {
            let due = due(count, gap.map(|days| TODAY.saturating_sub(days.days())));
            let packs = packs(&due, TODAY, history);
            let mut asked: Vec<_> = packs.iter().flat_map(|pack| pack.desktops.iter().map(|(id, _)| id)).collect();
            asked.sort_unstable();
            asked.dedup();
            prop_assert_eq!(asked.len(), count);
            prop_assert_eq!(packs.iter().map(|pack| pack.desktops.len()).sum::<usize>(), count);
            for pack in &packs {
                let queries = pack.queries();
                prop_assert!(queries.len() <= 500 && queries.len() * days(pack.start, TODAY) <= 100_800);
                let question = pack.question(&queries, TODAY);
                prop_assert!(question.start < question.end && (1..=11).contains(&question.tickets));
            }
        }
    }
}
