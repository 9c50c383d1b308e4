//! Which services on the bill are the fleet's. Their names vary by the age of an account, so
//! they are asked for and chosen by words.

use aws_sdk_costexplorer::types::{Dimension, Expression};
use fleet::cost::reading::Window;
use serde::{Deserialize, Serialize};

use super::asking::{self, dimension};
use crate::{
    aws::operation::Operation,
    collector::{
        paging::Paging,
        work::{StepFailure, Work},
    },
};

/// Names of the fleet's services, as this account's bill has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Services(Vec<String>);

/// The taxes of everything on the bill, which AWS shows as a service of its own.
const TAX: &str = "Tax";

/// Asks for the services that were charged in `window`.
pub(super) async fn find(work: &Work<'_>, window: Window) -> Result<Services, StepFailure> {
    let mut names = Vec::new();
    let (mut token, mut paging) = (None::<String>, Paging::new(Operation::GetDimensionValues));
    loop {
        let answer = asking::services(work, window, token.as_deref()).await?;
        let received = answer.dimension_values.len();
        names.extend(answer.dimension_values.into_iter().filter_map(|value| value.value));
        token = paging.next(answer.next_page_token, received)?;
        if token.is_none() {
            return Ok(Services::of_fleet(names));
        }
    }
}

impl Services {
    fn of_fleet(mut names: Vec<String>) -> Self {
        names.retain(|name| name == TAX || is_of_fleet(name));
        names.sort();
        names.dedup();
        Self(names)
    }

    /// Whether none but taxes is there.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|name| name == TAX)
    }

    /// Everything on the bill that belongs to the fleet, and tax.
    pub(super) fn filter(&self) -> Expression {
        dimension(Dimension::Service, self.0.clone())
    }

    /// The same without tax.
    pub(super) fn filter_without_tax(&self) -> Expression {
        dimension(Dimension::Service, self.0.iter().filter(|name| *name != TAX).cloned().collect())
    }
}

/// Desktops, and the directories their users are in. Thin clients are devices.
fn is_of_fleet(name: &str) -> bool {
    let name = name.to_lowercase();
    (name.contains("workspaces") && !name.contains("thin client")) || name.contains("directory service")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Services {
        Services::of_fleet(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_fleet_is_desktops_and_directories_and_tax_stands_beside_them() {
        let bill =
            ["AmazonCloudWatch", "Tax", "Amazon WorkSpaces Thin Client", "Amazon WorkSpaces", "AWS Directory Service"];
        assert_eq!(of(&bill), Services(["AWS Directory Service", "Amazon WorkSpaces", "Tax"].map(String::from).into()));
        assert_eq!(of(&["AmazonWorkSpaces"]), Services(vec!["AmazonWorkSpaces".to_owned()]));
    }

    #[test]
    fn an_account_with_nothing_but_taxes_has_no_fleet() {
        assert!(of(&["Tax", "AmazonCloudWatch"]).is_empty());
        assert!(!of(&["Tax", "Amazon WorkSpaces"]).is_empty());
    }
}
