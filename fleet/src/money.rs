//! Money: a decimal amount with its currency, never a floating-point number.
//!
//! In: AWS's texts. Out: exact values, or a refusal that names what was sent. Deliberately
//! absent: conversion between currencies, and sums over several of them.

use rust_decimal::Decimal;

/// A currency code of three capital letters (ISO 4217), such as `USD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(String);

/// The text is no currency code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a currency code such as USD")]
pub struct InvalidCurrency {
    text: String,
}

impl Currency {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCurrency { text: shortened(text) })
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much; negative for what is given back.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

/// The text is no decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a decimal number")]
pub struct NotADecimal {
    text: String,
}

/// The most digits of an exponent: a decimal has 28 places.
const EXPONENT_DIGITS: usize = 2;

/// Reads a decimal number as AWS writes it, such as `-12.3400000000` or `1.2E-9`.
///
/// `NaN`, infinities, thousands separators, digits of other scripts and numbers outside
/// the range of a decimal are refused. More than 28 places after the point are rounded.
pub fn decimal(text: &str) -> Result<Decimal, NotADecimal> {
    let refused = || NotADecimal { text: shortened(text) };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if !is_mantissa(mantissa) || !exponent.is_none_or(is_exponent) {
        return Err(refused());
    }
    let number = match exponent {
        Some(_) => Decimal::from_scientific(text),
        None => text.parse(),
    };
    number.map_err(|_| refused())
}

fn is_mantissa(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(fraction)
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    is_digits(digits) && digits.len() <= EXPONENT_DIGITS
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The start of a text that goes into an error message.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0", Decimal::ZERO)]
    #[case("12.3400000000", Decimal::new(1234, 2))]
    #[case("-0.0000000001", Decimal::new(-1, 10))]
    #[case("1.2E-9", Decimal::new(12, 10))]
    #[case("3e2", Decimal::new(300, 0))]
    fn a_number_is_read_exactly(#[case] text: &str, #[case] number: Decimal) {
        assert_eq!(decimal(text), Ok(number));
    }

    #[rstest]
    #[case("")]
    #[case("NaN")]
    #[case("Infinity")]
    #[case("1,234.50")]
    #[case("1_000")]
    #[case("1e999999")]
    #[case("0x10")]
    #[case("12.3.4")]
    #[case(".5")]
    #[case("5.")]
    #[case("--1")]
    #[case("+1")]
    #[case(" 1")]
    #[case("\u{661}\u{662}")]
    #[case("99999999999999999999999999999999")]
    fn what_is_no_number_is_refused(#[case] text: &str) {
        assert!(decimal(text).is_err());
    }

    #[rstest]
    #[case("USD", true)]
    #[case("EUR", true)]
    #[case("usd", false)]
    #[case("N/A", false)]
    #[case("", false)]
    fn a_currency_is_three_capital_letters(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(Currency::try_from(text).is_ok(), fits);
    }

    proptest! {
        #[test]
        fn a_decimal_reads_back_from_its_text(number in any::<i64>(), places in 0_u32..18) {
            let number = Decimal::new(number, places);
            prop_assert_eq!(decimal(&number.to_string()), Ok(number));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = decimal(&text);
        }
    }
}
