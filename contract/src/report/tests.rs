//! Laws of the termination message: it always fits, and facts survive the cutting.

use proptest::prelude::*;

use super::*;

fn a_report() -> Report {
    Report {
        counts: [(Source::Inventory, 1_000), (Source::Directories, 4)].into(),
        calls: 44,
        errors: vec!["eu-central-1: AccessDeniedException".to_owned()],
        details: Some(Details::Sync(SyncDetails { complete: 5, partial: 0, failed: 1 })),
        ..Report::new(Outcome::Partial, "RegionFailed", "one of three regions could not be read")
    }
}

#[test]
fn a_report_reads_back_as_it_was_written() {
    assert_eq!(Report::parse(&a_report().to_message()).unwrap(), a_report());
}

#[test]
fn the_wire_form_stays_as_it_is() {
    insta::assert_json_snapshot!(a_report());
}

#[test]
fn the_end_of_a_log_is_no_report() {
    assert!(matches!(Report::parse("thread 'main' panicked"), Err(InvalidReport::Json(_))));
}

#[test]
fn the_worst_outcome_wins_and_counts_add_up() {
    let complete = Report { calls: 6, ..Report::new(Outcome::Complete, "Complete", "all read") };
    let sum = combine([complete, a_report(), a_report()]).unwrap();
    assert_eq!((sum.outcome, sum.calls, sum.reason.as_str()), (Outcome::Partial, 94, "RegionFailed"));
    assert_eq!(sum.counts[&Source::Inventory], 2_000);
}

#[test]
fn a_pod_that_skipped_does_not_hide_one_that_worked() {
    let skipped = Report::new(Outcome::Skipped, "LeaseHeld", "another run holds the lease");
    let complete = Report::new(Outcome::Complete, "Complete", "all read");
    assert_eq!(combine([skipped, complete]).unwrap().outcome, Outcome::Complete);
}

proptest! {
    #[test]
    fn a_message_always_fits_and_keeps_its_counts(
        message in ".{0,3000}", reason in ".{0,200}",
        errors in prop::collection::vec(".{0,2000}", 0..9),
        calls in any::<u64>(),
    ) {
        let report = Report { reason, message, calls, errors, ..a_report() };
        let text = report.to_message();
        prop_assert!(text.len() <= MAX_REPORT_BYTES, "{} bytes", text.len());
        let read = Report::parse(&text).unwrap();
        prop_assert_eq!(read.calls, calls);
        prop_assert_eq!(read.counts, report.counts);
    }
}
