//! What holds for every schedule that the schema lets through.

use contract::{Plan, Task};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::validated;
use crate::{
    fixtures::{a_schedule, an_account, pod_settings},
    sync_schedule::build::build,
};

fn any_spec() -> impl Strategy<Value = Value> {
    let zone = prop_oneof!["Etc/UTC", "Europe/Berlin", "America/New_York", "[A-Z][a-z]{1,8}"];
    let sources = proptest::sample::subsequence(vec!["Inventory", "ConnectionStatus", "Directories", "Cost"], 1..=4);
    let regions = proptest::sample::subsequence(vec!["us-east-1", "eu-central-1", "us-west-2"], 1..=3);
    let numbers = (0..=900_i32, 901..=86_400_i32, 1..=32_i32, 0..=10_i32, 10..=86_400_i32);
    let labels = proptest::collection::btree_map("[a-z]{1,20}", "[a-z0-9]{0,20}", 0..5);
    (zone, sources, proptest::option::of(regions), numbers, labels, any::<bool>()).prop_map(
        |(zone, sources, regions, (jitter, timeout, parallelism, retries, deadline), labels, suspend)| {
            let mut spec = json!({
                "accountRef": {"name": "prod"}, "sources": sources, "schedule": "*/5 * * * *", "timeZone": zone,
                "jitterSeconds": jitter, "jobTimeoutSeconds": timeout, "parallelism": parallelism,
                "retry": {"limit": retries}, "startingDeadlineSeconds": deadline, "podLabels": labels,
                "suspend": suspend,
            });
            if let Some(regions) = regions {
                spec["regions"] = json!(regions);
            }
            spec
        },
    )
}

proptest! {
    #[test]
    fn what_is_valid_builds_children_that_keep_the_contract(
        spec in any_spec(),
        name in "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
    ) {
        let schedule = a_schedule(|json| {
            json["spec"] = spec.clone();
            json["metadata"]["name"] = json!(name);
        });
        // An invalid one is refused with a message, never with a panic.
        match validated(&schedule, &an_account(|_| {})) {
            Err(invalid) => prop_assert!(invalid.to_string().contains("spec."), "{invalid}"),
            Ok(valid) => {
                let cron_job = build(&valid, &pod_settings()).cron_job;
                prop_assert!(cron_job.metadata.name.as_ref().is_some_and(|name| name.len() <= 52));
                let job = cron_job.spec.unwrap().job_template.spec.unwrap();
                let pod = job.template.spec.unwrap();
                let plan = pod.containers[0].env.iter().flatten().find(|variable| variable.name == "DESKFLEET_PLAN");
                let plan = Plan::parse(plan.and_then(|plan| plan.value.as_deref()).unwrap()).unwrap();
                let Task::Sync(plan) = plan.task else { panic!("a plan of a sync") };
                prop_assert!(plan.regions.is_subset(&plan.account.regions));
                prop_assert!(plan.jitter_seconds <= u32::try_from(schedule.spec.jitter_seconds).unwrap());
                prop_assert_eq!(pod.automount_service_account_token, Some(false));
            }
        }
    }
}
