//! Which questions give every usage type, linked account and record type for the least money.
//!
//! Cost Explorer groups by two things at most, so the third is asked for one value at a time:
//! either each account by itself, or each record type by itself, whichever is less. Most
//! accounts see themselves alone, and take one question.

use std::collections::BTreeSet;

use aws_sdk_costexplorer::types::{Dimension, Expression, Granularity};
use fleet::cost::reading::Window;
use identifiers::AccountId;
use serde::{Deserialize, Serialize};

use super::{
    asking::{Costs, all_of, dimension},
    services::Services,
};

/// A question whose answer lacks one dimension, because all of it has one value of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Question {
    /// Usage types and record types of one account.
    OfAccount {
        /// The account.
        account: AccountId,
        /// It is the only one that there is.
        is_only: bool,
    },
    /// Usage types and accounts of one record type.
    OfRecordType {
        /// AWS's word.
        record_type: String,
    },
}

/// The fewest questions for `pairs` of an account and a record type.
pub(super) fn questions(pairs: &BTreeSet<(AccountId, String)>) -> Vec<Question> {
    let accounts: BTreeSet<&AccountId> = pairs.iter().map(|(account, _)| account).collect();
    let record_types: BTreeSet<&String> = pairs.iter().map(|(_, record_type)| record_type).collect();
    if accounts.len() <= record_types.len() {
        let is_only = accounts.len() == 1;
        accounts.into_iter().map(|account| Question::OfAccount { account: account.clone(), is_only }).collect()
    } else {
        let record_types = record_types.into_iter().cloned();
        record_types.map(|record_type| Question::OfRecordType { record_type }).collect()
    }
}

impl Question {
    /// The request for `window`.
    pub(super) fn costs(&self, services: &Services, window: Window) -> Costs {
        let of_fleet = services.filter();
        let (filter, other): (Expression, Dimension) = match self {
            Self::OfAccount { is_only: true, .. } => (of_fleet, Dimension::RecordType),
            Self::OfAccount { account, is_only: false } => {
                let of_account = dimension(Dimension::LinkedAccount, vec![account.to_string()]);
                (all_of(vec![of_fleet, of_account]), Dimension::RecordType)
            }
            Self::OfRecordType { record_type } => {
                let of_type = dimension(Dimension::RecordType, vec![record_type.clone()]);
                (all_of(vec![of_fleet, of_type]), Dimension::LinkedAccount)
            }
        };
        Costs { window, granularity: Granularity::Daily, filter, groups: [Dimension::UsageType, other] }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn pairs(accounts: usize, record_types: usize) -> BTreeSet<(AccountId, String)> {
        let account = |number: usize| format!("{number:012}").parse().unwrap();
        (0..accounts)
            .flat_map(|one| (0..record_types).map(move |kind| (account(one), format!("type {kind}"))))
            .collect()
    }

    #[rstest]
    #[case::nothing(0, 0, 0)]
    #[case::one_account(1, 4, 1)]
    #[case::few_accounts(3, 4, 3)]
    #[case::many_accounts(200, 4, 4)]
    fn as_few_questions_are_asked_as_there_are_accounts_or_record_types(
        #[case] accounts: usize,
        #[case] record_types: usize,
        #[case] count: usize,
    ) {
        assert_eq!(questions(&pairs(accounts, record_types)).len(), count);
    }

    #[test]
    fn every_pair_is_in_exactly_one_answer() {
        for (accounts, record_types) in [(1, 5), (4, 4), (4, 5), (9, 2)] {
            let pairs = pairs(accounts, record_types);
            let questions = questions(&pairs);
            for (account, record_type) in &pairs {
                let answers = questions.iter().filter(|question| match question {
                    Question::OfAccount { account: one, .. } => one == account,
                    Question::OfRecordType { record_type: one } => one == record_type,
                });
                assert_eq!(answers.count(), 1);
            }
        }
    }
}
