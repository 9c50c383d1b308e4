//! The audit trail equals the stand-in's ledger, event by event.
//!
//! | file | the rules it holds |
//! |---|---|
//! | `ledger` | 90 days of changes, by either lookup; own reads; values before |
//! | `late` | late events, skewed clocks, long breaks |
//! | `odd` | unknown operations, malformed and hostile records, tokens, a denied region |
//! | `killed` | killed inside pages, nothing is lost and nothing is twice |

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{Finished, Sandbox};

mod killed;
mod late;
mod ledger;
mod odd;

/// A Friday morning: people are at work.
const NOW: &str = "2026-03-20T10:02:00Z";
const REGION: &str = "us-east-1";

/// A stand-in at [`NOW`] with `desktops`, whose trail follows `rules`, and a plan that reads
/// it as fast as it can.
fn a_trail(pool: PgPool, desktops: u32, rules: &Value) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, desktops, &[REGION]);
    sandbox.aws.post("throttle", &json!({"rules": [], "awsLimits": false}));
    sandbox.aws.post("trail", rules);
    sandbox.aws.post("clock", &json!({"set": NOW, "running": false}));
    let mut plan = sandbox.plan(&[REGION]);
    plan["sources"] = json!(["AuditTrail"]);
    plan["account"]["pace"]["LookupEvents"] = json!({"rate": 5000, "burst": 1000});
    (sandbox, plan)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn later(minutes: i64) -> String {
    (at(NOW) + SignedDuration::from_mins(minutes)).to_string()
}

/// Runs `plan` as if it were `now`, for the stand-in as well.
fn run_at(sandbox: &Sandbox, plan: &Value, now: &str) -> Finished {
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    run_skewed(sandbox, plan, now)
}

/// Runs `plan` with a clock that says `now`, whatever the stand-in's says.
fn run_skewed(sandbox: &Sandbox, plan: &Value, now: &str) -> Finished {
    let run = Uuid::new_v4();
    let mut program = sandbox.command("run", plan, run);
    program.env("DESKFLEET_SYNC_NOW", now);
    sandbox.finish(program.spawn().unwrap(), run)
}

/// What matters of an event, as the ledger or the tables tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    name: String,
    source: String,
    /// A person's name, where it is known to be one.
    person: Option<String>,
    outcome: &'static str,
    desktops: Vec<String>,
}

/// Changes of the 90 days before `now` that could be seen by then, by id.
fn changes_in_ledger(sandbox: &Sandbox, now: &str) -> BTreeMap<String, Told> {
    let from = at(now) - SignedDuration::from_hours(90 * 24);
    let lines = sandbox.aws.lines(&format!("ledger?type=events&from={from}&to={now}"));
    let seen = |line: &&Value| line["readOnly"] == false && at(line["deliveredAt"].as_str().unwrap()) <= at(now);
    lines.iter().filter(seen).map(|line| (line["eventId"].as_str().unwrap().to_owned(), told(line))).collect()
}

fn told(line: &Value) -> Told {
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    let desktops: Vec<String> = serde_json::from_value(line["desktops"].clone()).unwrap();
    let is_bare = line["hostility"] == "null";
    let outcome = match line {
        line if line["malformed"] == true => "unknown",
        line if line["errorCode"] != Value::Null => "failed",
        line if line["failedDesktops"] != json!([]) && !is_bare => "partly",
        _ => "succeeded",
    };
    let is_person = |name: &String| match line["identityType"].as_str() {
        Some("AssumedRole") => name.contains('@'),
        Some("IAMUser" | "Unknown") => line["malformed"] == false,
        _ => false,
    };
    Told {
        name: text("name").unwrap(),
        source: text("source").unwrap(),
        person: text("username").filter(is_person).map(|name| name.to_lowercase()),
        outcome,
        // What a record does not show cannot be found in it.
        desktops: if is_bare || line["malformed"] == true { Vec::new() } else { desktops },
    }
}

type Row = (String, String, String, String, Vec<String>, Option<String>);

/// Changes in the tables, by id; fails when one is there twice.
async fn changes_kept(sandbox: &Sandbox) -> BTreeMap<String, Told> {
    let query = "select event_id, event_name, event_source, outcome, subjects, person
                 from audit_event e left join subject_key k on k.subject_id = e.actor_id
                 where read_only is distinct from true order by sequence";
    let rows: Vec<Row> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let count = rows.len();
    let outcomes = ["succeeded", "failed", "partly", "unknown"];
    let kept: BTreeMap<String, Told> = rows
        .into_iter()
        .map(|(id, name, source, outcome, subjects, person)| {
            let outcome = outcomes.into_iter().find(|word| *word == outcome).unwrap();
            let desktops = subjects.into_iter().filter(|id| id.starts_with("ws-")).collect();
            (id, Told { name, source, person, outcome, desktops })
        })
        .collect();
    assert_eq!(kept.len(), count, "an event is there twice");
    kept
}

/// Fails unless the tables hold the ledger's changes before `now`, each once.
async fn assert_equal(sandbox: &Sandbox, now: &str) {
    let (truth, kept) = (changes_in_ledger(sandbox, now), changes_kept(sandbox).await);
    let missing: Vec<&Told> = truth.iter().filter(|(id, _)| !kept.contains_key(*id)).map(|(_, told)| told).collect();
    assert!(
        missing.is_empty(),
        "{} of {} are missing: {:?}",
        missing.len(),
        truth.len(),
        &missing[..missing.len().min(5)]
    );
    for (id, told) in &truth {
        let kept = &kept[id];
        assert_eq!((&kept.name, &kept.source, kept.outcome), (&told.name, &told.source, told.outcome), "{id}");
        // A resource that an event names is a subject too, and no desktop of its request.
        let lacks = told.desktops.iter().find(|desktop| !kept.desktops.contains(desktop));
        assert_eq!(lacks, None, "{id}: {told:?} {kept:?}");
        let who = kept.person.as_deref();
        match &told.person {
            Some(person) => assert_eq!(who, Some(person.as_str()), "{id}"),
            // Who is no person is known by the whole identity.
            None => assert!(
                who.is_none_or(|who| who.starts_with("arn:") || !who.contains('@') || told.outcome == "unknown"),
                "{id}: {who:?}"
            ),
        }
    }
}
