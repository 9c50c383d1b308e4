//! The plan's wire form is a promise to pods of other releases.

use super::*;

fn a_plan() -> Plan {
    let text = |value: &str| value.to_owned();
    Plan::new(Task::Sync(SyncPlan {
        schedule: an_object("nightly"),
        trigger: Trigger::Schedule,
        account: AccountPlan {
            object: an_object("prod"),
            account_id: "000123456789".parse().unwrap(),
            regions: ["us-east-1", "eu-central-1"].map(|region| region.parse().unwrap()).into(),
            credentials: Credentials::AssumeRole {
                role_arn: text("arn:aws:iam::000123456789:role/deskfleet"),
                external_id: true,
                session_tags: [(text("team"), text("desktops"))].into(),
                from: Sign::Secret,
            },
            use_fips: false,
            pace: [(text("DescribeWorkspaces"), Pace { rate: 1.5, burst: 3 })].into(),
            budget: Budget { cost_explorer_requests_per_day: Some(50), cloud_watch_usd_per_month: None },
            retention: Retention { usage_days: Some(365), ..Retention::default() },
            access_events: None,
            cost_export: Some(CostExport {
                bucket: text("billing"),
                prefix: text("exports"),
                export_name: Some(text("desktops")),
                region: "us-east-1".parse().unwrap(),
                endpoint_url: None,
            }),
            endpoint_url: Some("http://10.88.0.1:5000/".parse().unwrap()),
            endpoint_serves_sts: true,
        },
        sources: [Source::Inventory, Source::ConnectionStatus].into(),
        regions: ["us-east-1".parse().unwrap()].into(),
        parallelism: 2,
        jitter_seconds: 17,
        metrics_history_days: None,
        desktops: BTreeSet::new(),
    }))
}

fn an_object(name: &str) -> ObjectRef {
    ObjectRef { namespace: "desktops".parse().unwrap(), name: name.parse().unwrap() }
}

#[test]
fn a_plan_reads_back_as_it_was_written() {
    let plan = a_plan();
    assert_eq!(Plan::parse(&plan.to_json().unwrap()).unwrap(), plan);
}

#[test]
fn the_wire_form_stays_as_it_is() {
    insta::assert_json_snapshot!(a_plan());
}

#[test]
fn a_plan_of_another_release_says_so_even_when_its_fields_are_unknown() {
    let error = Plan::parse(r#"{"version": 3, "task": "dance"}"#).unwrap_err();
    assert!(matches!(error, InvalidPlan::Version { found: 3 }));
    assert!(matches!(Plan::parse(r#"{"version": 0}"#), Err(InvalidPlan::Version { found: 0 })));
}

fn a_plan_for(desktops: impl IntoIterator<Item = String>) -> Plan {
    let Task::Sync(plan) = a_plan().task else { unreachable!("it is a plan to sync") };
    Plan::new(Task::Sync(SyncPlan { desktops: desktops.into_iter().collect(), ..plan }))
}

#[test]
fn only_a_plan_that_names_desktops_needs_version_2() {
    assert_eq!(a_plan().version, 1, "pods of older releases go on with what they can read");
    let plan = a_plan_for(["ws-1".to_owned()]);
    assert_eq!(plan.version, 2, "an older pod would read all desktops");
    let json = plan.to_json().unwrap();
    assert_eq!(Plan::parse(&json).unwrap(), plan);
    let disguised = json.replace("\"version\":2", "\"version\":1");
    assert!(matches!(Plan::parse(&disguised), Err(InvalidPlan::TooLow { found: 1 })));
}

#[test]
fn a_plan_names_no_more_desktops_than_it_may() {
    let named = |count: usize| a_plan_for((0..count).map(|number| format!("ws-{number:063}")));
    assert!(named(MAX_PLAN_DESKTOPS).to_json().is_ok(), "ids of AWS's longest form fit");
    assert!(matches!(named(MAX_PLAN_DESKTOPS + 1).to_json(), Err(InvalidPlan::TooManyDesktops { count: 501 })));
}

#[test]
fn a_wrong_account_id_in_a_plan_is_refused() {
    let json = a_plan().to_json().unwrap().replace("000123456789\",\"regions", "123\",\"regions");
    assert!(matches!(Plan::parse(&json), Err(InvalidPlan::Json(_))));
}

#[test]
fn an_oversized_plan_is_refused_before_it_is_parsed() {
    let json = " ".repeat(MAX_PLAN_BYTES + 1);
    assert!(matches!(Plan::parse(&json), Err(InvalidPlan::TooLong { .. })));
}
