//! What AWS charges for a day, as Cost Explorer tells it.
//!
//! In: answers that `sync` has parsed. Out: lines that `store` keeps, and which days must be
//! read again ([`reading`]) because AWS restates what it has said. Deliberately absent: what
//! a line is for (that is advice and allocation), and sums of several currencies.

use identifiers::AccountId;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{money::Currency, open_vocabulary::open_vocabulary};

pub mod reading;

open_vocabulary! {
    /// The kind of a charge (`RECORD_TYPE` of Cost Explorer).
    RecordType {
        /// `Usage`: what was used, at the price without discounts.
        Usage = "Usage" => "usage",
        /// `DiscountedUsage`: usage that a reservation covers.
        DiscountedUsage = "DiscountedUsage" => "discounted_usage",
        /// `SavingsPlanCoveredUsage`: usage that a Savings Plan covers.
        SavingsPlanCoveredUsage = "SavingsPlanCoveredUsage" => "savings_plan_covered_usage",
        /// `SavingsPlanNegation`: takes covered usage off the bill.
        SavingsPlanNegation = "SavingsPlanNegation" => "savings_plan_negation",
        /// `SavingsPlanRecurringFee`: what a Savings Plan costs.
        SavingsPlanRecurringFee = "SavingsPlanRecurringFee" => "savings_plan_recurring_fee",
        /// `Tax`: of everything on the account's bill.
        Tax = "Tax" => "tax",
        /// `Credit`: given by AWS, negative.
        Credit = "Credit" => "credit",
        /// `Refund`: given back by AWS, negative.
        Refund = "Refund" => "refund",
        /// `Fee`: one-time and other fees.
        Fee = "Fee" => "fee",
    }
}

/// Words in the names of record types that take money off a bill; AWS has many kinds of
/// discounts and adds more.
const GIVES_BACK: [&str; 4] = ["credit", "refund", "discount", "negation"];

impl RecordType {
    /// Whether amounts of this type may be negative.
    pub fn may_be_negative(&self) -> bool {
        let word = self.to_aws().to_ascii_lowercase();
        *self != Self::DiscountedUsage && GIVES_BACK.iter().any(|part| word.contains(part))
    }
}

/// One day's charge of one account, usage type and record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostLine {
    /// The day, UTC.
    pub day: Date,
    /// The account it is charged to.
    pub linked_account: AccountId,
    /// What is charged, such as `EUC1-AW-HW-2-AutoStop-Usage`; has its unit in its meaning.
    pub usage_type: String,
    /// The kind of charge.
    pub record_type: RecordType,
    /// Of both amounts.
    pub currency: Currency,
    /// At list price (`UnblendedCost`).
    pub unblended: Decimal,
    /// After discounts of the account's contract (`NetUnblendedCost`), where AWS tells it.
    pub net_unblended: Option<Decimal>,
    /// How much was used (`UsageQuantity`), where AWS tells it.
    pub quantity: Option<Decimal>,
    /// What the quantity counts; AWS says `N/A` where it counts nothing.
    pub unit: Option<String>,
    /// AWS may still change it.
    pub estimated: bool,
}

impl CostLine {
    /// Whether the line is kept but looks wrong: usage that gives money back.
    pub fn is_suspect(&self) -> bool {
        let lowest = self.net_unblended.map_or(self.unblended, |net| net.min(self.unblended));
        lowest < Decimal::ZERO && !self.record_type.may_be_negative()
    }
}

/// What AWS charges for one resource on a day, told for the last 14 days only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceCost {
    /// The day, UTC.
    pub day: Date,
    /// The resource's ARN, or AWS's word for none (`NoResourceId`).
    pub resource: String,
    /// What is charged.
    pub usage_type: String,
    /// Of both amounts.
    pub currency: Currency,
    /// At list price.
    pub unblended: Decimal,
    /// After discounts, where AWS tells it.
    pub net_unblended: Option<Decimal>,
    /// How much was used, where AWS tells it.
    pub quantity: Option<Decimal>,
    /// What the quantity counts.
    pub unit: Option<String>,
    /// AWS may still change it.
    pub estimated: bool,
}

/// What AWS expects a day to cost, with the interval it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastDay {
    /// The day, UTC.
    pub day: Date,
    /// The most likely amount.
    pub mean: Decimal,
    /// The interval's lower end, where AWS tells it.
    pub low: Option<Decimal>,
    /// The interval's upper end, where AWS tells it.
    pub high: Option<Decimal>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Credit", true)]
    #[case("Refund", true)]
    #[case("SavingsPlanNegation", true)]
    #[case("Enterprise Discount Program Discount", true)]
    #[case("BundledDiscount", true)]
    #[case("Usage", false)]
    #[case("DiscountedUsage", false)]
    #[case("Tax", false)]
    #[case("Support fee", false)]
    fn only_what_gives_back_may_be_negative(#[case] word: &str, #[case] may: bool) {
        let record_type = RecordType::from_aws(word);
        assert_eq!(record_type.may_be_negative(), may);
        assert_eq!(record_type.to_aws(), word);
    }

    fn a_line(record: &str, unblended: i64, net: i64) -> CostLine {
        CostLine {
            day: jiff::civil::date(2026, 3, 1),
            linked_account: "111111111111".parse().unwrap(),
            usage_type: "AW-HW-2".to_owned(),
            record_type: RecordType::from_aws(record),
            currency: Currency::try_from("USD").unwrap(),
            unblended: Decimal::new(unblended, 2),
            net_unblended: Some(Decimal::new(net, 2)),
            quantity: None,
            unit: None,
            estimated: false,
        }
    }

    #[rstest]
    #[case("Usage", 100, 95, false)]
    #[case("Usage", 0, 0, false)]
    #[case("Usage", -100, -95, true)]
    #[case("Usage", 100, -1, true)]
    #[case("Credit", -2500, -2500, false)]
    fn usage_that_gives_money_back_is_suspect(
        #[case] record: &str,
        #[case] unblended: i64,
        #[case] net: i64,
        #[case] is_suspect: bool,
    ) {
        assert_eq!(a_line(record, unblended, net).is_suspect(), is_suspect);
    }
}
