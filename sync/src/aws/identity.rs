//! Whose credentials these are, asked first of all: `sts:GetCallerIdentity` needs no
//! permission and cannot be denied.

use identifiers::AccountId;

use super::{caller::Caller, error::CallError, operation::Operation};

/// Who AWS takes us for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The account of the credentials.
    pub(crate) account: String,
    /// The ARN of user or role session.
    pub(crate) arn: String,
}

/// The credentials belong to another account.
#[derive(Debug, thiserror::Error)]
#[error(
    "the credentials belong to account {found}, not to {expected}: correct spec.accountId, or use keys or a role of account {expected}"
)]
pub(crate) struct WrongAccount {
    /// The account that was to be read.
    pub(crate) expected: AccountId,
    /// The account they belong to.
    pub(crate) found: String,
}

/// Asks AWS.
pub(crate) async fn ask(sts: &aws_sdk_sts::Client, caller: &Caller) -> Result<Identity, CallError> {
    let answer = caller
        .call(Operation::GetCallerIdentity, |size| sts.get_caller_identity().customize().interceptor(size).send())
        .await?;
    Ok(Identity { account: answer.account.unwrap_or_default(), arn: answer.arn.unwrap_or_default() })
}

impl Identity {
    /// Fails unless the credentials belong to `expected`.
    pub(crate) fn require(&self, expected: &AccountId) -> Result<(), WrongAccount> {
        if self.account == expected.as_str() {
            Ok(())
        } else {
            Err(WrongAccount { expected: expected.clone(), found: self.account.clone() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_account_is_refused_with_both_numbers() {
        let identity = Identity { account: "222222222222".to_owned(), arn: String::new() };
        assert!(identity.require(&"222222222222".parse().unwrap()).is_ok());
        let message = identity.require(&"111111111111".parse().unwrap()).unwrap_err().to_string();
        assert!(message.contains("222222222222") && message.contains("111111111111"), "{message}");
    }
}
