//! One entry of the Price List, from its JSON text.
//!
//! Left out: other product families (the same bundle names again as WorkSpaces Core, with
//! other prices), software that costs nothing, and everything but prices on demand.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{ListPrice, Volumes};
use crate::money::{Currency, Money, decimal};

/// The family of personal desktops and pools; the others have twins of the same names.
const FAMILY: &str = "Enterprise Applications";

/// An entry that is no price list's.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or without what every entry has.
    #[error("an entry of the price list is not what AWS documents")]
    Form(#[from] serde_json::Error),
    /// No region.
    #[error("product {sku} of the price list names no region")]
    NoRegion {
        /// The product.
        sku: String,
    },
    /// The price is no number or of no currency.
    #[error("product {sku} of the price list has a price that is no amount of money: {text:?} {currency:?}")]
    NoMoney {
        /// The product.
        sku: String,
        /// What stands there.
        text: String,
        /// The currency.
        currency: String,
    },
    /// The price depends on how much is used, which WorkSpaces has never had.
    #[error("product {sku} of the price list has a price that begins at {begin} units")]
    Tiered {
        /// The product.
        sku: String,
        /// Where the tier begins.
        begin: String,
    },
}

#[derive(Deserialize)]
struct Entry {
    product: Product,
    #[serde(default)]
    terms: Terms,
}

#[derive(Deserialize)]
struct Product {
    sku: String,
    #[serde(rename = "productFamily", default)]
    family: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct Terms {
    #[serde(rename = "OnDemand", default)]
    on_demand: BTreeMap<String, Term>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    effective_date: jiff::Timestamp,
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    rate_code: String,
    unit: String,
    #[serde(default)]
    begin_range: Option<String>,
    price_per_unit: BTreeMap<String, String>,
}

/// The prices of an entry; none where it is of no use to us.
pub fn parse(text: &str) -> Result<Vec<ListPrice>, Unreadable> {
    let Entry { product, terms } = serde_json::from_str(text)?;
    if product.family != FAMILY {
        return Ok(Vec::new());
    }
    let mut prices = Vec::new();
    for term in terms.on_demand.values() {
        for dimension in term.price_dimensions.values() {
            for (currency, amount) in &dimension.price_per_unit {
                prices.push(price(&product, term, dimension, (currency, amount))?);
            }
        }
    }
    prices.retain(|price| !is_free_software(price));
    Ok(prices)
}

fn price(
    product: &Product,
    term: &Term,
    dimension: &Dimension,
    (currency, amount): (&str, &str),
) -> Result<ListPrice, Unreadable> {
    let sku = || product.sku.clone();
    if let Some(begin) = dimension.begin_range.as_ref().filter(|begin| *begin != "0") {
        return Err(Unreadable::Tiered { sku: sku(), begin: begin.clone() });
    }
    let no_money = || Unreadable::NoMoney { sku: sku(), text: amount.to_owned(), currency: currency.to_owned() };
    let price = Money {
        amount: decimal(amount).map_err(|_| no_money())?.normalize(),
        currency: Currency::try_from(currency).map_err(|_| no_money())?,
    };
    if price.amount < Decimal::ZERO {
        return Err(no_money());
    }
    let attribute = |name: &str| product.attributes.get(name).filter(|value| !value.is_empty()).cloned();
    Ok(ListPrice {
        sku: sku(),
        rate_code: dimension.rate_code.clone(),
        region: attribute("regionCode").ok_or_else(|| Unreadable::NoRegion { sku: sku() })?,
        usage_type: attribute("usagetype"),
        bundle: attribute("bundle"),
        volumes: attribute("storage").as_deref().and_then(volumes),
        operating_system: attribute("operatingSystem"),
        license: attribute("license"),
        running_mode: attribute("runningMode"),
        resource_type: attribute("resourceType"),
        software_included: attribute("softwareIncluded"),
        unit: dimension.unit.clone(),
        price,
        effective_from: term.effective_date,
    })
}

/// Rows of software that comes with a bundle: they would read as a bundle that is free.
fn is_free_software(price: &ListPrice) -> bool {
    price.price.amount.is_zero() && price.resource_type.as_deref() == Some("Software")
}

/// `Root:80 GB,User:50 GB`.
fn volumes(text: &str) -> Option<Volumes> {
    let (root, user) = text.split_once(',')?;
    let size = |part: &str, name: &str| -> Option<i32> {
        part.trim().strip_prefix(name)?.strip_suffix("GB")?.trim().parse().ok().filter(|gib| *gib > 0)
    };
    Some(Volumes { root_gib: size(root, "Root:")?, user_gib: size(user, "User:")? })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    /// An entry for a bundle, as AWS sends it.
    pub(in crate::price) fn entry(attributes: &Value, unit: &str, amount: &str) -> Value {
        let mut all = json!({
            "regionCode": "us-east-1", "bundle": "Standard", "storage": "Root:80 GB,User:50 GB",
            "operatingSystem": "Windows", "license": "Included", "resourceType": "Hardware",
            "softwareIncluded": "Base", "runningMode": "AlwaysOn", "usagetype": "AW-HW-2",
        });
        for (name, value) in attributes.as_object().unwrap() {
            all[name] = value.clone();
        }
        let dimension = json!({
            "unit": unit, "rateCode": format!("SKU.T.{unit}"), "beginRange": "0", "endRange": "Inf",
            "pricePerUnit": {"USD": amount},
        });
        json!({
            "product": {"sku": "SKU", "productFamily": FAMILY, "attributes": all},
            "serviceCode": "AmazonWorkSpaces",
            "terms": {"OnDemand": {"SKU.T": {
                "effectiveDate": "2026-02-01T00:00:00Z", "priceDimensions": {"SKU.T.R": dimension},
            }}},
        })
    }

    #[test]
    fn an_entry_is_read_with_its_unit_currency_and_date() {
        let prices = parse(&entry(&json!({}), "Month", "35.0000000000").to_string()).unwrap();
        let [price] = prices.as_slice() else { panic!("{prices:?}") };
        assert_eq!((price.price.amount, price.price.currency.as_str()), (Decimal::new(35, 0), "USD"));
        assert_eq!((price.unit.as_str(), price.bundle.as_deref()), ("Month", Some("Standard")));
        assert_eq!(price.volumes, Some(Volumes { root_gib: 80, user_gib: 50 }));
        assert_eq!(price.effective_from, "2026-02-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn twins_of_another_family_and_free_software_are_left_out() {
        let mut core = entry(&json!({}), "Month", "28.70");
        core["product"]["productFamily"] = json!("WorkSpaces Core");
        assert_eq!(parse(&core.to_string()).unwrap(), []);
        let software = json!({"resourceType": "Software"});
        assert_eq!(parse(&entry(&software, "Month", "0.0000000000").to_string()).unwrap(), []);
        assert_eq!(parse(&entry(&software, "Month", "15").to_string()).unwrap().len(), 1);
    }

    #[rstest]
    #[case("Root:80 GB,User:50 GB", Some((80, 50)))]
    #[case("Root:175 GB, User:100 GB", Some((175, 100)))]
    #[case("80 GB", None)]
    #[case("Root:80 TB,User:50 GB", None)]
    #[case("Root:-80 GB,User:50 GB", None)]
    fn sizes_that_are_not_certain_are_unknown(#[case] text: &str, #[case] sizes: Option<(i32, i32)>) {
        assert_eq!(volumes(text), sizes.map(|(root_gib, user_gib)| Volumes { root_gib, user_gib }));
    }

    #[rstest]
    #[case("NaN")]
    #[case("-1")]
    #[case("")]
    fn a_price_that_is_no_amount_is_refused(#[case] amount: &str) {
        assert!(matches!(parse(&entry(&json!({}), "Month", amount).to_string()), Err(Unreadable::NoMoney { .. })));
    }

    #[test]
    fn what_has_no_region_or_tiers_is_refused() {
        let nowhere = entry(&json!({"regionCode": ""}), "Month", "1");
        assert!(matches!(parse(&nowhere.to_string()), Err(Unreadable::NoRegion { .. })));
        let mut tiered = entry(&json!({}), "Hour", "1");
        tiered["terms"]["OnDemand"]["SKU.T"]["priceDimensions"]["SKU.T.R"]["beginRange"] = json!("100");
        assert!(matches!(parse(&tiered.to_string()), Err(Unreadable::Tiered { .. })));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            let _ = parse(&text);
        }
    }
}
