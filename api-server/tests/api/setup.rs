//! `deskfleet-api setup` against a Kubernetes API in memory that knows Secrets only.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    convert::Infallible,
    sync::{Arc, Mutex},
};

use api_server::commands::setup::{SetupArguments, run_with};
use axum::body::{Body, to_bytes};
use clap::Parser;
use http::{Method, Request, Response, StatusCode};
use k8s_openapi::api::core::v1::Secret;
use kube::Client;
use serde_json::json;

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    setup: SetupArguments,
}

/// Secrets by name, and a name whose creation is forbidden.
#[derive(Clone, Default)]
struct Cluster {
    secrets: Arc<Mutex<BTreeMap<String, Secret>>>,
    forbidden: Option<&'static str>,
}

impl Cluster {
    async fn answer(self, request: Request<kube::client::Body>) -> Result<Response<Body>, Infallible> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let bytes = to_bytes(Body::new(body), 1 << 20).await.unwrap();
        let mut secrets = self.secrets.lock().unwrap();
        Ok(if parts.method == Method::POST {
            assert_eq!(path, "/api/v1/namespaces/desks/secrets");
            let secret: Secret = serde_json::from_slice(&bytes).unwrap();
            let name = secret.metadata.name.clone().unwrap();
            match secrets.entry(name) {
                Entry::Vacant(place) if self.forbidden == Some(place.key().as_str()) => {
                    refusal(StatusCode::FORBIDDEN, "Forbidden")
                }
                Entry::Vacant(place) => {
                    let body = serde_json::to_vec(place.insert(secret)).unwrap();
                    Response::builder().status(201).body(Body::from(body)).unwrap()
                }
                Entry::Occupied(_) => refusal(StatusCode::CONFLICT, "AlreadyExists"),
            }
        } else {
            // The one Secret that may be read.
            assert_eq!(path, "/api/v1/namespaces/desks/secrets/deskfleet-postgresql");
            Response::new(Body::from(serde_json::to_vec(&secrets["deskfleet-postgresql"]).unwrap()))
        })
    }

    async fn set_up(&self, flags: &str) -> Result<(), String> {
        let line = format!("deskfleet-api --namespace desks --instance fleet {flags}");
        let arguments = CommandLine::try_parse_from(line.split_whitespace()).unwrap().setup;
        let cluster = self.clone();
        let service = tower::service_fn(move |request| cluster.clone().answer(request));
        run_with(Client::new(service, "desks"), &arguments).await.map_err(|error| format!("{error}"))
    }

    fn value(&self, secret: &str, key: &str) -> String {
        let secrets = self.secrets.lock().unwrap();
        String::from_utf8(secrets[secret].data.as_ref().unwrap()[key].0.clone()).unwrap()
    }
}

fn refusal(status: StatusCode, reason: &str) -> Response<Body> {
    let body = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason,
        "message": reason, "code": status.as_u16()});
    Response::builder().status(status).body(Body::from(body.to_string())).unwrap()
}

const EVERYTHING: &str =
    "--bundled-database db:5432/deskfleet --tls-secret deskfleet-api-tls --tls-name desks.example.com,10.0.0.7";

#[tokio::test]
async fn everything_is_made_once_and_then_kept() {
    let cluster = Cluster::default();
    cluster.set_up(EVERYTHING).await.unwrap();
    let first = cluster.secrets.lock().unwrap().clone();
    let shapes: BTreeMap<_, _> = first
        .iter()
        .map(|(name, secret)| {
            let keys: Vec<_> = secret.data.as_ref().unwrap().keys().collect();
            (name, (&secret.type_, keys, &secret.metadata.labels))
        })
        .collect();
    insta::assert_yaml_snapshot!(shapes);
    cluster.set_up(EVERYTHING).await.unwrap();
    assert_eq!(*cluster.secrets.lock().unwrap(), first, "a second run changes nothing");
}

#[tokio::test]
async fn a_run_that_broke_off_goes_on_with_the_password_it_made() {
    let cluster = Cluster::default();
    cluster.set_up(EVERYTHING).await.unwrap();
    cluster.secrets.lock().unwrap().remove("deskfleet-database");
    cluster.set_up(EVERYTHING).await.unwrap();
    let password = cluster.value("deskfleet-postgresql", "password");
    let url = cluster.value("deskfleet-database", "migrate");
    assert_eq!(url, format!("postgres://postgres:{password}@db:5432/deskfleet?sslmode=disable"));
}

#[tokio::test]
async fn only_what_was_named_is_made() {
    let cluster = Cluster::default();
    cluster.set_up("--secret deskfleet-session-keys").await.unwrap();
    assert_eq!(cluster.secrets.lock().unwrap().keys().collect::<Vec<_>>(), ["deskfleet-session-keys"]);
}

#[tokio::test]
async fn a_refusal_names_verb_secret_and_namespace() {
    let cluster = Cluster { forbidden: Some("deskfleet-encryption"), ..Cluster::default() };
    let error = cluster.set_up("").await.unwrap_err();
    assert_eq!(error, "cannot create Secret deskfleet-encryption in namespace desks");
}
