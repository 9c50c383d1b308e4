//! What one kind of desktop costs in each running mode, out of a region's price list.
//!
//! The list misleads: pairings of volumes are bundles of their own (`Power-0`) without an
//! hourly price, `Plus` bundles have software in them, and desktops with one's own licence
//! stand under `Windows` or `Any`. Whatever is not found exactly once is unknown: no price is
//! better than a wrong one.

use super::{ListPrice, Volumes};
use crate::{money::Money, vocabulary::ComputeType};

/// What is paid for the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Licence {
    /// Windows, in the price.
    WindowsIncluded,
    /// Windows, one's own.
    BringYourOwn,
    /// Amazon Linux.
    AmazonLinux,
    /// Ubuntu.
    Ubuntu,
}

/// A kind of desktop.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    /// Its size.
    pub compute_type: &'a ComputeType,
    /// Its operating system.
    pub licence: Licence,
    /// Its volumes.
    pub volumes: Volumes,
}

/// List prices of a kind of desktop; `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates<'a> {
    /// A month of `AlwaysOn`.
    pub month: Option<&'a ListPrice>,
    /// The monthly fee of `AutoStop`.
    pub fee: Option<&'a ListPrice>,
    /// A running hour of `AutoStop`.
    pub hour: Option<&'a ListPrice>,
}

/// The rates of `kind` out of the prices of one region.
pub fn rates<'a>(list: &'a [ListPrice], kind: Kind<'_>) -> Rates<'a> {
    let of_kind: Vec<&ListPrice> = list.iter().filter(|price| is_of(price, kind)).collect();
    let with_volumes = |price: &ListPrice| price.volumes == Some(kind.volumes);
    // Hours stand on the base bundle only, and hold for all its pairings.
    let of_base = |price: &ListPrice| price.bundle.as_deref().is_some_and(|bundle| pairing(bundle).is_none());
    Rates {
        month: only(&of_kind, |price| is(price, "AlwaysOn", &MONTH) && with_volumes(price)),
        fee: only(&of_kind, |price| is(price, "AutoStop", &MONTH) && with_volumes(price)),
        hour: only(&of_kind, |price| is(price, "AutoStop", &HOUR) && of_base(price)),
    }
}

const MONTH: [&str; 3] = ["Month", "Months", "Mo"];
const HOUR: [&str; 3] = ["Hour", "Hours", "Hrs"];

fn is(price: &ListPrice, mode: &str, units: &[&str]) -> bool {
    price.running_mode.as_deref() == Some(mode) && units.contains(&price.unit.as_str())
}

/// The price that all fitting entries agree on.
fn only<'a>(list: &[&'a ListPrice], fits: impl Fn(&ListPrice) -> bool) -> Option<&'a ListPrice> {
    let mut fitting = list.iter().filter(|price| fits(price));
    let first = *fitting.next()?;
    let same = |money: &Money| *money == first.price;
    fitting.all(|price| same(&price.price)).then_some(first)
}

fn is_of(price: &ListPrice, kind: Kind<'_>) -> bool {
    let is_hardware = price.resource_type.as_deref() == Some("Hardware");
    let is_plain = price.software_included.as_deref().is_none_or(|software| software == "Base");
    let bundle = price.bundle.as_deref().unwrap_or_default();
    let base = pairing(bundle).map_or(bundle, |(base, _)| base);
    is_hardware && is_plain && letters(base) == letters(kind.compute_type.as_str()) && has_licence(price, kind.licence)
}

fn has_licence(price: &ListPrice, licence: Licence) -> bool {
    let system = price.operating_system.as_deref().unwrap_or_default();
    let terms = price.license.as_deref().unwrap_or_default();
    match licence {
        Licence::WindowsIncluded => terms == "Included" && system == "Windows",
        Licence::BringYourOwn => terms == "Bring Your Own License" && matches!(system, "Windows" | "Any"),
        Licence::AmazonLinux => system == "Amazon Linux",
        Licence::Ubuntu => system.starts_with("Ubuntu"),
    }
}

/// A bundle of a pairing of volumes, cut into the bundle and the pairing's number.
fn pairing(bundle: &str) -> Option<(&str, u8)> {
    let (base, number) = bundle.rsplit_once('-')?;
    Some((base, number.parse().ok()?))
}

/// The letters and digits that the names of bundles (`Graphics.g4dn`) and compute types
/// (`graphics_g4dn`) share.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::Decimal;
    use serde_json::{Value, json};

    use super::*;
    use crate::price::{parse, parse::tests::entry};

    const STANDARD: Volumes = Volumes { root_gib: 80, user_gib: 50 };

    fn list(entries: &[(Value, &str, &str)]) -> Vec<ListPrice> {
        let texts = entries.iter().map(|(attributes, unit, amount)| entry(attributes, unit, amount).to_string());
        texts.flat_map(|text| parse(&text).unwrap()).collect()
    }

    fn of(list: &[ListPrice], licence: Licence, volumes: Volumes) -> [Option<Decimal>; 3] {
        let kind = Kind { compute_type: &ComputeType::Standard, licence, volumes };
        let rates = rates(list, kind);
        [rates.month, rates.fee, rates.hour].map(|price| price.map(|price| price.price.amount))
    }

    fn auto_stop(more: &Value) -> Value {
        let mut attributes = json!({"runningMode": "AutoStop"});
        attributes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attributes
    }

    #[test]
    fn a_desktop_has_a_month_a_fee_and_an_hour() {
        let pairing = json!({"bundle": "Standard-2", "storage": "Root:80 GB,User:100 GB"});
        let list = list(&[
            (json!({}), "Month", "35"),
            (auto_stop(&json!({})), "Month", "9.75"),
            (auto_stop(&json!({})), "Hour", "0.30"),
            (pairing.clone(), "Month", "37"),
            (auto_stop(&pairing), "Month", "11.75"),
            (json!({"bundle": "Standard Plus", "softwareIncluded": "Plus"}), "Month", "50"),
            (json!({"license": "Bring Your Own License", "operatingSystem": "Any"}), "Month", "31"),
        ]);
        let [month, fee, hour] = [Decimal::new(35, 0), Decimal::new(975, 2), Decimal::new(3, 1)].map(Some);
        assert_eq!(of(&list, Licence::WindowsIncluded, STANDARD), [month, fee, hour]);
        let larger = Volumes { user_gib: 100, ..STANDARD };
        let [month, fee] = [Decimal::new(37, 0), Decimal::new(1175, 2)].map(Some);
        assert_eq!(of(&list, Licence::WindowsIncluded, larger), [month, fee, hour], "the hour is the base bundle's");
        assert_eq!(of(&list, Licence::BringYourOwn, STANDARD), [Some(Decimal::new(31, 0)), None, None]);
    }

    #[rstest]
    #[case::no_such_volumes(Licence::WindowsIncluded, Volumes { root_gib: 81, user_gib: 50 })]
    #[case::no_such_licence(Licence::Ubuntu, STANDARD)]
    fn what_the_list_does_not_have_is_unknown(#[case] licence: Licence, #[case] volumes: Volumes) {
        assert_eq!(of(&list(&[(json!({}), "Month", "35")]), licence, volumes)[0], None);
    }

    #[test]
    fn entries_that_contradict_each_other_give_no_price() {
        let twice = list(&[(json!({}), "Month", "35"), (json!({"usagetype": "AW-HW-2b"}), "Month", "36")]);
        assert_eq!(of(&twice, Licence::WindowsIncluded, STANDARD)[0], None);
        let same = list(&[(json!({}), "Month", "35"), (json!({"usagetype": "AW-HW-2b"}), "Month", "35.00")]);
        assert_eq!(of(&same, Licence::WindowsIncluded, STANDARD)[0], Some(Decimal::new(35, 0)));
    }

    #[rstest]
    #[case("Graphics.g4dn", "graphics_g4dn")]
    #[case("GeneralPurpose.4xlarge", "generalpurpose_4xlarge")]
    #[case("Graphics.g6.xlarge", "graphics_g6_xlarge")]
    #[case("PowerPro", "powerpro")]
    fn bundles_and_compute_types_are_one_name(#[case] bundle: &str, #[case] compute_type: &str) {
        assert_eq!(letters(bundle), letters(compute_type));
    }
}
