//! Costs of single resources, where the account offers them. AWS tells the last 14 days, so
//! each day is read when it is whole, once; most accounts have not switched this on, which is
//! no failure of a run but a gap that is written down.

use aws_sdk_costexplorer::types::{Dimension, Granularity, ResultByTime};
use fleet::cost::{RecordType, reading::Window};
use jiff::{ToSpan, civil::Date};
use store::{
    cost::{self, Reading, ResourcePage, State},
    run_step::Next,
};

use super::{
    answers,
    asking::{self, Costs, all_of, dimension},
    services::Services,
};
use crate::{
    aws::{
        error::{CallError, ErrorClass},
        operation::Operation,
    },
    collector::{
        paging::Paging,
        work::{StepFailure, Work},
    },
};

const OPERATION: Operation = Operation::GetCostAndUsageWithResources;
/// Days before today that AWS surely still has.
const KEPT_DAYS: i32 = 13;

/// The days to read: those after `through`, yesterday included though it is not whole yet,
/// and the day before once more.
pub(super) fn window(today: Date, through: Option<Date>) -> Window {
    let oldest = today.saturating_sub(KEPT_DAYS.days());
    let start = through.map_or(oldest, |through| through.saturating_sub(1.day()).max(oldest));
    let yesterday = today.saturating_sub(1.day());
    Window { start: start.min(yesterday), end: today }
}

/// Reads `window`, or writes down why the account has none of it.
pub(super) async fn read(work: &Work<'_>, services: &Services, window: Window) -> Result<(), StepFailure> {
    let usage = dimension(Dimension::RecordType, vec![RecordType::Usage.to_aws()]);
    let question = Costs {
        window,
        granularity: Granularity::Daily,
        filter: all_of(vec![services.filter_without_tax(), usage]),
        groups: [Dimension::ResourceId, Dimension::UsageType],
    };
    let (mut token, mut paging) = (None::<String>, Paging::new(OPERATION));
    let next = Next::From(String::new());
    loop {
        let answer = match asking::costs_of_resources(work, &question, token.as_deref()).await {
            Ok(answer) => answer,
            Err(error) => {
                let absent = absent(&error).ok_or(StepFailure::Call(error))?;
                let (state, note) = absent;
                tracing::info!(step.id = work.step.step_id, "{note}");
                let reading = Reading { state, note: Some(note), through: None, at: work.now };
                let spent = work.ledger.take(0);
                return Ok(cost::write_resources(work.pool, work.step, Err(&reading), (&spent, &next)).await?);
            }
        };
        let results = answer.results_by_time.unwrap_or_default();
        let costs =
            answers::resources(&results).map_err(|problem| StepFailure::Figures { operation: OPERATION, problem })?;
        token = paging.next(answer.next_page_token, groups_of(&results))?;
        let closes = token.is_none().then_some(window);
        let page = ResourcePage { costs: &costs, now: work.now, closes };
        let spent = work.ledger.take(0);
        cost::write_resources(work.pool, work.step, Ok(page), (&spent, &next)).await?;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// Whether an error says that this account has no costs of resources, and in which words.
fn absent(error: &CallError) -> Option<(State, String)> {
    match error.class()? {
        ErrorClass::Permission => Some((
            State::Denied,
            format!("costs of single desktops are not allowed; the permission is {}", OPERATION.iam_action()),
        )),
        ErrorClass::BadRequest => Some((
            State::Unavailable,
            format!(
                "AWS does not offer costs of single desktops here ({}); switch on resource-level data in the payer's Cost Explorer preferences",
                error.code().unwrap_or("no reason given")
            ),
        )),
        _ => None,
    }
}

fn groups_of(results: &[ResultByTime]) -> usize {
    results.iter().map(|result| result.groups().len()).sum()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::first(None, date(2026, 3, 7))]
    #[case::daily(Some(date(2026, 3, 19)), date(2026, 3, 18))]
    #[case::again_on_the_same_day(Some(date(2026, 3, 20)), date(2026, 3, 19))]
    #[case::after_a_long_gap(Some(date(2026, 1, 1)), date(2026, 3, 7))]
    fn each_day_is_read_in_part_and_once_more_when_it_is_whole(#[case] through: Option<Date>, #[case] start: Date) {
        assert_eq!(window(date(2026, 3, 20), through), Window { start, end: date(2026, 3, 20) });
    }
}
