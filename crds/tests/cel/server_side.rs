//! The cases by a real API server, named by `DESKFLEET_TEST_KUBECONFIG`.

use std::io::Write as _;

use crds::schema::definitions;
use k8s_openapi::{
    api::core::v1::Namespace, apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
    runtime::{conditions::is_crd_established, wait::await_condition},
};
use serde_json::{Value, json};

use crate::table::{RuleCases, Table, tables};

/// The kubeconfig of a cluster that tests may install definitions into.
const KUBECONFIG: &str = "DESKFLEET_TEST_KUBECONFIG";
const NAMESPACE: &str = "deskfleet-cel";

#[tokio::test]
async fn a_real_api_server_gives_each_verdict() {
    let Some(path) = std::env::var_os(KUBECONFIG) else {
        // Written past the test harness, which hides what a passing test prints.
        let line = format!("SKIPPED: the API server's verdicts on CEL rules: {KUBECONFIG} names no cluster\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    };
    let kubeconfig = Kubeconfig::read_from(path).expect("the kubeconfig can be read");
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    let client = Client::try_from(config).unwrap();
    install(&client).await;
    for table in tables() {
        let definition = definitions().into_iter().find(|definition| definition.spec.names.kind == table.kind());
        let definition = definition.expect("the table's kind is defined");
        let resource = ApiResource {
            group: definition.spec.group,
            version: definition.spec.versions[0].name.clone(),
            api_version: table.base["apiVersion"].as_str().unwrap().to_owned(),
            kind: definition.spec.names.kind,
            plural: definition.spec.names.plural,
        };
        let api = Api::<DynamicObject>::namespaced_with(client.clone(), NAMESPACE, &resource);
        for cases in &table.rules {
            try_cases(&api, &table, cases).await;
        }
    }
    let namespaces = Api::<Namespace>::all(client);
    namespaces.delete(NAMESPACE, &DeleteParams::default()).await.unwrap();
}

async fn install(client: &Client) {
    let apply = PatchParams::apply("deskfleet-test").force();
    let api = Api::<CustomResourceDefinition>::all(client.clone());
    for definition in definitions() {
        let name = definition.metadata.name.clone().unwrap();
        api.patch(&name, &apply, &Patch::Apply(&definition)).await.expect("the API server takes the definition");
        await_condition(api.clone(), &name, is_crd_established()).await.unwrap();
    }
    let namespace: Namespace =
        serde_json::from_value(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}))
            .unwrap();
    Api::<Namespace>::all(client.clone()).patch(NAMESPACE, &apply, &Patch::Apply(&namespace)).await.unwrap();
}

async fn try_cases(api: &Api<DynamicObject>, table: &Table, cases: &RuleCases) {
    let dry_run = PostParams { dry_run: true, ..PostParams::default() };
    for change in &cases.accept {
        let verdict = api.create(&dry_run, &object(table, change)).await;
        assert!(verdict.is_ok(), "{} must accept {change}: {verdict:?}", cases.at);
    }
    let Some(updates) = &cases.update else {
        for change in &cases.reject {
            assert_refused(api.create(&dry_run, &object(table, change)).await, change, cases);
        }
        return;
    };
    let old = api.create(&PostParams::default(), &object(table, &updates.from)).await.unwrap();
    let name = old.metadata.name.clone().unwrap();
    let update = |change: &Value| {
        let mut new = object(table, change);
        new.metadata.resource_version.clone_from(&old.metadata.resource_version);
        new
    };
    for change in &updates.accept {
        let verdict = api.replace(&name, &dry_run, &update(change)).await;
        assert!(verdict.is_ok(), "{} must accept the update {change}: {verdict:?}", cases.at);
    }
    for change in updates.reject.iter().chain(&cases.reject) {
        assert_refused(api.replace(&name, &dry_run, &update(change)).await, change, cases);
    }
    api.delete(&name, &DeleteParams::default()).await.unwrap();
}

fn object(table: &Table, change: &Value) -> DynamicObject {
    serde_json::from_value(table.object(change)).expect("a case is an object")
}

fn assert_refused(verdict: kube::Result<DynamicObject>, change: &Value, cases: &RuleCases) {
    match verdict {
        Err(kube::Error::Api(status)) if status.message.contains(&cases.message) => {}
        other => panic!("{} must refuse {change} with {:?}: {other:?}", cases.at, cases.message),
    }
}
