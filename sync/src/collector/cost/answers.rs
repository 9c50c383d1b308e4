//! From Cost Explorer's answers to lines: days, keys and decimal texts. A figure that is none
//! fails its page, because a sum without it would be wrong and look right.

use std::collections::HashMap;

use aws_sdk_costexplorer::types::{DateInterval, Group, MetricValue, ResultByTime};
use fleet::{
    cost::{CostLine, RecordType, ResourceCost},
    money::{Currency, InvalidCurrency, NotADecimal, decimal},
};
use identifiers::AccountId;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{
    asking::{NET_UNBLENDED, QUANTITY, UNBLENDED},
    questions::Question,
};

/// What AWS says of a quantity that counts nothing.
const NO_UNIT: &str = "N/A";

/// What is wrong with a figure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrongFigure {
    /// The period has no day.
    #[error("a period without a day")]
    Day,
    /// A group is not what was asked for.
    #[error("a group on {day} that is not an account, usage type or record type as asked for")]
    Keys {
        /// Its day.
        day: Date,
    },
    /// A metric that was asked for is missing.
    #[error("no {metric} for {group} on {day}")]
    Missing {
        /// The metric.
        metric: &'static str,
        /// Its group.
        group: String,
        /// Its day.
        day: Date,
    },
    /// An amount is no number.
    #[error("{metric} for {group} on {day}: {source}")]
    Amount {
        /// The metric.
        metric: &'static str,
        /// Its group.
        group: String,
        /// Its day.
        day: Date,
        /// Why.
        source: NotADecimal,
    },
    /// An amount has no currency.
    #[error("{metric} for {group} on {day}: {source}")]
    Currency {
        /// The metric.
        metric: &'static str,
        /// Its group.
        group: String,
        /// Its day.
        day: Date,
        /// Why.
        source: InvalidCurrency,
    },
    /// Two amounts of one group have two currencies.
    #[error("two currencies for {group} on {day}")]
    TwoCurrencies {
        /// The group.
        group: String,
        /// Its day.
        day: Date,
    },
    /// A forecast's figure is none.
    #[error("a forecast for {day} that is none: {source}")]
    Forecast {
        /// Its day.
        day: Date,
        /// Why.
        source: NotADecimal,
    },
    /// The forecast names no currency.
    #[error("a forecast without a currency")]
    ForecastCurrency,
}

/// The day of a period.
pub(super) fn day(result: &ResultByTime) -> Result<Date, WrongFigure> {
    let start = result.time_period().map(DateInterval::start).unwrap_or_default();
    start.get(..10).and_then(|day| day.parse().ok()).ok_or(WrongFigure::Day)
}

/// The lines of a page that answers `question` of `account`'s.
pub(super) fn lines(results: &[ResultByTime], question: &Question) -> Result<Vec<CostLine>, WrongFigure> {
    let mut lines = Vec::new();
    for result in results {
        let day = day(result)?;
        for group in result.groups() {
            let (linked_account, usage_type, record_type) = keys(group, question).ok_or(WrongFigure::Keys { day })?;
            let Figures { currency, unblended, net_unblended, quantity, unit } = figures(group, day)?;
            let estimated = result.estimated();
            lines.push(CostLine {
                day,
                linked_account,
                usage_type,
                record_type,
                currency,
                unblended,
                net_unblended,
                quantity,
                unit,
                estimated,
            });
        }
    }
    Ok(lines)
}

/// The lines of a page by resource and usage type.
pub(super) fn resources(results: &[ResultByTime]) -> Result<Vec<ResourceCost>, WrongFigure> {
    let mut lines = Vec::new();
    for result in results {
        let day = day(result)?;
        for group in result.groups() {
            let [resource, usage_type] = group.keys() else { return Err(WrongFigure::Keys { day }) };
            let Figures { currency, unblended, net_unblended, quantity, unit } = figures(group, day)?;
            lines.push(ResourceCost {
                day,
                resource: resource.clone(),
                usage_type: usage_type.clone(),
                currency,
                unblended,
                net_unblended,
                quantity,
                unit,
                estimated: result.estimated(),
            });
        }
    }
    Ok(lines)
}

/// Account, usage type and record type of a group.
fn keys(group: &Group, question: &Question) -> Option<(AccountId, String, RecordType)> {
    let [usage_type, other] = group.keys() else { return None };
    let usage_type = usage_type.clone();
    Some(match question {
        Question::OfAccount { account, .. } => (account.clone(), usage_type, RecordType::from_aws(other)),
        Question::OfRecordType { record_type } => (other.parse().ok()?, usage_type, RecordType::from_aws(record_type)),
    })
}

struct Figures {
    currency: Currency,
    unblended: Decimal,
    net_unblended: Option<Decimal>,
    quantity: Option<Decimal>,
    unit: Option<String>,
}

fn figures(group: &Group, day: Date) -> Result<Figures, WrongFigure> {
    let name = || group.keys().join(", ");
    let metrics = Metrics { values: group.metrics(), group: group.keys(), day };
    let (unblended, currency) =
        metrics.money(UNBLENDED)?.ok_or_else(|| WrongFigure::Missing { metric: UNBLENDED, group: name(), day })?;
    let net = metrics.money(NET_UNBLENDED)?;
    if net.as_ref().is_some_and(|(_, other)| *other != currency) {
        return Err(WrongFigure::TwoCurrencies { group: name(), day });
    }
    Ok(Figures {
        currency,
        unblended,
        net_unblended: net.map(|(amount, _)| amount),
        quantity: metrics.amount(QUANTITY)?,
        unit: metrics.unit(QUANTITY).filter(|unit| !unit.is_empty() && *unit != NO_UNIT).map(str::to_owned),
    })
}

/// The metrics of one group, and what to call it in an error.
struct Metrics<'a> {
    values: Option<&'a HashMap<String, MetricValue>>,
    group: &'a [String],
    day: Date,
}

impl Metrics<'_> {
    fn value(&self, name: &str) -> Option<&MetricValue> {
        self.values?.get(name)
    }

    fn unit(&self, name: &str) -> Option<&str> {
        self.value(name)?.unit()
    }

    fn amount(&self, metric: &'static str) -> Result<Option<Decimal>, WrongFigure> {
        let Some(text) = self.value(metric).and_then(MetricValue::amount) else { return Ok(None) };
        let amount = decimal(text).map_err(|source| {
            let (group, day) = (self.group.join(", "), self.day);
            WrongFigure::Amount { metric, group, day, source }
        })?;
        Ok(Some(amount))
    }

    fn money(&self, metric: &'static str) -> Result<Option<(Decimal, Currency)>, WrongFigure> {
        let Some(amount) = self.amount(metric)? else { return Ok(None) };
        let currency = Currency::try_from(self.unit(metric).unwrap_or_default()).map_err(|source| {
            let (group, day) = (self.group.join(", "), self.day);
            WrongFigure::Currency { metric, group, day, source }
        })?;
        Ok(Some((amount, currency)))
    }
}
