//! The end of a listing: no token, or one that cannot lead to an end.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{parse, work::StepFailure};
use crate::aws::operation::Operation;

/// Pages without anything in them, one after the other, before a listing is given up: AWS
/// may send a few where a filter works behind the paging, but not so many.
const MOST_EMPTY_PAGES: u32 = 100;
/// The same where each page costs money.
const MOST_EMPTY_PAID_PAGES: u32 = 3;

/// Follows the tokens of one listing.
#[derive(Debug)]
pub(super) struct Paging {
    operation: Operation,
    /// Digests of the tokens that were sent.
    sent: HashSet<u64>,
    empty_pages: u32,
    most_empty_pages: u32,
}

impl Paging {
    /// A listing by `operation` that has not begun.
    pub(super) fn new(operation: Operation) -> Self {
        let most_empty_pages = if operation.purse().is_some() { MOST_EMPTY_PAID_PAGES } else { MOST_EMPTY_PAGES };
        Self { operation, sent: HashSet::new(), empty_pages: 0, most_empty_pages }
    }

    /// The token of the next page after a page of `items` that came with `token`; `None`
    /// at the end.
    pub(super) fn next(&mut self, token: Option<String>, items: usize) -> Result<Option<String>, StepFailure> {
        let Some(token) = parse::token(token) else { return Ok(None) };
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        self.empty_pages = if items == 0 { self.empty_pages + 1 } else { 0 };
        let operation = self.operation;
        if !self.sent.insert(hasher.finish()) {
            return Err(StepFailure::RepeatedToken { operation });
        }
        if self.empty_pages > self.most_empty_pages {
            return Err(StepFailure::EndlessPages { operation });
        }
        Ok(Some(token))
    }
}

/// Reads a listing by `operation` whole; `read` reads one page of it, from a token on.
pub(super) async fn whole<T>(
    operation: Operation,
    mut read: impl AsyncFnMut(Option<String>) -> Result<(Vec<T>, Option<String>), StepFailure>,
) -> Result<Vec<T>, StepFailure> {
    let (mut found, mut token, mut paging) = (Vec::new(), None, Paging::new(operation));
    loop {
        let (page, next) = read(token).await?;
        token = paging.next(next, page.len())?;
        found.extend(page);
        if token.is_none() {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u32) -> String {
        format!("token-{number}")
    }

    #[test]
    fn a_listing_ends_without_a_token_or_with_an_empty_one() {
        let mut paging = Paging::new(Operation::DescribeWorkspaces);
        assert_eq!(paging.next(Some(token(1)), 25).unwrap(), Some(token(1)));
        assert_eq!(paging.next(Some(String::new()), 3).unwrap(), None);
        assert_eq!(paging.next(None, 0).unwrap(), None);
    }

    #[test]
    fn tokens_that_go_in_a_circle_end_the_listing() {
        let mut paging = Paging::new(Operation::DescribeWorkspaces);
        paging.next(Some(token(1)), 25).unwrap();
        paging.next(Some(token(2)), 25).unwrap();
        assert!(matches!(paging.next(Some(token(1)), 25), Err(StepFailure::RepeatedToken { .. })));
    }

    #[test]
    fn empty_pages_without_end_end_the_listing() {
        let mut paging = Paging::new(Operation::DescribeWorkspaces);
        let failed = (0..1_000).find_map(|number| paging.next(Some(token(number)), 0).err());
        assert!(matches!(failed, Some(StepFailure::EndlessPages { .. })));
    }
}
