//! What S3 refuses, told as the SDK tells it.
//!
//! `object_store` keeps status and code of an answer to itself. The HTTP service under it
//! is ours, so it turns an answer that is no success into an error that carries both; here
//! they are found again below whatever wraps them.

use std::{error::Error, pin::Pin};

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::{
    client::{
        orchestrator::HttpResponse,
        result::{ConnectorError, SdkError},
    },
    http::StatusCode,
};
use aws_smithy_types::{
    body::SdkBody,
    error::metadata::{ErrorMetadata, ProvideErrorMetadata},
};
use object_store::{
    ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse as Answer, HttpService,
        ReqwestConnector,
    },
};

/// An answer that is no success.
#[derive(Clone, Debug, thiserror::Error)]
#[error("HTTP status {status}")]
pub(crate) struct Refusal {
    status: u16,
    meta: ErrorMetadata,
}

impl Refusal {
    /// What an answer with `status` and `body`, S3's XML, says.
    fn read(status: u16, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        let mut meta = ErrorMetadata::builder();
        // Not everything that answers is S3, and an answer to a HEAD has no body.
        let named = element(&body, "Code").or(match status {
            301 => Some("PermanentRedirect"),
            404 => Some("NoSuchKey"),
            412 => Some("PreconditionFailed"),
            416 => Some("InvalidRange"),
            _ => None,
        });
        if let Some(code) = named {
            meta = meta.code(code);
        }
        if let Some(message) = element(&body, "Message") {
            meta = meta.message(message);
        }
        Self { status, meta: meta.build() }
    }
}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

/// The text of the first element of that name; S3's errors are flat and short.
fn element<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let start = body.find(&format!("<{name}>"))? + name.len() + 2;
    let length = body[start..].find(&format!("</{name}>"))?;
    Some(&body[start..start + length])
}

/// Makes clients whose errors say what S3 answered.
#[derive(Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Outspoken(ReqwestConnector::default().connect(options)?)))
    }
}

#[derive(Debug)]
struct Outspoken(HttpClient);

type Call<'a> = Pin<Box<dyn Future<Output = Result<Answer, HttpError>> + Send + 'a>>;

impl HttpService for Outspoken {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> Call<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async {
            let answer = self.0.execute(request).await?;
            if answer.status().is_success() {
                return Ok(answer);
            }
            let status = answer.status().as_u16();
            let body = answer.into_body().bytes().await?;
            Err(HttpError::new(HttpErrorKind::Unknown, Refusal::read(status, &body)))
        })
    }
}

/// A failed attempt as the SDK would tell it.
pub(super) fn told(error: object_store::Error) -> SdkError<Refusal, HttpResponse> {
    if let Some(refusal) = below::<Refusal>(&error) {
        let status = StatusCode::try_from(refusal.status).unwrap_or(StatusCode::try_from(500).expect("a status"));
        return SdkError::service_error(refusal.clone(), HttpResponse::new(status, SdkBody::empty()));
    }
    if below::<CredentialsError>(&error).is_some() {
        return SdkError::construction_failure(error);
    }
    match below::<HttpError>(&error).map(HttpError::kind) {
        Some(HttpErrorKind::Timeout) => SdkError::timeout_error(error),
        Some(_) => SdkError::dispatch_failure(ConnectorError::io(error.into())),
        // It answered, and not as S3 does.
        None => {
            let status = StatusCode::try_from(200).expect("a status");
            SdkError::response_error(error, HttpResponse::new(status, SdkBody::empty()))
        }
    }
}

fn below<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    std::iter::successors(Some(error), |&cause| cause.source()).find_map(<dyn Error>::downcast_ref)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::aws::{classify::classify, error::ErrorClass};

    fn answered(status: u16, body: &str) -> object_store::Error {
        let error = HttpError::new(HttpErrorKind::Unknown, Refusal::read(status, body.as_bytes()));
        object_store::Error::Generic { store: "S3", source: Box::new(error) }
    }

    #[rstest]
    #[case(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", ErrorClass::Permission)]
    #[case(403, "<Error><Code>InvalidAccessKeyId</Code></Error>", ErrorClass::Credentials)]
    #[case(400, "<Error><Code>ExpiredToken</Code></Error>", ErrorClass::Credentials)]
    #[case(503, "<Error><Code>SlowDown</Code></Error>", ErrorClass::Throttle)]
    #[case(500, "<Error><Code>InternalError</Code></Error>", ErrorClass::Fault)]
    #[case(502, "<html>no S3</html>", ErrorClass::Fault)]
    #[case(404, "", ErrorClass::BadRequest)]
    #[case(301, "", ErrorClass::BadRequest)]
    fn an_answer_of_s3_has_the_class_that_says_what_to_do(
        #[case] status: u16,
        #[case] body: &str,
        #[case] class: ErrorClass,
    ) {
        assert_eq!(classify(&told(answered(status, body))).class, class);
    }

    #[test]
    fn no_way_to_s3_is_worth_another_attempt() {
        for kind in [HttpErrorKind::Connect, HttpErrorKind::Timeout, HttpErrorKind::Interrupted] {
            let error = HttpError::new(kind, std::io::Error::other("broke off"));
            let error = object_store::Error::Generic { store: "S3", source: Box::new(error) };
            assert_eq!(classify(&told(error)).class, ErrorClass::Network, "{kind:?}");
        }
    }

    #[test]
    fn no_credentials_are_told_as_that() {
        let error = CredentialsError::not_loaded("none");
        let error = object_store::Error::Generic { store: "credentials", source: Box::new(error) };
        assert_eq!(classify(&told(error)).class, ErrorClass::Credentials);
    }

    #[test]
    fn the_words_of_s3_reach_people() {
        let failure =
            classify(&told(answered(404, "<Error><Code>NoSuchBucket</Code><Message>Gone.</Message></Error>")));
        assert_eq!((failure.code.as_deref(), failure.message.as_str()), (Some("NoSuchBucket"), "Gone."));
    }
}
