//! Purses: what paid calls may cost an account, and how much of it is left.
//!
//! A call takes its price out of the purse before it is made, in one statement of Postgres,
//! so that no number of pods together can spend more than the limit. A retry is paid for
//! again: AWS does not say which failed calls it bills, and a budget must hold in any case.

use std::collections::BTreeMap;

use contract::Budget;
use identifiers::AccountId;
use rust_decimal::Decimal;
use store::{
    PgPool,
    aws_budget::{self, Period},
};

/// A purse that paid calls share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Purse {
    /// `CloudWatch` metrics, by the UTC month.
    Metrics,
    /// Cost Explorer, by the UTC day.
    CostExplorer,
}

impl Purse {
    /// The word in SQL.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Metrics => "cloudwatch",
            Self::CostExplorer => "cost_explorer",
        }
    }

    const fn period(self) -> Period {
        match self {
            Self::Metrics => Period::Month,
            Self::CostExplorer => Period::Day,
        }
    }

    /// The field of the `WorkspaceAccount` that sets its limit.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Metrics => "spec.budget.cloudWatchUsdPerMonth",
            Self::CostExplorer => "spec.budget.costExplorerRequestsPerDay",
        }
    }
}

/// US dollars for a metric of one `GetMetricData` request (0.01 for a thousand), and for a
/// request to Cost Explorer, both from AWS's public price lists.
pub(crate) fn price_of_metrics(metrics: usize) -> Decimal {
    Decimal::new(1, 5) * Decimal::from(metrics)
}

/// See [`price_of_metrics`].
pub(crate) fn price_of_cost_request() -> Decimal {
    Decimal::new(1, 2)
}

/// US dollars without a limit of the account's own: 10,000 desktops read four times a day,
/// and a Cost Explorer that is asked twenty times a day.
fn default_limit(purse: Purse) -> Decimal {
    match purse {
        Purse::Metrics => Decimal::new(100, 0),
        Purse::CostExplorer => price_of_cost_request() * Decimal::from(20),
    }
}

/// The purses of an account.
#[derive(Debug)]
pub(crate) struct Purses {
    /// `None` where nothing is kept: a probe makes one call of each kind.
    pool: Option<PgPool>,
    account: AccountId,
    limits: BTreeMap<Purse, Decimal>,
}

impl Purses {
    /// The purses of `account` under `budget`.
    pub(crate) fn new(pool: Option<PgPool>, account: AccountId, budget: &Budget) -> Self {
        let requests =
            budget.cost_explorer_requests_per_day.map(|requests| price_of_cost_request() * Decimal::from(requests));
        let limits = [(Purse::Metrics, budget.cloud_watch_usd_per_month), (Purse::CostExplorer, requests)]
            .into_iter()
            .map(|(purse, limit)| (purse, limit.unwrap_or_else(|| default_limit(purse))))
            .collect();
        Self { pool, account, limits }
    }

    /// The limit of a purse in US dollars.
    pub(crate) fn limit(&self, purse: Purse) -> Decimal {
        self.limits.get(&purse).copied().unwrap_or_default()
    }

    /// Takes `price` out of `purse`; false when less than that is left.
    pub(crate) async fn pay(&self, purse: Purse, price: Decimal) -> Result<bool, store::QueryError> {
        let limit = self.limit(purse);
        let Some(pool) = &self.pool else { return Ok(price <= limit) };
        aws_budget::spend(pool, &self.account, (purse.as_str(), purse.period()), price, limit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purses(budget: &Budget) -> Purses {
        Purses::new(None, "111111111111".parse().unwrap(), budget)
    }

    #[test]
    fn a_limit_of_requests_is_one_of_dollars() {
        let budget = Budget { cost_explorer_requests_per_day: Some(3), ..Budget::default() };
        assert_eq!(purses(&budget).limit(Purse::CostExplorer), Decimal::new(3, 2));
        assert_eq!(purses(&Budget::default()).limit(Purse::CostExplorer), Decimal::new(20, 2));
    }

    #[tokio::test]
    async fn a_limit_of_zero_allows_nothing() {
        let budget = Budget { cloud_watch_usd_per_month: Some(Decimal::ZERO), ..Budget::default() };
        assert!(!purses(&budget).pay(Purse::Metrics, price_of_metrics(1)).await.unwrap());
        assert!(purses(&Budget::default()).pay(Purse::Metrics, price_of_metrics(500)).await.unwrap());
    }
}
