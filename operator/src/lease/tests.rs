//! Taking, losing and giving up the lease, against an API server that answers from a script.

use serde_json::json;

use super::*;
use crate::fixtures::{Answer, ApiServer};

const READ: &str = "GET /apis/coordination.k8s.io/v1/namespaces/deskfleet/leases/deskfleet-operator";
const CREATE: &str = "POST /apis/coordination.k8s.io/v1/namespaces/deskfleet/leases?";
const REPLACE: &str = "PUT /apis/coordination.k8s.io/v1/namespaces/deskfleet/leases/deskfleet-operator?";

fn api(server: &ApiServer) -> Api<Lease> {
    Api::namespaced(server.client(), "deskfleet")
}

fn held_by(holder: &str) -> Answer {
    Answer::Json(json!({
        "metadata": {"name": NAME, "resourceVersion": "7"},
        "spec": {"holderIdentity": holder, "leaseTransitions": 3},
    }))
}

async fn try_once(server: &ApiServer) -> Option<Lease> {
    attempt(&api(server), "me", &mut Observation::default()).await.unwrap()
}

#[tokio::test]
async fn a_lease_that_nobody_made_is_made() {
    let server = ApiServer::answering(&[Answer::Status(404, "no lease"), Answer::Stored]);
    assert!(try_once(&server).await.is_some());
    assert_eq!(server.lines(), [READ, CREATE]);
}

#[tokio::test]
async fn a_free_lease_is_taken_only_in_the_version_that_was_read() {
    let server = ApiServer::answering(&[held_by(""), Answer::Stored]);
    assert!(try_once(&server).await.is_some());
    assert_eq!(server.lines(), [READ, REPLACE]);
    let body = &server.calls()[1].body;
    assert_eq!((&body["metadata"]["resourceVersion"], &body["spec"]["leaseTransitions"]), (&json!("7"), &json!(4)));
}

#[tokio::test]
async fn a_lost_race_and_a_held_lease_are_waited_for() {
    let lost = ApiServer::answering(&[held_by(""), Answer::Status(409, "somebody was faster")]);
    assert!(try_once(&lost).await.is_none());
    let held = ApiServer::answering(&[held_by("you")]);
    assert!(try_once(&held).await.is_none());
    assert_eq!(held.lines(), [READ]);
}

fn a_claim(server: &ApiServer) -> Claim {
    let lease = claim(None, "me");
    Claim { api: api(server), identity: "me".to_owned(), lease, renewed: Instant::now() }
}

#[tokio::test]
async fn a_lease_that_somebody_took_is_lost_at_once() {
    let server = ApiServer::answering(&[Answer::Status(409, "changed"), held_by("you")]);
    assert!(matches!(a_claim(&server).renew().await, Err(LeaseError::Taken)));
}

#[tokio::test]
async fn a_renewal_whose_answer_was_lost_is_not_a_loss() {
    let server = ApiServer::answering(&[Answer::Status(409, "changed"), held_by("me")]);
    assert!(a_claim(&server).renew().await.is_ok());
}

#[tokio::test]
async fn failures_are_borne_until_the_deadline_and_not_longer() {
    let server = ApiServer::answering(&[Answer::Status(500, "etcd is away"), Answer::Status(500, "etcd is away")]);
    let mut held = a_claim(&server);
    assert!(held.renew().await.is_ok());
    held.renewed = Instant::now().checked_sub(RENEW_DEADLINE).unwrap();
    assert!(matches!(held.renew().await, Err(LeaseError::NotRenewed { .. })));
}

#[tokio::test]
async fn a_lease_is_given_up_without_a_holder() {
    let server = ApiServer::answering(&[Answer::Stored]);
    Held { claim: Some(a_claim(&server)) }.release().await;
    assert_eq!(server.calls()[0].body["spec"].get("holderIdentity"), None);
}
