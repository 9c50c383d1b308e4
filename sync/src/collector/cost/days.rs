//! Costs by day: a window is read question by question and page by page, and closed when the
//! last page of the last question is written.
//!
//! The cursor holds everything that the pages to come need, so that a pod that takes over
//! pays for no page twice.

use std::collections::BTreeSet;

use aws_sdk_costexplorer::types::{Dimension, Granularity, ResultByTime};
use fleet::cost::reading::Window;
use identifiers::AccountId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{
    cost::{self, Closing, Page},
    run_step::Next,
};

use super::{
    answers::{self, WrongFigure},
    asking::{self, Costs},
    questions::{Question, questions},
    services::Services,
};
use crate::{
    aws::operation::Operation,
    collector::{
        paging::Paging,
        work::{StepFailure, Work},
    },
};

const OPERATION: Operation = Operation::GetCostAndUsage;
/// The cursor between two windows: there is nothing to go on with.
const BETWEEN: &str = "";

/// A window in work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    start: Date,
    end: Date,
    is_latest: bool,
    services: Services,
    /// Questions that are not answered whole; the first is in work.
    questions: Vec<Question>,
    /// Of the next page of the first question.
    token: Option<String>,
    /// First days of months of which something is an estimate.
    estimated: BTreeSet<Date>,
}

/// Knows what to ask of every window of a step.
pub(super) struct Reader<'a> {
    work: &'a Work<'a>,
    services: Services,
    questions: Vec<Question>,
}

/// Finishes the window in `progress`.
pub(super) async fn go_on(work: &Work<'_>, progress: Progress) -> Result<(), StepFailure> {
    read(work, progress).await
}

impl<'a> Reader<'a> {
    /// Learns which accounts and record types there are in `span`, `None` when no window is
    /// to be read. That is one request for all windows.
    pub(super) async fn prepare(
        work: &'a Work<'a>,
        services: &Services,
        span: Option<Window>,
    ) -> Result<Self, StepFailure> {
        let pairs = match span {
            Some(span) => pairs(work, services, span).await?,
            None => BTreeSet::new(),
        };
        Ok(Self { work, services: services.clone(), questions: questions(&pairs) })
    }

    /// Reads a window.
    pub(super) async fn read(&self, window: Window, is_latest: bool) -> Result<(), StepFailure> {
        let progress = Progress {
            start: window.start,
            end: window.end,
            is_latest,
            services: self.services.clone(),
            questions: self.questions.clone(),
            token: None,
            estimated: BTreeSet::new(),
        };
        read(self.work, progress).await
    }
}

/// The pairs of account and record type that were charged for in `span`.
async fn pairs(
    work: &Work<'_>,
    services: &Services,
    span: Window,
) -> Result<BTreeSet<(AccountId, String)>, StepFailure> {
    let question = Costs {
        window: span,
        granularity: Granularity::Monthly,
        filter: services.filter(),
        groups: [Dimension::LinkedAccount, Dimension::RecordType],
    };
    let mut pairs = BTreeSet::new();
    let (mut token, mut paging) = (None::<String>, Paging::new(OPERATION));
    loop {
        let answer = asking::costs(work, &question, token.as_deref()).await?;
        let results = answer.results_by_time.unwrap_or_default();
        for result in &results {
            pairs.append(&mut pairs_of(result).map_err(wrong)?);
        }
        token = paging.next(answer.next_page_token, groups_of(&results))?;
        if token.is_none() {
            return Ok(pairs);
        }
    }
}

fn pairs_of(result: &ResultByTime) -> Result<BTreeSet<(AccountId, String)>, WrongFigure> {
    let day = answers::day(result)?;
    let pair = |keys: &[String]| match keys {
        [account, record_type] => Some((account.parse().ok()?, record_type.clone())),
        _ => None,
    };
    result.groups().iter().map(|group| pair(group.keys()).ok_or(WrongFigure::Keys { day })).collect()
}

async fn read(work: &Work<'_>, mut progress: Progress) -> Result<(), StepFailure> {
    let mut paging = Paging::new(OPERATION);
    while let Some(question) = progress.questions.first().cloned() {
        let request = question.costs(&progress.services, progress.window());
        let answer = asking::costs(work, &request, progress.token.as_deref()).await?;
        let results = answer.results_by_time.unwrap_or_default();
        let lines = answers::lines(&results, &question).map_err(wrong)?;
        progress.note_estimates(&results).map_err(wrong)?;
        progress.token = paging.next(answer.next_page_token, groups_of(&results))?;
        if progress.token.is_none() {
            progress.questions.remove(0);
            paging = Paging::new(OPERATION);
        }
        let suspects = lines.iter().filter(|line| line.is_suspect()).count();
        if suspects > 0 {
            tracing::warn!(step.id = work.step.step_id, suspects, "usage has negative costs; they are kept and marked");
        }
        progress.write(work, &lines).await?;
        if progress.questions.is_empty() {
            return Ok(());
        }
    }
    // Nobody was charged for anything.
    progress.write(work, &[]).await
}

impl Progress {
    /// Reads a cursor; `None` between two windows.
    pub(super) fn from_cursor(cursor: &str) -> Option<Self> {
        serde_json::from_str(cursor).ok()
    }

    fn window(&self) -> Window {
        Window { start: self.start, end: self.end }
    }

    fn note_estimates(&mut self, results: &[ResultByTime]) -> Result<(), WrongFigure> {
        for result in results.iter().filter(|result| result.estimated()) {
            self.estimated.insert(answers::day(result)?.first_of_month());
        }
        Ok(())
    }

    /// Writes a page, and closes the window after its last one.
    async fn write(&self, work: &Work<'_>, lines: &[fleet::cost::CostLine]) -> Result<(), StepFailure> {
        let closing = self.questions.is_empty().then(|| Closing {
            window: self.window(),
            estimated: self.estimated.iter().copied().collect(),
            is_latest: self.is_latest,
        });
        let cursor = match closing {
            Some(_) => BETWEEN.to_owned(),
            None => serde_json::to_string(self).expect("progress is plain data"),
        };
        let page = Page { lines, now: work.now, closes: closing.as_ref() };
        let spent = work.ledger.take(0);
        Ok(cost::write(work.pool, work.step, &page, (&spent, &Next::From(cursor))).await?)
    }
}

fn groups_of(results: &[ResultByTime]) -> usize {
    results.iter().map(|result| result.groups().len()).sum()
}

fn wrong(problem: WrongFigure) -> StepFailure {
    StepFailure::Figures { operation: OPERATION, problem }
}
