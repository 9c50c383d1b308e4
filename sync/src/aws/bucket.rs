//! Objects of one S3 bucket, by `s3:ListObjectsV2` and `s3:GetObject`.
//!
//! `object_store` builds, signs and sends the requests with the run's own credentials, and
//! makes one attempt. Its failures are told as the SDK tells them, so that the one way of
//! calls ([`super::caller`]) classifies, counts and repeats them like any other: every
//! piece of an object is a call of its own, with its own ticket.
//!
//! Deliberately absent: writing, and streams that go on over several attempts.

use std::{fmt, ops::Range, pin::Pin, sync::Arc, time::Duration};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use bytes::Bytes;
use contract::{AccountPlan, CostExport};
use identifiers::{Partition, Region};
use jiff::Timestamp;
use object_store::{
    ClientOptions, CredentialProvider, GetOptions, GetRange, ObjectStore, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AwsCredential},
    list::{PaginatedListOptions, PaginatedListStore},
    path::Path,
};
use rust_decimal::Decimal;

use super::{
    answer_size::AnswerSize,
    caller::{Caller, Charge},
    error::CallError,
    operation::Operation,
};

mod refusal;

use refusal::{Connector, told};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The bucket of a cost export.
pub(crate) struct Bucket {
    store: AmazonS3,
    name: String,
}

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page {
    /// Objects: key, entity tag, when it was written.
    pub(crate) objects: Vec<Listed>,
    /// What lies below, where the listing stops at slashes.
    pub(crate) folders: Vec<String>,
    /// The token of the next page.
    pub(crate) token: Option<String>,
}

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its key.
    pub(crate) key: String,
    /// Its entity tag, without which it cannot be told whether it has changed.
    pub(crate) etag: String,
    /// When it was written.
    pub(crate) written_at: Timestamp,
}

/// A piece of an object.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Its bytes.
    pub(crate) bytes: Bytes,
    /// The size of the whole object.
    pub(crate) size: u64,
    /// The entity tag of the object.
    pub(crate) etag: Option<String>,
}

/// Which bytes of an object.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// From one to before another.
    Bytes(Range<u64>),
    /// So many at the end.
    Last(u64),
}

/// The bucket cannot be asked for.
#[derive(Debug, thiserror::Error)]
#[error("the bucket {bucket} cannot be reached as spec.costExport says")]
pub(crate) struct InvalidBucket {
    bucket: String,
    #[source]
    source: Box<object_store::Error>,
}

impl Bucket {
    /// The bucket of `export`, asked for with `credentials`.
    pub(crate) fn new(
        export: &CostExport,
        account: &AccountPlan,
        credentials: &SharedCredentialsProvider,
    ) -> Result<Self, InvalidBucket> {
        let own = export.endpoint_url.as_ref().or(account.endpoint_url.as_ref());
        let options = ClientOptions::new().with_connect_timeout(CONNECT_TIMEOUT).with_timeout(CALL_TIMEOUT);
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&export.bucket)
            .with_region(export.region.as_str())
            .with_credentials(Arc::new(RunCredentials(credentials.clone())))
            .with_http_connector(Connector)
            .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() });
        let builder = match own {
            // The operator let this host through; a plain connection is one to this machine
            // or to a host that was allowed by name.
            Some(url) => builder
                .with_client_options(options.with_allow_http(url.scheme() == "http"))
                .with_endpoint(url.as_str().trim_end_matches('/')),
            None => of_aws(builder.with_client_options(options), export, account.use_fips),
        };
        let store = builder
            .build()
            .map_err(|source| InvalidBucket { bucket: export.bucket.clone(), source: Box::new(source) })?;
        Ok(Self { store, name: export.bucket.clone() })
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A page of the keys that begin with `prefix`; those with a slash after it are told as
    /// folders where `by_folder`.
    pub(crate) async fn list(
        &self,
        caller: &Caller,
        prefix: &str,
        by_folder: bool,
        token: Option<&str>,
    ) -> Result<Page, CallError> {
        let charge = Charge { tickets: 1, price: price_of_listing() };
        let attempt = |_: AnswerSize| async move {
            let options = PaginatedListOptions {
                delimiter: by_folder.then_some("/".into()),
                page_token: token.map(str::to_owned),
                ..PaginatedListOptions::default()
            };
            let page = self.store.list_paginated(Some(prefix), options).await.map_err(told)?;
            let folders = page.result.common_prefixes.iter().map(ToString::to_string).collect();
            let objects = page.result.objects.into_iter().filter_map(|object| {
                Some(Listed {
                    key: object.location.to_string(),
                    etag: object.e_tag?,
                    written_at: Timestamp::from_millisecond(object.last_modified.timestamp_millis()).ok()?,
                })
            });
            Ok(Page { objects: objects.collect(), folders, token: page.page_token })
        };
        caller.call_for(Operation::ListObjectsV2, charge, attempt).await
    }

    /// A part of the object `key`, as long as its entity tag is `etag`.
    pub(crate) async fn get(
        &self,
        caller: &Caller,
        key: &str,
        part: Option<Part>,
        etag: Option<&str>,
    ) -> Result<Piece, CallError> {
        let charge = Charge { tickets: 1, price: price_of_get() };
        let attempt = |size: AnswerSize| {
            let range = part.clone().map(|part| match part {
                Part::Bytes(range) => GetRange::Bounded(range),
                Part::Last(bytes) => GetRange::Suffix(bytes),
            });
            async move {
                let location = Path::parse(key).map_err(|error| told(error.into()))?;
                let options = GetOptions { range, if_match: etag.map(str::to_owned), ..GetOptions::default() };
                let answer = self.store.get_opts(&location, options).await.map_err(told)?;
                let (whole, etag) = (answer.meta.size, answer.meta.e_tag.clone());
                let bytes = answer.bytes().await.map_err(told)?;
                size.add(bytes.len() as u64);
                Ok(Piece { bytes, size: whole, etag })
            }
        };
        caller.call_for(Operation::GetObject, charge, attempt).await
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Bucket").field("name", &self.name).finish_non_exhaustive()
    }
}

/// S3's own address. A name with a dot in it does not fit the certificate of an address
/// with the bucket in the host.
fn of_aws(builder: AmazonS3Builder, export: &CostExport, use_fips: bool) -> AmazonS3Builder {
    let CostExport { bucket, region, .. } = export;
    let host = host(region, use_fips);
    if bucket.contains('.') {
        builder.with_endpoint(format!("https://{host}"))
    } else {
        builder.with_virtual_hosted_style_request(true).with_endpoint(format!("https://{bucket}.{host}"))
    }
}

fn host(region: &Region, use_fips: bool) -> String {
    let service = if use_fips { "s3-fips" } else { "s3" };
    let domain = match region.partition() {
        Partition::AwsCn => "amazonaws.com.cn",
        Partition::Aws | Partition::AwsUsGov => "amazonaws.com",
    };
    format!("{service}.{region}.{domain}")
}

/// US dollars for a listing (0.005 for a thousand) and for a get (0.0004 for a thousand),
/// from AWS's public price list of us-east-1; other regions differ by a fraction of that.
fn price_of_listing() -> Decimal {
    Decimal::new(5, 6)
}

/// See [`price_of_listing`].
fn price_of_get() -> Decimal {
    Decimal::new(4, 7)
}

/// The run's credentials as `object_store` asks for them. They are kept and renewed where
/// all clients of the run share them.
#[derive(Debug)]
struct RunCredentials(SharedCredentialsProvider);

type Answer<'a> = Pin<Box<dyn Future<Output = object_store::Result<Arc<AwsCredential>>> + Send + 'a>>;

impl CredentialProvider for RunCredentials {
    type Credential = AwsCredential;

    fn get_credential<'a, 'b>(&'a self) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async {
            let failed = |source| object_store::Error::Generic { store: "credentials", source: Box::new(source) };
            let keys = self.0.provide_credentials().await.map_err(failed)?;
            Ok(Arc::new(AwsCredential {
                key_id: keys.access_key_id().to_owned(),
                secret_key: keys.secret_access_key().to_owned(),
                token: keys.session_token().map(str::to_owned),
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials as Keys;

    use super::*;
    use crate::aws::fips::endpoints;

    #[test]
    fn buckets_are_asked_for_at_the_host_that_botocore_names() {
        for endpoint in endpoints().filter(|one| one.service == "s3") {
            let region = endpoint.region.parse().unwrap();
            assert_eq!(host(&region, false), endpoint.host);
            assert!(endpoint.fips_host.is_none_or(|expected| host(&region, true) == expected), "{endpoint:?}");
        }
    }

    #[tokio::test]
    async fn the_session_token_of_a_role_goes_along() {
        let keys = Keys::new("key", "secret", Some("token".to_owned()), None, "test");
        let bridged = RunCredentials(SharedCredentialsProvider::new(keys)).get_credential().await.unwrap();
        assert_eq!((bridged.key_id.as_str(), bridged.token.as_deref()), ("key", Some("token")));
        assert!(!format!("{bridged:?}").contains("secret\""), "no secret is printed");
    }
}
