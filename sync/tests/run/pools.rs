//! Pools and sessions equal the ledger's, and keep when each session was seen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Sandbox};

const POOLS: &str = "DescribeWorkspacesPools";
const SESSIONS: &str = "DescribeWorkspacesPoolSessions";
const MORNING: &str = "2026-03-04T15:00:00Z";
const AFTERNOON: &str = "2026-03-04T21:00:00Z";

/// By id: pool, user, start, whether the user is connected.
type Sessions = BTreeMap<String, (String, String, i64, bool)>;

fn a_fleet(pool: PgPool) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, 1, &["us-east-1"]);
    let account = json!({"id": ACCOUNT, "regions": ["us-east-1"], "poolsPerRegion": 30});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 10, "accounts": [account]}));
    at(&sandbox, MORNING);
    let plan = sandbox.plan_of(&["Pools"], &[POOLS, SESSIONS]);
    (sandbox, plan)
}

fn at(sandbox: &Sandbox, now: &str) {
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
}

fn second(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

/// Sessions that began in the three days before `now`, and whether each goes on then.
fn ledger(sandbox: &Sandbox, now: &str) -> Sessions {
    let from = "2026-03-01T00:00:00Z";
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let session = |line: &Value| {
        let (start, end) = (second(&text(&line["start"])), second(&text(&line["end"])));
        (text(&line["sessionId"]), (text(&line["poolId"]), text(&line["userId"]), start, second(now) < end))
    };
    let lines = sandbox.aws.lines(&format!("ledger?type=poolSessions&from={from}&to={now}"));
    lines.iter().map(session).collect()
}

/// Sessions that go on, as far as they are kept.
async fn kept(sandbox: &Sandbox) -> Sessions {
    let query = "select session_id, pool_id, user_id, extract(epoch from started_at)::bigint,
                        connection_state = 'connected'
                 from pool_session where gone_at is null and authentication = 'saml'";
    let rows: Vec<(String, String, String, i64, bool)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    rows.into_iter().map(|(id, pool, user, start, connected)| (id, (pool, user, start, connected))).collect()
}

/// Fails unless what is kept is what goes on at `now`: everybody who is connected, and of
/// the others only sessions that there were.
async fn assert_equal(sandbox: &Sandbox, now: &str) -> Sessions {
    let (truth, kept) = (ledger(sandbox, now), kept(sandbox).await);
    let connected: Vec<_> = truth.iter().filter(|(_, session)| session.3).collect();
    assert!(connected.len() > 100, "{} sessions prove nothing", connected.len());
    assert_eq!(kept.iter().filter(|(_, session)| session.3).collect::<Vec<_>>(), connected);
    assert!(kept.iter().all(|(id, session)| truth.get(id) == Some(session)));
    let active = sandbox.count("select sum(active_sessions)::bigint from pool where gone_at is null").await;
    assert_eq!(i64::try_from(kept.len()).unwrap(), active, "as many as the pools' capacity says");
    kept
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn pools_and_their_sessions_equal_the_ledger(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    assert_equal(&sandbox, MORNING).await;
    let query = "select pool_id, name, running_mode, state, desired_sessions from pool";
    let rows: Vec<(String, String, String, String, i32)> =
        sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let kept: BTreeSet<_> = rows.into_iter().collect();
    let lines = sandbox.aws.lines(&format!("ledger?type=pools&from={MORNING}&to={MORNING}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pool = |line: &Value| {
        let state = if line["stopped"] == json!(true) { "stopped" } else { "running" };
        let desired = i32::try_from(line["desiredUserSessions"].as_i64().unwrap()).unwrap();
        (
            text(&line["poolId"]),
            text(&line["name"]),
            text(&line["runningMode"]).to_lowercase(),
            state.to_owned(),
            desired,
        )
    };
    assert_eq!(kept, lines.iter().map(pool).collect());
    assert!(sandbox.count("select count(*) from pool where errors <> '[]'").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_session_keeps_when_it_was_first_and_last_seen(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let morning = assert_equal(&sandbox, MORNING).await;
    at(&sandbox, AFTERNOON);
    sandbox.run(&plan).ended(0, "Complete");
    let afternoon = assert_equal(&sandbox, AFTERNOON).await;
    let over = morning.keys().filter(|id| !afternoon.contains_key(*id)).count();
    assert!(over > 10 && over < morning.len(), "{over} of {} sessions ended", morning.len());
    let over_rows = "select count(*) from pool_session where gone_at > last_seen_at and last_seen_at = first_seen_at";
    assert_eq!(sandbox.count(over_rows).await, i64::try_from(over).unwrap());
    let both = "select count(*) from pool_session where gone_at is null and last_seen_at > first_seen_at";
    assert_eq!(sandbox.count(both).await, i64::try_from(morning.len() - over).unwrap());
    let all: BTreeSet<&String> = morning.keys().chain(afternoon.keys()).collect();
    assert_eq!(sandbox.count("select count(*) from pool_session").await, i64::try_from(all.len()).unwrap());
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from pool_session").await, i64::try_from(all.len()).unwrap());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pool_that_goes_between_its_listing_and_its_sessions_fails_nothing(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    let fault =
        json!({"operation": SESSIONS, "after": 2, "count": 1, "status": 400, "code": "ResourceNotFoundException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, before);

    // The next listing says that it is gone, and with it its sessions.
    let (id, ..) = before.values().next().unwrap();
    let rule = json!({"operation": POOLS, "remove": [id]});
    sandbox.aws.post("listing", &json!({"rules": [rule]}));
    sandbox.run(&plan).ended(0, "Complete");
    let gone: Vec<String> = sqlx::query_scalar("select pool_id from pool where gone_at is not null")
        .fetch_all(&sandbox.pool)
        .await
        .unwrap();
    assert_eq!(gone, std::slice::from_ref(id));
    assert!(kept(&sandbox).await.values().all(|session| session.0 != *id));
    sandbox.aws.post("listing", &json!({"rules": []}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, before, "what came back is there again");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_listing_that_breaks_off_ends_neither_pools_nor_sessions(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    let denied = json!({"operation": POOLS, "after": 1, "count": 999, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    sandbox.run(&plan).ended(20, "PermissionDenied");
    assert_eq!(kept(&sandbox).await, before);
    assert_eq!(sandbox.count("select count(*) from pool where gone_at is not null").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sessions_that_may_not_be_read_leave_the_pools_and_end_nothing(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    let denied = json!({"operation": SESSIONS, "count": 999, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    let finished = sandbox.run(&plan);
    assert_eq!(finished.ended(0, "PermissionDenied").outcome, contract::Outcome::Partial);
    assert_eq!(kept(&sandbox).await, before);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn words_nobody_knows_are_kept_as_they_are(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let (session, (pool, ..)) = kept(&sandbox).await.into_iter().next().unwrap();
    let rules = json!([
        {"operation": POOLS, "set": {pool: {"State": "MELTING", "RunningMode": "SOMETIMES"}}},
        {"operation": SESSIONS, "set": {session: {"AuthenticationType": "PASSKEY", "ConnectionState": "ASLEEP"}}},
    ]);
    sandbox.aws.post("listing", &json!({"rules": rules}));
    sandbox.run(&plan).ended(0, "Complete");
    let words = "select count(*) from pool join pool_session using (account_id, region, pool_id)
                 where (state, running_mode, authentication, connection_state)
                     = ('melting', 'sometimes', 'passkey', 'asleep')";
    assert_eq!(sandbox.count(words).await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tokens_that_lead_nowhere_end_the_step_and_no_session(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    for (operation, tokens) in [(POOLS, "repeated"), (SESSIONS, "repeated"), (SESSIONS, "endless")] {
        sandbox.aws.post("listing", &json!({"rules": [{"operation": operation, "tokens": tokens}]}));
        let finished = sandbox.run(&plan);
        assert_eq!(finished.report().reason, "UnexpectedAnswer", "{operation} {tokens}");
        assert_eq!(kept(&sandbox).await, before, "{operation} {tokens}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_that_was_cut_off_is_gone_on_with_and_counts_once(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool);
    let fault = json!({"operation": SESSIONS, "after": 5, "count": 8, "status": 500, "code": "InternalServerError"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(10, "ServiceFault");
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    let kept = assert_equal(&sandbox, MORNING).await;
    let items = sandbox.count("select items from run_step").await;
    assert_eq!(items, i64::try_from(30 + kept.len()).unwrap());
}
