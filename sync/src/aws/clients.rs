//! SDK clients: one HTTP client for the process, explicit settings for everything that
//! the SDK would otherwise look up in files and the environment.
//!
//! The SDK makes one attempt (our own loop retries), has all its timeouts set, and never
//! asks the instance metadata service.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region as SdkRegion, SdkConfig, identity::IdentityCache, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use contract::AccountPlan;
use identifiers::Region;

#[cfg(test)]
mod hosts;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(20);
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// A renewal of credentials waits for its ticket like any call.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(25);

/// What all clients of an account share.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: SharedHttpClient,
    use_fips: bool,
    endpoint: Option<String>,
    sts_endpoint: Option<String>,
}

impl Transport {
    /// The transport for an account.
    pub(crate) fn new(account: &AccountPlan) -> Self {
        let endpoint = account.endpoint_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        Self {
            http: http_client(),
            use_fips: account.use_fips,
            sts_endpoint: endpoint.clone().filter(|_| account.endpoint_serves_sts),
            endpoint,
        }
    }

    /// The HTTP client, for credential providers that are no AWS service.
    pub(crate) fn http(&self) -> SharedHttpClient {
        self.http.clone()
    }

    /// A client of STS; without credentials it can only make unsigned calls.
    pub(crate) fn sts(&self, region: &Region, credentials: Option<SharedCredentialsProvider>) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.settings(region, credentials, self.sts_endpoint.as_deref()))
    }

    /// The clients of a region.
    pub(crate) fn region(&self, region: &Region, credentials: &SharedCredentialsProvider) -> RegionClients {
        let settings = self.settings(region, Some(credentials.clone()), self.endpoint.as_deref());
        RegionClients {
            workspaces: aws_sdk_workspaces::Client::new(&settings),
            directory: aws_sdk_directory::Client::new(&settings),
            directory_data: aws_sdk_directoryservicedata::Client::new(&settings),
            cloudwatch: aws_sdk_cloudwatch::Client::new(&settings),
            queues: aws_sdk_sqs::Client::new(&settings),
            cloudtrail: aws_sdk_cloudtrail::Client::new(&settings),
            tagging: aws_sdk_resourcegroupstagging::Client::new(&settings),
            quotas: aws_sdk_servicequotas::Client::new(&settings),
            cost_explorer: aws_sdk_costexplorer::Client::new(&settings),
            pricing: aws_sdk_pricing::Client::new(&settings),
        }
    }

    fn settings(
        &self,
        region: &Region,
        credentials: Option<SharedCredentialsProvider>,
        endpoint: Option<&str>,
    ) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .operation_attempt_timeout(CALL_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let mut settings = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.http.clone())
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .region(SdkRegion::new(region.to_string()))
            // Another endpoint is asked as it is; the SDK refuses to change its name.
            .use_fips(self.use_fips && endpoint.is_none())
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        settings.set_credentials_provider(credentials);
        settings.set_endpoint_url(endpoint.map(str::to_owned));
        settings.build()
    }
}

/// The clients of one region.
#[derive(Clone, Debug)]
pub(crate) struct RegionClients {
    /// `WorkSpaces`.
    pub(crate) workspaces: aws_sdk_workspaces::Client,
    /// Directory Service.
    pub(crate) directory: aws_sdk_directory::Client,
    /// Directory Service Data.
    pub(crate) directory_data: aws_sdk_directoryservicedata::Client,
    /// `CloudWatch`.
    pub(crate) cloudwatch: aws_sdk_cloudwatch::Client,
    /// SQS.
    pub(crate) queues: aws_sdk_sqs::Client,
    /// `CloudTrail`.
    pub(crate) cloudtrail: aws_sdk_cloudtrail::Client,
    /// Resource Groups Tagging API.
    pub(crate) tagging: aws_sdk_resourcegroupstagging::Client,
    /// Service Quotas.
    pub(crate) quotas: aws_sdk_servicequotas::Client,
    /// Cost Explorer, which only the region of global sources has.
    pub(crate) cost_explorer: aws_sdk_costexplorer::Client,
    /// Price List, the same.
    pub(crate) pricing: aws_sdk_pricing::Client,
}

/// The process's HTTP client: rustls with aws-lc-rs, roots of the system, and the proxy
/// of the usual variables.
fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(
            components.and_then(aws_smithy_runtime_api::client::runtime_components::RuntimeComponents::sleep_impl),
        );
        connector.tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc)).build()
    })
}
