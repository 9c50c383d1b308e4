//! A stream against an API server that answers from a script.

use std::sync::{Arc, Mutex};

use crds::SyncSchedule;
use kube::ResourceExt as _;
use serde_json::{Value, json};
use telemetry::{BuildInfo, MetricsRegistry, Readiness};

use super::*;
use crate::{
    fixtures::{Answer, ApiServer, a_schedule_json},
    watch::trim,
};

/// What the stream told its cache and listener, in order.
type Told = Arc<Mutex<Vec<String>>>;

/// Follows until the first list is complete and `told` has this many entries.
async fn follow(server: &ApiServer, readiness: &Readiness, entries: usize) -> Vec<String> {
    let told = Told::default();
    let (to_cache, to_listener) = (Arc::clone(&told), Arc::clone(&told));
    let (listed, first_list) = oneshot::channel();
    let stream = Stream::<SyncSchedule> {
        api: Api::all(server.client()),
        feed: Feed {
            name: "syncschedules",
            selector: None,
            trim: trim::managed_fields,
            cache: Box::new(move |event| {
                if let Event::InitApply(object) | Event::Apply(object) = event {
                    assert!(object.managed_fields().is_empty());
                    to_cache.lock().unwrap().push(format!("cached {}", object.name_any()));
                }
            }),
            listener: Box::new(move |change| {
                to_listener.lock().unwrap().push(match change {
                    Change::Applied(object) => format!("applied {}", object.name_any()),
                    Change::Deleted(object) => format!("deleted {}", object.name_any()),
                    Change::Relisted => "relisted".to_owned(),
                });
            }),
        },
        ready: readiness.check("syncschedules", "not listed yet"),
        metrics: Metrics::register(&MetricsRegistry::new(&BuildInfo::of("test"))),
        first_list: Some(listed),
    };
    let following = tokio::spawn(stream.follow());
    first_list.await.unwrap();
    while told.lock().unwrap().len() < entries {
        tokio::task::yield_now().await;
    }
    following.abort();
    told.lock().unwrap().clone()
}

fn named(name: &str) -> Value {
    let mut object = a_schedule_json();
    object["metadata"]["name"] = json!(name);
    object["metadata"]["resourceVersion"] = json!("5");
    object["metadata"]["managedFields"] = json!([{"manager": "kubectl"}]);
    object
}

fn end_of_list() -> Value {
    let annotations = json!({"k8s.io/initial-events-end": "true"});
    let metadata = json!({"resourceVersion": "10", "creationTimestamp": null, "annotations": annotations});
    let object = json!({"apiVersion": "deskfleet.dev/v1alpha1", "kind": "SyncSchedule", "metadata": metadata});
    json!({"type": "BOOKMARK", "object": object})
}

#[tokio::test]
async fn a_streamed_list_fills_the_cache_and_makes_ready() {
    let events = vec![json!({"type": "ADDED", "object": named("a")}), end_of_list()];
    let server = ApiServer::answering(&[Answer::Events(events), Answer::Silence]);
    let readiness = Readiness::default();
    assert_eq!(follow(&server, &readiness, 2).await, ["cached a", "relisted"]);
    assert!(server.lines()[0].contains("sendInitialEvents=true") && server.lines()[0].contains("timeoutSeconds=60"));
    assert!(readiness.report().ready);
}

#[tokio::test]
async fn an_api_server_without_streamed_lists_is_listed_page_by_page() {
    let list = json!({"apiVersion": "deskfleet.dev/v1alpha1", "kind": "SyncScheduleList", "metadata": {"resourceVersion": "10"}, "items": [named("a")]});
    let refusal = Answer::Status(422, "sendInitialEvents is forbidden");
    let server = ApiServer::answering(&[refusal, Answer::Json(list), Answer::Silence]);
    assert_eq!(follow(&server, &Readiness::default(), 2).await, ["cached a", "relisted"]);
    assert!(server.lines()[1].contains("limit="), "{}", server.lines()[1]);
}

#[tokio::test]
async fn an_api_server_that_is_away_is_asked_again() {
    let away = Answer::Status(503, "starting");
    let events = vec![end_of_list()];
    let server = ApiServer::answering(&[away.clone(), away, Answer::Events(events), Answer::Silence]);
    assert_eq!(follow(&server, &Readiness::default(), 1).await, ["relisted"]);
}

#[tokio::test]
async fn an_object_that_cannot_be_read_does_not_stop_the_others() {
    let mut broken = named("broken");
    broken["spec"] = json!("not even an object");
    let events = [broken, named("whole")]
        .map(|object| json!({"type": "ADDED", "object": object}))
        .into_iter()
        .chain([end_of_list()]);
    let server = ApiServer::answering(&[Answer::Events(events.collect()), Answer::Silence]);
    assert_eq!(follow(&server, &Readiness::default(), 2).await, ["cached whole", "relisted"]);
}
