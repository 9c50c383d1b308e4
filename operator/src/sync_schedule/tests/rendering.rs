//! The children, as YAML.

use std::sync::Arc;

use crds::SyncSchedule;
use serde_json::json;

use super::{plain, validated};
use crate::{
    config::CaBundle,
    fixtures::{a_schedule, an_account, pod_settings},
    sync_schedule::build::build,
};

#[test]
fn a_minimal_schedule_becomes_this_cron_job() {
    let (schedule, account) = plain();
    let prepared = build(&validated(&schedule, &account).unwrap(), &pod_settings());
    insta::assert_yaml_snapshot!(prepared.cron_job);
    assert!(prepared.requested.is_none());
}

#[test]
fn a_schedule_with_everything_becomes_this_cron_job() {
    let schedule = a_schedule(|json| {
        let spec = &mut json["spec"];
        spec["regions"] = json!(["us-east-1"]);
        spec["timeZone"] = json!("Europe/Berlin");
        spec["jitterSeconds"] = json!(300);
        spec["concurrencyPolicy"] = json!("Replace");
        spec["parallelism"] = json!(3);
        spec["retry"] = json!({"limit": 5});
        spec["resources"] = json!({"limits": {"cpu": "1", "memory": "512Mi"}});
        spec["scheduling"] = json!({
            "nodeSelector": {"pool": "jobs"},
            "tolerations": [{"key": "jobs", "operator": "Exists"}],
            "priorityClassName": "low",
            "runtimeClassName": "gvisor",
        });
        spec["podLabels"] = json!({"team": "desktops"});
        spec["podAnnotations"] = json!({"example.com/note": "hello"});
    });
    let account = an_account(|json| {
        let spec = &mut json["spec"];
        let from = json!({"ambient": {"serviceAccountName": "deskfleet-sync"}});
        let role = json!({
            "roleArn": "arn:aws:iam::123456789012:role/deskfleet",
            "externalIdSecretRef": {"name": "deskfleet-external-id"},
            "sessionTags": [{"key": "team", "value": "desktops"}],
            "from": from,
        });
        spec["credentials"] = json!({"assumeRole": role});
        spec["endpointUrl"] = json!("http://10.88.0.1:5000");
        spec["pace"] = json!([{"operation": "DescribeWorkspaces", "requestsPerMinute": 90, "burst": 3}]);
    });
    let mut settings = pod_settings();
    settings.image_pull_secrets = vec!["registry".to_owned()];
    settings.proxies = vec![("HTTPS_PROXY", "http://proxy.example.com:3128".to_owned())];
    settings.ca_bundle = Some(CaBundle { config_map: "authorities".to_owned(), key: "ca.crt".to_owned() });
    settings.redis = true;
    let prepared = build(&validated(&schedule, &account).unwrap(), &settings);
    insta::assert_yaml_snapshot!(prepared.cron_job);
}

#[test]
fn a_requested_run_becomes_this_job() {
    let (_, account) = plain();
    let schedule = a_schedule(|json| {
        json["metadata"]["annotations"] = json!({"deskfleet.dev/run-requested-at": "2026-01-01T00:00:00Z"});
        json["spec"]["jitterSeconds"] = json!(300);
    });
    let prepared = build(&validated(&schedule, &account).unwrap(), &pod_settings());
    insta::assert_yaml_snapshot!(prepared.requested.unwrap().job);
}

#[test]
fn the_same_schedule_gives_the_same_digest_and_a_changed_one_another() {
    let (schedule, account) = plain();
    let digest = |schedule: Arc<SyncSchedule>| build(&validated(&schedule, &account).unwrap(), &pod_settings()).digest;
    assert_eq!(digest(Arc::clone(&schedule)), digest(a_schedule(|_| {})));
    assert_ne!(digest(schedule), digest(a_schedule(|json| json["spec"]["schedule"] = json!("16 2 * * *"))));
}
