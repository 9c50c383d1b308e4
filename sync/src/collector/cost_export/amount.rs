//! Amounts: decimals as AWS writes them. CSV holds them exactly, Parquet as doubles, whose
//! shortest form is the decimal that AWS rounded.

use std::str::FromStr;

use rust_decimal::Decimal;

/// The number that `text` is; plain or with an exponent, never infinite.
pub(super) fn of_text(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// The number that a double stands for.
pub(super) fn of_double(double: f64) -> Option<Decimal> {
    // `Display` never writes an exponent.
    if double.is_finite() { of_text(&double.to_string()) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0.0000000012", Some("0.0000000012"))]
    #[case("-3.5", Some("-3.5"))]
    #[case("1.2E-7", Some("0.00000012"))]
    #[case("1e3", Some("1000"))]
    #[case("", None)]
    #[case("NaN", None)]
    #[case("Infinity", None)]
    #[case("1,5", None)]
    #[case("1e400", None)]
    #[case("twelve", None)]
    fn an_amount_is_a_finite_decimal(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(of_text(text), expected.map(|text| text.parse().unwrap()));
    }

    #[test]
    fn a_double_is_the_decimal_it_was_rounded_from() {
        assert_eq!(of_double(0.1), Some("0.1".parse().unwrap()));
        assert_eq!(of_double(1.0e-7), Some("0.0000001".parse().unwrap()));
        assert_eq!(of_double(f64::NAN), None);
        assert_eq!(of_double(1.0e300), None);
    }

    proptest! {
        #[test]
        fn what_went_through_a_double_comes_back(mantissa in -9_999_999_999_999_i64..9_999_999_999_999, scale in 0_u32..10) {
            let amount = Decimal::new(mantissa, scale);
            let double: f64 = amount.to_string().parse().unwrap();
            prop_assert_eq!(of_double(double), Some(amount.normalize()));
        }
    }
}
