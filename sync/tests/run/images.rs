//! Images equal the ledger's, and keep what changed when.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sandbox::Sandbox;

const LISTING: &str = "DescribeWorkspaceImages";
/// Ownership, name, state, whether an update is available, codes of failed checks.
type Image = (String, String, String, Option<bool>, Vec<String>);
type Images = BTreeMap<String, Image>;

fn a_plan(sandbox: &Sandbox) -> Value {
    sandbox.plan_of(&["Images"], &[LISTING])
}

fn ledger(sandbox: &Sandbox) -> Images {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = sandbox.aws.lines("ledger?type=images&from=2026-03-04T12:00:00Z&to=2026-03-04T12:00:00Z");
    let image = |line: &Value| {
        let errors = line["errors"].as_array().unwrap().iter().map(text).collect();
        let state = text(&line["state"]).to_lowercase();
        let update = line["updateAvailable"].as_bool();
        (text(&line["imageId"]), (text(&line["ownership"]), text(&line["name"]), state, update, errors))
    };
    lines.iter().map(image).collect()
}

async fn kept(sandbox: &Sandbox) -> Images {
    type Row = (String, String, String, String, Option<bool>, Vec<String>);
    let query = "select image_id, ownership, name, state, update_available,
                        array(select error ->> 'code' from jsonb_array_elements(error_details) error)
                 from image where valid_to is null";
    let rows: Vec<Row> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    rows.into_iter()
        .map(|(id, ownership, name, state, update, errors)| (id, (ownership, name, state, update, errors)))
        .collect()
}

fn tell(sandbox: &Sandbox, change: &Value) {
    let mut rule = json!({"operation": LISTING, "region": "us-east-1"});
    rule.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    sandbox.aws.post("listing", &json!({"rules": [rule]}));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn images_equal_the_ledger_and_a_second_reading_adds_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = ledger(&sandbox);
    let shows: [fn(&Image) -> bool; 3] =
        [|image| image.0 == "shared", |image| image.3 == Some(true), |image| !image.4.is_empty()];
    assert!(shows.iter().all(|shows| truth.values().any(shows)), "{truth:?} proves too little");
    assert_eq!(kept(&sandbox).await, truth);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, truth);
    assert_eq!(sandbox.count("select count(*) from image").await, i64::try_from(truth.len()).unwrap());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_image_that_changed_begins_anew_and_one_that_is_gone_ends(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = ledger(&sandbox);
    let ids: Vec<&String> = truth.keys().collect();
    let (gone, changed) = (ids[0], ids[1]);
    tell(
        &sandbox,
        &json!({"remove": [gone], "set": {changed: {"State": "FROZEN", "Updates": {"UpdateAvailable": true}}}}),
    );
    sandbox.run(&plan).ended(0, "Complete");
    let mut second = truth.clone();
    second.remove(gone);
    let image = second.get_mut(changed).unwrap();
    (image.2, image.3) = ("frozen".to_owned(), Some(true));
    assert_eq!(kept(&sandbox).await, second, "a word that nobody knows is kept as well");

    sandbox.aws.post("listing", &json!({"rules": []}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, truth);
    let history = "select count(*) from image one join image next using (account_id, region, image_id)
                   where one.valid_to = next.valid_from and one.state is distinct from next.state";
    assert_eq!(sandbox.count(history).await, 2, "frozen for a while, without a gap");
    let ended = "select count(*) from image where valid_to is not null";
    assert_eq!(sandbox.count(ended).await, 3, "one that was gone for a while, two of the one that changed twice");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_listing_that_is_not_whole_ends_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = kept(&sandbox).await;
    let denied = json!({"operation": LISTING, "after": 1, "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(20, "PermissionDenied");
    assert!(report.errors[0].contains("deskfleet-sync policies"), "{:?}", report.errors);
    assert_eq!(kept(&sandbox).await, truth);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_image_without_an_id_is_counted_and_proves_nothing_gone(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = kept(&sandbox).await;
    let one = truth.keys().next().unwrap();
    tell(&sandbox, &json!({"drop": {one: ["ImageId"]}}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert!(report.errors[0].contains("1 image(s) without an id"), "{:?}", report.errors);
    assert_eq!(kept(&sandbox).await, truth);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tokens_that_lead_nowhere_end_the_step(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = kept(&sandbox).await;
    for tokens in ["repeated", "endless"] {
        tell(&sandbox, &json!({"tokens": tokens}));
        sandbox.run(&plan).ended(20, "UnexpectedAnswer");
        assert_eq!(kept(&sandbox).await, truth, "{tokens}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_throttled_listing_is_tried_again(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let fault = json!({"operation": LISTING, "count": 2, "status": 400, "code": "ThrottlingException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&a_plan(&sandbox)).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, ledger(&sandbox));
    assert_eq!(sandbox.count("select throttles from run_step").await, 2);
}
