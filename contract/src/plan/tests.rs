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
            endpoint_url: Some("http://10.88.0.1:5000/".parse().unwrap()),
            endpoint_serves_sts: true,
        },
        sources: [Source::Inventory, Source::ConnectionStatus].into(),
        regions: ["us-east-1".parse().unwrap()].into(),
        parallelism: 2,
        jitter_seconds: 17,
        metrics_history_days: None,
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
    let error = Plan::parse(r#"{"version": 2, "task": "dance"}"#).unwrap_err();
    assert!(matches!(error, InvalidPlan::Version { found: 2 }));
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
