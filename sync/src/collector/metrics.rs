//! Metrics: evidence of use of a block of desktops by `cloudwatch:GetMetricData`.
//!
//! A desktop is read from where it was read before, but at least over the last 26 hours,
//! because points may come late and a longer window costs no more. One that is new to us is
//! read as far back as the schedule says, at most as `CloudWatch` keeps points: 63 days by
//! five minutes, and to 455 days by the hour.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::StatusCode;
use aws_smithy_types::DateTime;
use fleet::evidence::{DayEvidence, HourEvidence, UsageMetric};
use jiff::{SignedDuration, Timestamp};
use store::{
    run_step::{Next, StepError},
    usage::{self, DesktopUsage},
};

use super::{
    paging::Paging,
    work::{StepFailure, Work},
};
use crate::aws::{caller::Charge, error::ErrorClass, operation::Operation, purse::price_of_metrics};

mod packing;
pub(crate) mod query;

use packing::{Request, Window, floor, pack};

/// Points that come later than this are lost to us.
const OVERLAP: SignedDuration = SignedDuration::from_hours(26);
/// How many days `CloudWatch` keeps points of five minutes, and of an hour.
const SLOTS_KEPT: u32 = 63;
const HOURS_KEPT: u32 = 455;
const SLOT: i32 = 300;
const HOUR: i32 = 3600;

/// Reads the step's desktops from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let ids = &work.step.workspace_ids;
    let place = (&work.step.account, &work.step.region);
    let known = usage::read_through(work.pool, place, ids).await.map_err(|source| work.query_failed(source))?;
    let end = floor(work.now, SLOT.into());
    let mut done = work.desktops_done();
    let rejected_in_all = u64::try_from(work.step.rejected).unwrap_or(0);
    let mut block = Block { work, rejected: 0, rejected_in_all, incomplete: 0 };
    while done < ids.len() {
        let before = known.get(&ids[done]).copied();
        let windows = windows(before, end, work.metrics_history_days);
        let same = ids[done..].iter().take_while(|id| known.get(*id).copied() == before).count();
        let pack = &ids[done..done + same.min(windows[0].desktops_a_pack())];
        let desktops = block.read(pack, &windows, end).await?;
        done += pack.len();
        block.write(&desktops, (done, ids.len())).await?;
    }
    if ids.is_empty() { block.write(&[], (0, 0)).await } else { Ok(()) }
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

struct Block<'a> {
    work: &'a Work<'a>,
    /// Points that are no measurement: since the last write, and in the whole block.
    rejected: u64,
    rejected_in_all: u64,
    /// Desktops of which `CloudWatch` sent only a part, in the whole block.
    incomplete: usize,
}

impl Block<'_> {
    /// Reads some desktops over `windows`.
    async fn read(
        &mut self,
        ids: &[String],
        windows: &[Window],
        end: Timestamp,
    ) -> Result<Vec<DesktopUsage>, StepFailure> {
        let mut desktops: Vec<DesktopUsage> = ids
            .iter()
            .map(|id| DesktopUsage { workspace_id: id.clone(), read_through: Some(end), ..DesktopUsage::default() })
            .collect();
        for request in windows.iter().flat_map(|window| pack(ids.len(), *window)) {
            self.ask(&request, &mut desktops).await?;
        }
        self.incomplete += desktops.iter().filter(|desktop| desktop.read_through.is_none()).count();
        Ok(desktops)
    }

    /// Makes one request, page by page, and adds what it proves.
    async fn ask(&mut self, request: &Request, desktops: &mut [DesktopUsage]) -> Result<(), StepFailure> {
        let Work { clients, caller, .. } = self.work;
        let charge = Charge { tickets: request.tickets, price: price_of_metrics(request.queries.len()) };
        let queries = query::queries(request, desktops);
        let moment = |at: Timestamp| DateTime::from_secs(at.as_second());
        let mut paging = Paging::new(Operation::GetMetricData);
        let mut states: BTreeMap<usize, StatusCode> = BTreeMap::new();
        let mut token = None;
        loop {
            let answer = caller
                .call_for(Operation::GetMetricData, charge, |size| {
                    let call = clients.cloudwatch.get_metric_data();
                    call.set_metric_data_queries(Some(queries.clone()))
                        .start_time(moment(request.window.start))
                        .end_time(moment(request.window.end))
                        .set_next_token(token.clone())
                        .customize()
                        .interceptor(size)
                        .send()
                })
                .await?;
            let mut points = 0;
            for result in answer.metric_data_results.unwrap_or_default() {
                let Some(place) = query::place(result.id.as_deref(), request.queries.len()) else {
                    self.rejected += 1;
                    continue;
                };
                let (desktop, metric) = request.queries[place];
                let (read, ill) = query::points(result.timestamps, result.values);
                self.rejected += (ill + add(&mut desktops[desktop], metric, request.window, &read)) as u64;
                points += read.len();
                states.insert(place, result.status_code.unwrap_or(StatusCode::PartialData));
            }
            token = paging.next(answer.next_token, points)?;
            if token.is_none() {
                break;
            }
        }
        for (place, (desktop, _)) in request.queries.iter().enumerate() {
            if states.get(&place) != Some(&StatusCode::Complete) {
                desktops[*desktop].read_through = None;
            }
        }
        Ok(())
    }

    async fn write(&mut self, desktops: &[DesktopUsage], (done, all): (usize, usize)) -> Result<(), StepFailure> {
        let Work { pool, ledger, step, .. } = self.work;
        self.rejected_in_all += self.rejected;
        let spent = ledger.take(std::mem::take(&mut self.rejected));
        let next = if done < all {
            Next::From(done.to_string())
        } else {
            Next::End(incomplete(self.incomplete).or_else(|| no_measurements(self.rejected_in_all)))
        };
        usage::write(pool, step, desktops, (&spent, &next)).await?;
        Ok(())
    }
}

/// Adds what points of `metric` prove; how many were no measurement.
fn add(desktop: &mut DesktopUsage, metric: UsageMetric, window: Window, points: &[fleet::evidence::Point]) -> usize {
    if window.period == HOUR {
        return HourEvidence::add(&mut desktop.hours, metric, points);
    }
    if metric == UsageMetric::ConnectionSuccess {
        let succeeded = points.iter().filter(|point| point.value.is_finite() && point.value > 0.0);
        desktop.connections.extend(succeeded.map(|point| point.at));
    }
    DayEvidence::add(&mut desktop.days, metric, points)
}

/// Why a step is only partly complete when `count` of its points prove nothing.
fn no_measurements(count: u64) -> Option<StepError> {
    (count > 0).then(|| StepError {
        class: ErrorClass::Contract.as_str(),
        message: format!("CloudWatch sent {count} point(s) that are no measurement; {}", ErrorClass::Contract.remedy()),
        retryable: false,
    })
}

/// Why a step is only partly complete when points of `desktops` are missing.
fn incomplete(desktops: usize) -> Option<StepError> {
    (desktops > 0).then(|| StepError {
        class: ErrorClass::Fault.as_str(),
        message: format!(
            "CloudWatch sent only a part of the points of {desktops} desktop(s); the next run reads them again"
        ),
        retryable: true,
    })
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
