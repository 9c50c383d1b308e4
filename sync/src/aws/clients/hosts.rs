//! Every call goes to the host that botocore names, in each partition, with FIPS and without.

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use contract::AccountPlan;
use serde_json::json;

use super::*;
use crate::aws::fips::{Endpoint, endpoints};

/// Keeps the host of a request, and lets none go out.
#[derive(Clone, Debug, Default)]
struct Stopped(Arc<Mutex<Option<String>>>);

impl Intercept for Stopped {
    fn name(&self) -> &'static str {
        "Stopped"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let url = url::Url::parse(context.request().uri())?;
        *self.0.lock().unwrap() = url.host_str().map(str::to_owned);
        Err("nothing leaves this test".into())
    }
}

fn transport(use_fips: bool) -> Transport {
    let account = json!({
        "object": {"namespace": "deskfleet", "name": "test"},
        "accountId": "111111111111", "regions": ["us-east-1"],
        "credentials": {"direct": "secret"}, "useFips": use_fips, "endpointServesSts": false,
    });
    Transport::new(&serde_json::from_value::<AccountPlan>(account).unwrap())
}

/// The host that a call of `service` goes to.
async fn host(transport: &Transport, service: &str, region: &str) -> String {
    let stopped = Stopped::default();
    let region: Region = region.parse().unwrap();
    let keys = SharedCredentialsProvider::new(Credentials::new("key", "secret", None, None, "test"));
    let clients = transport.region(&region, &keys);
    macro_rules! call {
        ($request:expr) => {{
            let answer = $request.customize().interceptor(stopped.clone()).send().await;
            assert!(answer.is_err(), "{service} in {region} was called");
        }};
    }
    match service {
        "ce" => call!(clients.cost_explorer.get_cost_forecast()),
        "cloudtrail" => call!(clients.cloudtrail.lookup_events()),
        "cloudwatch" => call!(clients.cloudwatch.get_metric_data()),
        "ds" => call!(clients.directory.describe_directories()),
        "ds-data" => call!(clients.directory_data.list_users().directory_id("d-1234567890")),
        "pricing" => call!(clients.pricing.get_products()),
        "servicequotas" => call!(clients.quotas.list_service_quotas()),
        // The queue's own address does not decide it: the region does.
        "sqs" => call!(clients.queues.receive_message().queue_url("https://queue.example.com/111111111111/logins")),
        "sts" => call!(transport.sts(&region, Some(keys)).get_caller_identity()),
        "tag" => call!(clients.tagging.get_resources()),
        "workspaces" => call!(clients.workspaces.describe_workspaces()),
        _ => panic!("{service} has no client"),
    }
    let host = stopped.0.lock().unwrap().take();
    host.unwrap_or_else(|| panic!("{service} in {region} made no request"))
}

#[tokio::test]
async fn every_call_goes_to_the_host_that_botocore_names() {
    let [plain, with_fips] = [false, true].map(transport);
    // Buckets have a client of their own (`bucket`).
    for endpoint in endpoints().filter(|one| one.service != "s3") {
        let Endpoint { service, region, host: expected, fips_host } = endpoint;
        assert_eq!(host(&plain, service, region).await, expected, "{service} in {region}");
        if let Some(expected) = fips_host {
            assert_eq!(host(&with_fips, service, region).await, expected, "{service} in {region} with FIPS");
        }
    }
}
