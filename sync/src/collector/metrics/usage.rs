//! Evidence of use: slots of five minutes, and hours where slots are gone.
//!
//! A desktop is read from where it was read before, but at least over the last 26 hours,
//! because points may come late and a longer window costs no more. One that is new to us is
//! read as far back as the schedule says, at most as `CloudWatch` keeps points: 63 days by
//! five minutes, and to 455 days by the hour.

use fleet::evidence::{DayEvidence, HourEvidence, UsageMetric};
use jiff::{SignedDuration, Timestamp};
use store::{
    run_step::Next,
    usage::{self, DesktopUsage},
};

use super::{
    Block,
    asking::{Question, ask},
    packing::{Request, Window, floor, pack},
    query,
};
use crate::collector::work::StepFailure;

/// Points that come later than this are lost to us.
const OVERLAP: SignedDuration = SignedDuration::from_hours(26);
/// How many days `CloudWatch` keeps points of five minutes, and of an hour.
const SLOTS_KEPT: u32 = 63;
const HOURS_KEPT: u32 = 455;
const SLOT: i32 = 300;
const HOUR: i32 = 3600;

/// Reads the desktops of the block's step. `ends` says whether nothing follows.
pub(super) async fn read(block: &mut Block<'_>, ends: bool) -> Result<(), StepFailure> {
    let work = block.work;
    let ids = &work.step.workspace_ids;
    let place = (&work.step.account, &work.step.region);
    let known = usage::read_through(work.pool, place, ids).await.map_err(|source| work.query_failed(source))?;
    let end = floor(work.now, SLOT.into());
    let mut done = work.desktops_done();
    if done == ids.len() && ends {
        return write(block, &[], None).await;
    }
    while done < ids.len() {
        let before = known.get(&ids[done]).copied();
        let windows = windows(before, end, work.metrics_history_days);
        let same = ids[done..].iter().take_while(|id| known.get(*id).copied() == before).count();
        let pack = &ids[done..done + same.min(windows[0].desktops_a_pack())];
        let desktops = read_pack(block, pack, &windows, end).await?;
        done += pack.len();
        let next = (done < ids.len() || !ends).then(|| done.to_string());
        write(block, &desktops, next).await?;
    }
    Ok(())
}

/// What to ask about a desktop that was read through `before`, up to `end`; of one that was
/// not, over as many `days` as are wanted and kept.
fn windows(before: Option<Timestamp>, end: Timestamp, days: Option<u32>) -> Vec<Window> {
    let days_before = |days: u32| end - SignedDuration::from_hours(i64::from(days) * 24);
    let wanted = if before.is_some() { SLOTS_KEPT } else { days.unwrap_or(HOURS_KEPT) };
    let oldest = floor(days_before(wanted.min(SLOTS_KEPT)), SLOT.into()) + SignedDuration::from_secs(SLOT.into());
    let start = before.map_or(oldest, |before| before.min(end - OVERLAP).max(oldest));
    let slots = Window { period: SLOT, start: floor(start, SLOT.into()), end, metrics: &UsageMetric::ALL };
    if wanted <= SLOTS_KEPT {
        return vec![slots];
    }
    let first_hour = floor(days_before(wanted.min(HOURS_KEPT)), HOUR.into()) + SignedDuration::from_secs(HOUR.into());
    let hours =
        Window { period: HOUR, start: first_hour, end: floor(oldest, HOUR.into()), metrics: &UsageMetric::HOURLY };
    vec![slots, hours]
}

/// Reads some desktops over `windows`.
async fn read_pack(
    block: &mut Block<'_>,
    ids: &[String],
    windows: &[Window],
    end: Timestamp,
) -> Result<Vec<DesktopUsage>, StepFailure> {
    let mut desktops: Vec<DesktopUsage> = ids
        .iter()
        .map(|id| DesktopUsage { workspace_id: id.clone(), read_through: Some(end), ..DesktopUsage::default() })
        .collect();
    for request in windows.iter().flat_map(|window| pack(ids.len(), *window)) {
        request_of(block, &request, &mut desktops).await?;
    }
    let partly = desktops.iter().filter(|desktop| desktop.read_through.is_none());
    block.incomplete.extend(partly.map(|desktop| desktop.workspace_id.clone()));
    Ok(desktops)
}

/// Makes one request and adds what it proves.
async fn request_of(
    block: &mut Block<'_>,
    request: &Request,
    desktops: &mut [DesktopUsage],
) -> Result<(), StepFailure> {
    let question = Question {
        queries: query::queries(request, desktops),
        start: request.window.start,
        end: request.window.end,
        tickets: request.tickets,
    };
    let answer = ask(block.work, &question, |place, points| {
        let (desktop, metric) = request.queries[place];
        add(&mut desktops[desktop], metric, request.window, points)
    })
    .await?;
    block.rejected += answer.rejected;
    for (place, (desktop, _)) in request.queries.iter().enumerate() {
        if !answer.complete[place] {
            desktops[*desktop].read_through = None;
        }
    }
    Ok(())
}

/// Writes desktops and the cursor; without one the step ends.
async fn write(block: &mut Block<'_>, desktops: &[DesktopUsage], cursor: Option<String>) -> Result<(), StepFailure> {
    let spent = block.spent();
    let next = cursor.map_or_else(|| block.end(), Next::From);
    usage::write(block.work.pool, block.work.step, desktops, (&spent, &next)).await?;
    Ok(())
}

/// Adds what points of `metric` prove; how many were no measurement.
fn add(desktop: &mut DesktopUsage, metric: UsageMetric, window: Window, points: &[fleet::evidence::Point]) -> usize {
    if window.period == HOUR {
        return HourEvidence::add(&mut desktop.hours, metric, points);
    }
    DayEvidence::add(&mut desktop.days, metric, points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_new_desktop_is_read_as_far_back_as_points_are_kept() {
        let end = at("2026-11-25T10:05:00Z");
        let windows = windows(None, end, None);
        assert_eq!((windows[0].start, windows[0].end), (at("2026-09-23T10:10:00Z"), end));
        assert_eq!((windows[1].start, windows[1].end), (at("2025-08-27T11:00:00Z"), at("2026-09-23T10:00:00Z")));
    }

    #[test]
    fn a_schedule_may_read_less_of_a_new_desktop() {
        let end = at("2026-11-25T10:05:00Z");
        let begins = |days| windows(None, end, Some(days)).iter().map(|window| window.start).collect::<Vec<_>>();
        assert_eq!(begins(3), [at("2026-11-22T10:10:00Z")]);
        assert_eq!(begins(63), [at("2026-09-23T10:10:00Z")]);
        assert_eq!(begins(64), [at("2026-09-23T10:10:00Z"), at("2026-09-22T11:00:00Z")]);
        assert_eq!(begins(455), windows(None, end, None).iter().map(|window| window.start).collect::<Vec<_>>());
    }

    #[test]
    fn a_known_desktop_is_read_again_over_the_last_day() {
        let end = at("2026-11-25T10:05:00Z");
        let start = |before| windows(Some(at(before)), end, Some(3))[0].start;
        assert_eq!(start("2026-11-25T09:00:00Z"), at("2026-11-24T08:05:00Z"));
        assert_eq!(start("2026-11-20T09:02:00Z"), at("2026-11-20T09:00:00Z"), "a gap is closed");
        assert_eq!(start("2026-01-01T00:00:00Z"), at("2026-09-23T10:10:00Z"), "older points are gone");
    }
}
