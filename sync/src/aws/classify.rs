//! From an SDK error to a class: what the SDK's own retry classifiers know, the error
//! code, and where the call broke off.

use std::{error::Error, io::ErrorKind};

use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{answer_shape, error::ErrorClass};

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Its class.
    pub(crate) class: ErrorClass,
    /// AWS's code, if AWS answered with one.
    pub(crate) code: Option<String>,
    /// Words for people; never a body, never a header.
    pub(crate) message: String,
}

const CREDENTIAL_CODES: [&str; 13] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

const PERMISSION_CODES: [&str; 6] =
    ["AccessDenied", "AccessDeniedException", "AuthFailure", "NotAuthorized", "OptInRequired", "UnauthorizedOperation"];

/// Codes of AWS's own faults that come with a 400.
const FAULT_CODES: [&str; 6] = [
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "ResourceUnavailableException",
    "ServiceException",
    "ServiceUnavailable",
];

/// The class of a failed attempt.
pub(crate) fn classify<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let (code, status) = (context.err().code(), context.raw().status().as_u16());
            if code.is_none() {
                // Not even an error of AWS's form: a proxy's page, or a broken answer.
                tracing::warn!(http.status = status, answer.shape = %shape(context.raw()), "an error answer without a code");
            }
            let message = context.err().message().map_or_else(|| format!("HTTP status {status}"), str::to_owned);
            Failure {
                class: class_of(code, status),
                code: code.map(str::to_owned),
                message: if tells_of_the_clock(code, &message) { format!("{message} {CLOCK}") } else { message },
            }
        }
        SdkError::ResponseError(context) => {
            let status = context.raw().status().as_u16();
            if context.raw().body().bytes().is_none() {
                // The SDK reads a body before it looks into it: this one broke off.
                let message = format!("the answer (HTTP status {status}) broke off");
                return Failure { class: ErrorClass::Network, code: None, message };
            }
            let shape = shape(context.raw());
            tracing::warn!(http.status = status, answer.shape = %shape, "an answer that cannot be read");
            let class = if status >= 500 { ErrorClass::Fault } else { ErrorClass::Contract };
            Failure { class, code: None, message: format!("the answer (HTTP status {status}) cannot be read: {shape}") }
        }
        SdkError::TimeoutError(_) => {
            Failure { class: ErrorClass::Network, code: None, message: "no answer in time".to_owned() }
        }
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => of_unsent(error),
        _ => Failure { class: ErrorClass::Fault, code: None, message: "an unknown failure of the SDK".to_owned() },
    }
}

/// What to look at when AWS takes a request for one of another time.
const CLOCK: &str = "(the clock of this node is more than five minutes wrong, or the request was long under way)";

/// Whether AWS refused a signature for its time. Its one code for a wrong signature covers
/// this too, and then only the sentence tells.
fn tells_of_the_clock(code: Option<&str>, message: &str) -> bool {
    match code {
        Some("RequestTimeTooSkewed" | "RequestExpired") => true,
        Some("InvalidSignatureException" | "SignatureDoesNotMatch") => {
            message.contains("Signature expired") || message.contains("not yet current")
        }
        _ => false,
    }
}

/// A request that was not sent: no credentials, or no connection.
fn of_unsent<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> Failure {
    let is_without_credentials = causes(error).any(<dyn Error>::is::<CredentialsError>);
    // The way to STS or to the node's agent may be broken as well as the way to AWS.
    // A token file that is not there will not be there in a second either.
    let is_io = causes(error)
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| !matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied));
    let class = if is_without_credentials && !is_io { ErrorClass::Credentials } else { ErrorClass::Network };
    // The outermost messages say "dispatch failure"; the innermost says what happened.
    let message = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    Failure { class, code: None, message }
}

fn class_of(code: Option<&str>, status: u16) -> ErrorClass {
    match code {
        Some(code) if THROTTLING_ERRORS.contains(&code) || code == "Throttling" => ErrorClass::Throttle,
        Some(code) if CREDENTIAL_CODES.contains(&code) => ErrorClass::Credentials,
        Some(code) if PERMISSION_CODES.contains(&code) => ErrorClass::Permission,
        Some(code) if TRANSIENT_ERRORS.contains(&code) || FAULT_CODES.contains(&code) => ErrorClass::Fault,
        _ if status == 429 => ErrorClass::Throttle,
        _ if status >= 500 => ErrorClass::Fault,
        None => ErrorClass::Contract,
        Some(_) => ErrorClass::BadRequest,
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

fn shape(response: &HttpResponse) -> String {
    response.body().bytes().map_or_else(|| "a stream".to_owned(), answer_shape::shape)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("ThrottlingException"), 400, ErrorClass::Throttle)]
    #[case(Some("LimitExceededException"), 400, ErrorClass::Throttle)]
    #[case(None, 429, ErrorClass::Throttle)]
    #[case(Some("AccessDeniedException"), 400, ErrorClass::Permission)]
    #[case(Some("AccessDenied"), 403, ErrorClass::Permission)]
    #[case(Some("UnrecognizedClientException"), 400, ErrorClass::Credentials)]
    #[case(Some("ExpiredToken"), 403, ErrorClass::Credentials)]
    #[case(Some("ResourceUnavailableException"), 400, ErrorClass::Fault)]
    #[case(Some("AnythingNew"), 503, ErrorClass::Fault)]
    #[case(None, 502, ErrorClass::Fault)]
    #[case(None, 404, ErrorClass::Contract)]
    #[case(Some("InvalidParameterValuesException"), 400, ErrorClass::BadRequest)]
    fn an_error_has_the_class_that_says_what_to_do(
        #[case] code: Option<&str>,
        #[case] status: u16,
        #[case] class: ErrorClass,
    ) {
        assert_eq!(class_of(code, status), class);
    }
}
