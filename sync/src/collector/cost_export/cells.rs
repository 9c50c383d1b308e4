//! A line of an export: from the values of one row, whatever the file's format, to what is
//! kept of it.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{Timestamp, civil, tz::TimeZone};
use rust_decimal::Decimal;
use store::cost_export::{Amounts, LineKey};

use super::{columns::Column, manifest::region_of, unreadable::InvalidFile};
use crate::collector::tags::workspace_id;

/// Products whose lines are kept: desktops, and the directories they need.
const PRODUCTS: [&str; 2] = ["AmazonWorkSpaces", "AWSDirectoryService"];
/// Characters of a wrong value that an error shows.
const SHOWN: usize = 40;

/// The values of one row.
pub(super) trait Cells {
    /// The number of the line.
    fn line(&self) -> u64;
    /// A text; `None` where the cell is empty or the column is not there.
    fn text(&self, column: Column) -> Result<Option<Cow<'_, str>>, InvalidFile>;
    /// A number.
    fn amount(&self, column: Column) -> Result<Option<Decimal>, InvalidFile>;
    /// The UTC day of an instant.
    fn day(&self, column: Column) -> Result<Option<civil::Date>, InvalidFile>;
    /// Keys and values.
    fn tags(&self, column: Column) -> Result<BTreeMap<String, String>, InvalidFile>;
}

/// What a line says, if it is of a product that is kept.
pub(super) fn line(cells: &impl Cells) -> Result<Option<(LineKey, Amounts)>, InvalidFile> {
    let product_code = cells.text(Column::ProductCode)?.unwrap_or_default();
    if !PRODUCTS.contains(&&*product_code) {
        return Ok(None);
    }
    let resource_id = cells.text(Column::Resource)?.map(storable);
    let resource = resource_id.as_deref().unwrap_or_default();
    let key = LineKey {
        day: required(cells, Column::UsageStart, cells.day(Column::UsageStart)?)?,
        usage_account_id: text(cells, Column::UsageAccount)?,
        region: cells.text(Column::Region)?.map(storable).or_else(|| region_of(resource)),
        product_code: storable(product_code),
        workspace_id: workspace_id(resource),
        usage_type: text(cells, Column::UsageType)?,
        line_item_type: text(cells, Column::LineItemType)?,
        unit: cells.text(Column::Unit)?.map(storable),
        currency: text(cells, Column::Currency)?,
        tags: cells.tags(Column::Tags)?,
        resource_id,
    };
    let amounts = Amounts {
        usage_amount: required(cells, Column::UsageAmount, cells.amount(Column::UsageAmount)?)?,
        unblended: required(cells, Column::Unblended, cells.amount(Column::Unblended)?)?,
        net_unblended: cells.amount(Column::NetUnblended)?,
        lines: 1,
    };
    Ok(Some((key, amounts)))
}

fn text(cells: &impl Cells, column: Column) -> Result<String, InvalidFile> {
    required(cells, column, cells.text(column)?.map(storable))
}

fn required<T>(cells: &impl Cells, column: Column, value: Option<T>) -> Result<T, InvalidFile> {
    value.ok_or_else(|| InvalidFile::Empty { line: cells.line(), column: column.name() })
}

/// Postgres takes every character but NUL.
pub(super) fn storable(text: Cow<'_, str>) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() }
}

/// A value of another kind than its column.
pub(super) fn wrong(line: u64, column: Column, expected: &'static str, found: &str) -> InvalidFile {
    let found = found.chars().take(SHOWN).collect();
    InvalidFile::Value { line, column: column.name(), expected, found }
}

/// The UTC day of an instant as text: with a zone, or without one in UTC.
pub(super) fn day_of_text(text: &str) -> Option<civil::Date> {
    let instant = text.parse::<Timestamp>().map(|instant| instant.to_zoned(TimeZone::UTC).date());
    instant.or_else(|_| text.parse::<civil::DateTime>().map(civil::DateTime::date)).ok()
}

/// The UTC day of a number of milliseconds since 1970.
pub(super) fn day_of_millis(millis: i64) -> Option<civil::Date> {
    Timestamp::from_millisecond(millis).ok().map(|instant| instant.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-03-31T23:00:00.000Z", Some("2026-03-31"))]
    #[case("2026-03-31T23:00:00-02:00", Some("2026-04-01"))]
    #[case("2026-03-31 23:00:00.000", Some("2026-03-31"))]
    #[case("31.03.2026", None)]
    #[case("", None)]
    fn a_day_is_that_of_utc(#[case] text: &str, #[case] day: Option<&str>) {
        assert_eq!(day_of_text(text), day.map(|day| day.parse().unwrap()));
    }

    #[test]
    fn a_nul_is_replaced_because_it_cannot_be_stored() {
        assert_eq!(storable(Cow::Borrowed("a\0b")), "a\u{fffd}b");
    }
}
