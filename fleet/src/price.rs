//! List prices of WorkSpaces, as AWS's Price List tells them.
//!
//! In: entries of `pricing:GetProducts`, one JSON text each. Out: prices ([`parse`]), and the
//! rates of one kind of desktop ([`rates`]), where a price that is not certain is unknown. A
//! list price knows no discounts of anybody's contract. Deliberately absent: which entries
//! to ask for, and what was paid in fact (that is [`crate::cost`]).

use jiff::Timestamp;

use crate::money::Money;

mod parse;
mod rates;

pub use parse::{Unreadable, parse};
pub use rates::{Kind, Licence, Rates, rates};

/// Sizes of a desktop's volumes, in GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Volumes {
    /// The root volume.
    pub root_gib: i32,
    /// The user volume.
    pub user_gib: i32,
}

/// One price of one product. Words are AWS's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPrice {
    /// The product.
    pub sku: String,
    /// The price's own code, unique in the list.
    pub rate_code: String,
    /// Where the product is used, such as `eu-central-1`.
    pub region: String,
    /// Its name on bills.
    pub usage_type: Option<String>,
    /// Such as `Standard`, `Power-0` (a pairing of volumes), `Standard Plus` (with software).
    pub bundle: Option<String>,
    /// The volumes that are included.
    pub volumes: Option<Volumes>,
    /// Such as `Windows`, `Any`.
    pub operating_system: Option<String>,
    /// Such as `Included`, `Bring Your Own License`.
    pub license: Option<String>,
    /// `AlwaysOn`, `AutoStop`, and words for pools.
    pub running_mode: Option<String>,
    /// `Hardware` or `Software`.
    pub resource_type: Option<String>,
    /// Such as `Base`, `Plus`.
    pub software_included: Option<String>,
    /// What the price is for one of: `Month`, `Hour`, `GB-Mo`.
    pub unit: String,
    /// The price.
    pub price: Money,
    /// Since when AWS asks it.
    pub effective_from: Timestamp,
}
