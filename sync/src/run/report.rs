//! The end of a run: what its steps add up to, as exit code, report and row.

use contract::{Details, ExitCode, Outcome, Report, SyncDetails};
use identifiers::Source;
use store::{
    PgPool,
    run::{self, RunOutcome, Totals},
};

use super::error::RunError;
use crate::{aws::error::ErrorClass, config::RunConfig, ending::Ending};

/// Closes the run and makes the report of this pod.
///
/// The row speaks for the whole run. The report of a pod of an Indexed Job speaks for the
/// steps of its index, because the operator adds the reports up.
pub(super) async fn finish(config: &RunConfig, pool: &PgPool) -> Result<Ending, RunError> {
    let all = run::totals(pool, config.run_id, None).await?;
    let whole = ending(&all, config.plan.regions.len());
    let outcome = match whole.report.outcome {
        Outcome::Complete => RunOutcome::Complete,
        Outcome::Partial => RunOutcome::Partial,
        Outcome::Failed => RunOutcome::Failed,
        Outcome::Skipped => RunOutcome::Skipped,
    };
    run::close(pool, config.run_id, outcome, &whole.report.reason, &whole.report.message).await?;
    if config.plan.parallelism <= 1 {
        return Ok(whole);
    }
    let own = run::totals(pool, config.run_id, Some(config.index)).await?;
    Ok(ending(&own, config.plan.regions.len()))
}

/// Exit code and report for what the steps add up to.
fn ending(totals: &Totals, regions: usize) -> Ending {
    let unfinished = totals.partial + totals.failed;
    let steps = totals.complete + unfinished;
    let read_nothing = totals.complete == 0 && totals.partial == 0;
    let (outcome, reason) = match unfinished {
        0 => (Outcome::Complete, "Complete"),
        _ if read_nothing => (Outcome::Failed, reason_of(totals)),
        _ => (Outcome::Partial, reason_of(totals)),
    };
    let code = if totals.retryable > 0 {
        ExitCode::PartialRetry
    } else if outcome == Outcome::Failed {
        ExitCode::Configuration
    } else {
        ExitCode::Done
    };
    let things = things(totals);
    let regions = if regions == 1 { "1 region".to_owned() } else { format!("{regions} regions") };
    let Totals { complete, partial, failed, .. } = totals;
    let message = match unfinished {
        0 => format!("read {things} in {regions}, {steps} steps complete"),
        _ => format!(
            "read {things} in {regions}, {complete} of {steps} steps complete, {partial} partial, {failed} failed"
        ),
    };
    let mut report = Report::new(outcome, reason, message);
    report.counts = counts(totals);
    report.calls = count(totals.calls);
    report.cost = totals.cost_usd;
    report.errors.clone_from(&totals.errors);
    report.details = Some(Details::Sync(SyncDetails {
        complete: count(totals.complete),
        partial: count(totals.partial),
        failed: count(totals.failed),
    }));
    Ending { code, report }
}

/// The reason for machines: the class of an error of the steps.
fn reason_of(totals: &Totals) -> &'static str {
    totals.error_class.as_deref().and_then(ErrorClass::from_word).map_or("Partial", ErrorClass::reason)
}

fn counts(totals: &Totals) -> std::collections::BTreeMap<Source, u64> {
    totals.items.iter().filter_map(|(source, items)| Some((source.parse().ok()?, count(*items)))).collect()
}

/// Sources in the order and with the names of custom resources.
fn things(totals: &Totals) -> String {
    let things = counts(totals).into_iter().map(|(source, items)| format!("{items} of {source:?}"));
    let things = things.collect::<Vec<_>>().join(", ");
    if things.is_empty() { "nothing".to_owned() } else { things }
}

/// Counts in the database are never negative.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(3, 0, 0, 0, Outcome::Complete, ExitCode::Done)]
    #[case(2, 1, 0, 0, Outcome::Partial, ExitCode::Done)]
    #[case(2, 0, 1, 1, Outcome::Partial, ExitCode::PartialRetry)]
    #[case(0, 0, 3, 3, Outcome::Failed, ExitCode::PartialRetry)]
    #[case(0, 0, 3, 0, Outcome::Failed, ExitCode::Configuration)]
    fn steps_decide_outcome_and_exit_code(
        #[case] complete: i64,
        #[case] partial: i64,
        #[case] failed: i64,
        #[case] retryable: i64,
        #[case] outcome: Outcome,
        #[case] code: ExitCode,
    ) {
        let totals = Totals { complete, partial, failed, retryable, ..Totals::default() };
        let ending = ending(&totals, 1);
        assert_eq!((ending.report.outcome, ending.code), (outcome, code));
    }

    #[test]
    fn the_message_names_sources_as_custom_resources_do() {
        let items = [("connection_status", 498), ("inventory", 501)].map(|(source, items)| (source.to_owned(), items));
        let mut totals = Totals { complete: 4, items: items.into_iter().collect(), ..Totals::default() };
        let whole = ending(&totals, 2).report.message;
        assert_eq!(whole, "read 501 of Inventory, 498 of ConnectionStatus in 2 regions, 4 steps complete");
        totals.failed = 1;
        let part = ending(&totals, 1).report.message;
        assert!(part.ends_with("in 1 region, 4 of 5 steps complete, 0 partial, 1 failed"), "{part}");
    }
}
