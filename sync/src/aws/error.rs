//! What can go wrong with a call, sorted by what to do about it.

use store::aws_pace::PaceError;

use super::{operation::Operation, purse::Purse};

/// The class of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ErrorClass {
    /// AWS does not take the credentials.
    Credentials,
    /// The credentials may not do this.
    Permission,
    /// Too many calls.
    Throttle,
    /// AWS is at fault.
    Fault,
    /// AWS says that the request is wrong.
    BadRequest,
    /// No answer.
    Network,
    /// An answer that does not keep to AWS's own description.
    Contract,
    /// A database query of the pace failed, and the call was not made.
    Database,
    /// The Redis that keeps the pace did not answer, and the call was not made.
    Pace,
    /// What people configured cannot be right.
    Configuration,
    /// The account's budget for paid calls is used up, and the call was not made.
    Budget,
}

impl ErrorClass {
    /// The word in SQL, logs and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Permission => "permission",
            Self::Throttle => "throttle",
            Self::Fault => "fault",
            Self::BadRequest => "bad_request",
            Self::Network => "network",
            Self::Contract => "contract",
            Self::Database => "database",
            Self::Pace => "pace",
            Self::Configuration => "configuration",
            Self::Budget => "budget",
        }
    }

    /// The reason in reports and conditions.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Credentials => "CredentialsInvalid",
            Self::Permission => "PermissionDenied",
            Self::Throttle => "Throttled",
            Self::Fault => "ServiceFault",
            Self::BadRequest => "BadRequest",
            Self::Network => "Unreachable",
            Self::Contract => "UnexpectedAnswer",
            Self::Database => "DatabaseUnavailable",
            Self::Pace => "PaceUnavailable",
            Self::Configuration => "ConfigurationInvalid",
            Self::Budget => "BudgetExhausted",
        }
    }

    /// The class of a word in SQL.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [
            Self::Credentials,
            Self::Permission,
            Self::Throttle,
            Self::Fault,
            Self::BadRequest,
            Self::Network,
            Self::Contract,
            Self::Database,
            Self::Pace,
            Self::Configuration,
            Self::Budget,
        ]
        .into_iter()
        .find(|class| class.as_str() == word)
    }

    /// Whether the same call may succeed a moment later.
    pub(crate) const fn is_worth_another_attempt(self) -> bool {
        matches!(self, Self::Throttle | Self::Fault | Self::Network)
    }

    /// Whether another pod may do better in a minute.
    pub(crate) const fn is_worth_another_pod(self) -> bool {
        matches!(self, Self::Throttle | Self::Fault | Self::Network | Self::Database | Self::Pace)
    }

    /// What a person can do about it.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Credentials => {
                "renew the keys in the Secret, or check the role; in one region only: check that it exists (spec.regions), \
                 or enable that region for the account"
            }
            Self::Permission => {
                "attach the policy that `deskfleet-sync policies` prints, or `policies money` for what is about costs and prices"
            }
            Self::Throttle => "lower the pace of this operation, or find out who else calls it",
            Self::Fault => "AWS answers errors; the next run tries again",
            Self::BadRequest => {
                "check that spec.regions names regions that exist; otherwise report it with the request id"
            }
            Self::Network => "check DNS, proxy, network policy and endpoint of this region",
            Self::Contract => "AWS sent what its model does not allow; report the shape from the log",
            Self::Database => "check that Postgres is up and has room",
            Self::Pace => {
                "check that Redis is up, and that Secret deskfleet-redis has its URL; without Redis no call is made"
            }
            Self::Configuration => "correct the field that is named",
            Self::Budget => "raise the budget of the WorkspaceAccount, or wait until it begins anew",
        }
    }
}

/// A call that failed for good.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// AWS or the way to it.
    #[error("{} failed after {}: {}; {}", operation.name(), tries(*attempts), describe(code.as_deref(), message), class.remedy())]
    Aws {
        /// What was called.
        operation: Operation,
        /// What kind of failure.
        class: ErrorClass,
        /// AWS's code, such as `AccessDeniedException`.
        code: Option<String>,
        /// AWS's or the SDK's words.
        message: String,
        /// Attempts made.
        attempts: u32,
    },
    /// The pace could not be asked for.
    #[error("{} was not called, the shared pace could not be asked for", operation.name())]
    Pace {
        /// What was to be called.
        operation: Operation,
        /// Why.
        #[source]
        source: PaceError,
    },
    /// The account may not spend more.
    #[error(
        "{} was not called: it would take the account above {}, which is {limit} US dollars; {}",
        operation.name(), purse.field(), ErrorClass::Budget.remedy()
    )]
    Budget {
        /// What was to be called.
        operation: Operation,
        /// What pays for it.
        purse: Purse,
        /// The limit of the period, in US dollars.
        limit: rust_decimal::Decimal,
    },
    /// The program is being stopped.
    #[error("stopped before {} answered", operation.name())]
    Stopped {
        /// What was called.
        operation: Operation,
    },
}

impl CallError {
    /// What was called.
    pub(crate) const fn operation(&self) -> Operation {
        match self {
            Self::Aws { operation, .. }
            | Self::Pace { operation, .. }
            | Self::Budget { operation, .. }
            | Self::Stopped { operation } => *operation,
        }
    }

    /// AWS's code, if AWS answered with one.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Aws { code, .. } => code.as_deref(),
            Self::Pace { .. } | Self::Budget { .. } | Self::Stopped { .. } => None,
        }
    }

    /// The class, `None` when stopped.
    pub(crate) const fn class(&self) -> Option<ErrorClass> {
        match self {
            Self::Aws { class, .. } => Some(*class),
            Self::Pace { source: PaceError::Postgres(_), .. } => Some(ErrorClass::Database),
            Self::Pace { source: PaceError::Redis(_), .. } => Some(ErrorClass::Pace),
            Self::Budget { .. } => Some(ErrorClass::Budget),
            Self::Stopped { .. } => None,
        }
    }
}

fn tries(attempts: u32) -> String {
    if attempts == 1 { "one attempt".to_owned() } else { format!("{attempts} attempts") }
}

/// AWS's code and words, without the full stop that would stand before our semicolon.
fn describe(code: Option<&str>, message: &str) -> String {
    let message = message.trim_end_matches('.');
    match code {
        Some(code) if message.is_empty() => code.to_owned(),
        Some(code) => format!("{code}: {message}"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_call_says_how_often_it_was_tried_in_one_sentence_with_the_remedy() {
        let failed = |attempts, message: &str| CallError::Aws {
            operation: Operation::GetCallerIdentity,
            class: ErrorClass::Credentials,
            code: Some("InvalidClientTokenId".to_owned()),
            message: message.to_owned(),
            attempts,
        };
        let once = failed(1, "The security token is invalid.").to_string();
        assert!(
            once.starts_with(
                "GetCallerIdentity failed after one attempt: InvalidClientTokenId: The security token is invalid; renew"
            ),
            "{once}"
        );
        assert!(
            failed(8, "")
                .to_string()
                .starts_with("GetCallerIdentity failed after 8 attempts: InvalidClientTokenId; renew")
        );
        assert!(once.contains("spec.regions"), "{once}");
    }
}
