//! One `GetMetricData` request, page by page.

use aws_sdk_cloudwatch::types::{MetricDataQuery, StatusCode};
use aws_smithy_types::DateTime;
use fleet::evidence::Point;
use jiff::Timestamp;

use super::query;
use crate::{
    aws::{caller::Charge, operation::Operation, purse::price_of_metrics},
    collector::{
        paging::Paging,
        work::{StepFailure, Work},
    },
};

/// What is asked. Query `n` has the id `mn`.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) queries: Vec<MetricDataQuery>,
    pub(super) start: Timestamp,
    /// Exclusive.
    pub(super) end: Timestamp,
    /// How much of the pace a page takes.
    pub(super) tickets: u32,
}

/// How it was answered, beside the points.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// What was no measurement.
    pub(super) rejected: u64,
    /// By the place of the query: whether all its points came.
    pub(super) complete: Vec<bool>,
}

/// Asks, and gives the points of each query, by its place, to `take`, which says how many of
/// them were no measurement.
pub(super) async fn ask(
    work: &Work<'_>,
    question: &Question,
    mut take: impl FnMut(usize, &[Point]) -> usize,
) -> Result<Answer, StepFailure> {
    let operation = Operation::GetMetricData;
    let charge = Charge { tickets: question.tickets, price: price_of_metrics(question.queries.len()) };
    let moment = |at: Timestamp| DateTime::from_secs(at.as_second());
    let mut answer = Answer { rejected: 0, complete: vec![false; question.queries.len()] };
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    loop {
        let page = work
            .caller
            .call_for(operation, charge, |size| {
                let call = work.clients.cloudwatch.get_metric_data();
                call.set_metric_data_queries(Some(question.queries.clone()))
                    .start_time(moment(question.start))
                    .end_time(moment(question.end))
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(size)
                    .send()
            })
            .await?;
        let mut points = 0;
        for result in page.metric_data_results.unwrap_or_default() {
            let Some(place) = query::place(result.id.as_deref(), question.queries.len()) else {
                answer.rejected += 1;
                continue;
            };
            let (read, ill) = query::points(result.timestamps, result.values);
            answer.rejected += (ill + take(place, &read)) as u64;
            points += read.len();
            answer.complete[place] = result.status_code == Some(StatusCode::Complete);
        }
        token = paging.next(page.next_token, points)?;
        if token.is_none() {
            return Ok(answer);
        }
    }
}
