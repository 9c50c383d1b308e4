//! Files written by code, row group by row group, whole and broken.

use std::sync::Arc as Shared;

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use proptest::prelude::*;
use store::cost_export::StagedLine;

use super::*;

const SCHEMA: &str = "message export {
    optional binary an_extra_column (UTF8);
    optional binary line_item_product_code (UTF8);
    optional binary line_item_line_item_type (UTF8);
    optional binary line_item_usage_type (UTF8);
    optional int64 line_item_usage_start_date (TIMESTAMP_MILLIS);
    optional binary line_item_usage_account_id (UTF8);
    optional binary line_item_resource_id (UTF8);
    optional double line_item_usage_amount;
    optional double line_item_unblended_cost;
    optional double line_item_net_unblended_cost;
    optional binary line_item_currency_code (UTF8);
    optional group resource_tags (MAP) {
        repeated group key_value { required binary key (UTF8); optional binary value (UTF8); }
    }
}";
const PER_GROUP: usize = 3;

/// One row, and what is put into its columns.
#[derive(Clone)]
struct A {
    product: &'static str,
    hour: i64,
    amount: f64,
    cost: f64,
    net: Option<f64>,
    tag: Option<&'static str>,
}

const LINE: A =
    A { product: "AmazonWorkSpaces", hour: 15, amount: 1.0, cost: 0.1, net: Some(0.095), tag: Some("cc-1") };

/// 2026-03-04T00:00:00Z.
const DAY: i64 = 1_772_582_400_000;

fn a_file(schema: &str, rows: &[A]) -> Vec<u8> {
    let schema = Shared::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), Shared::clone(&schema), Shared::new(properties)).unwrap();
    for rows in rows.chunks(PER_GROUP) {
        let mut group = file.next_row_group().unwrap();
        while let Some(mut writer) = group.next_column().unwrap() {
            let name = writer.typed_name();
            write_column(&mut writer, &name, rows);
            writer.close().unwrap();
        }
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

trait Named {
    fn typed_name(&mut self) -> String;
}

impl Named for parquet::file::writer::SerializedColumnWriter<'_> {
    fn typed_name(&mut self) -> String {
        let writer = self.untyped();
        match writer {
            parquet::column::writer::ColumnWriter::ByteArrayColumnWriter(typed) => {
                typed.get_descriptor().path().string()
            }
            parquet::column::writer::ColumnWriter::DoubleColumnWriter(typed) => typed.get_descriptor().path().string(),
            parquet::column::writer::ColumnWriter::Int64ColumnWriter(typed) => typed.get_descriptor().path().string(),
            _ => unreachable!("the schema has no others"),
        }
    }
}

fn write_column(writer: &mut parquet::file::writer::SerializedColumnWriter<'_>, name: &str, rows: &[A]) {
    let text = |writer: &mut parquet::file::writer::SerializedColumnWriter<'_>, values: Vec<&str>| {
        let values: Vec<ByteArray> = values.into_iter().map(ByteArray::from).collect();
        let levels = vec![1; values.len()];
        writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
    };
    let doubles = |writer: &mut parquet::file::writer::SerializedColumnWriter<'_>, values: Vec<Option<f64>>| {
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let values: Vec<f64> = values.into_iter().flatten().collect();
        writer.typed::<DoubleType>().write_batch(&values, Some(&levels), None).unwrap();
    };
    let arn = "arn:aws:workspaces:us-east-1:111111111111:workspace/ws-1";
    match name {
        "line_item_product_code" => text(writer, rows.iter().map(|row| row.product).collect()),
        "line_item_usage_type" => text(writer, vec!["AW-HW-2-AutoStop-Usage"; rows.len()]),
        "line_item_usage_account_id" => text(writer, vec!["111111111111"; rows.len()]),
        "line_item_resource_id" => text(writer, vec![arn; rows.len()]),
        "line_item_currency_code" => text(writer, vec!["USD"; rows.len()]),
        "an_extra_column" | "line_item_line_item_type" => text(writer, vec!["Usage"; rows.len()]),
        "line_item_usage_start_date" => {
            let values: Vec<i64> = rows.iter().map(|row| DAY + row.hour * 3_600_000).collect();
            writer.typed::<Int64Type>().write_batch(&values, Some(&vec![1; rows.len()]), None).unwrap();
        }
        "line_item_usage_amount" => doubles(writer, rows.iter().map(|row| Some(row.amount)).collect()),
        "line_item_unblended_cost" => doubles(writer, rows.iter().map(|row| Some(row.cost)).collect()),
        "line_item_net_unblended_cost" => doubles(writer, rows.iter().map(|row| row.net).collect()),
        "resource_tags.key_value.key" => {
            let levels: Vec<i16> = rows.iter().map(|row| 1 + i16::from(row.tag.is_some())).collect();
            let keys: Vec<ByteArray> =
                rows.iter().filter_map(|row| row.tag).map(|_| "user_CostCentre".into()).collect();
            writer.typed::<ByteArrayType>().write_batch(&keys, Some(&levels), Some(&vec![0; rows.len()])).unwrap();
        }
        "resource_tags.key_value.value" => {
            let levels: Vec<i16> = rows.iter().map(|row| if row.tag.is_some() { 3 } else { 1 }).collect();
            let values: Vec<ByteArray> = rows.iter().filter_map(|row| row.tag).map(ByteArray::from).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), Some(&vec![0; rows.len()])).unwrap();
        }
        other => unreachable!("{other}"),
    }
}

/// Reads a file as the month does, piece by piece.
fn read(file: &[u8]) -> Result<(u64, Vec<StagedLine>), InvalidFile> {
    let size = file.len() as u64;
    let footer = footer(&file[file.len().saturating_sub(64)..])?;
    let start = size.checked_sub(footer).ok_or(InvalidFile::Damaged { reason: String::new() })?;
    let bytes = |range: Range<u64>| {
        Bytes::copy_from_slice(&file[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()])
    };
    let parquet = ParquetFile::open(size, bytes(start..size))?;
    let (mut sums, mut line) = (Sums::default(), 0);
    for number in 0..parquet.groups() {
        parquet.forget();
        for range in parquet.ranges(number)? {
            parquet.put(range.start, bytes(range));
        }
        let group = parquet.group(number)?;
        let mut rows = parquet.rows(&*group)?;
        while parquet.add(&mut rows, 2, &mut line, &mut sums)? {}
    }
    let mut rows = sums.take();
    rows.sort_by_key(|row| format!("{row:?}"));
    Ok((line, rows))
}

#[test]
fn row_groups_are_summed_to_the_digit_and_tags_are_kept() {
    let rows: Vec<A> = (0..10).map(|hour| A { hour, ..LINE }).collect();
    let (lines, rows) = read(&a_file(SCHEMA, &rows)).unwrap();
    assert_eq!((lines, rows.len()), (10, 1));
    let StagedLine { key, amounts } = &rows[0];
    assert_eq!(amounts.unblended, "1.0".parse().unwrap(), "ten tenths are one, which doubles are not");
    assert_eq!(amounts.net_unblended, Some("0.95".parse().unwrap()));
    assert_eq!((key.day.to_string().as_str(), key.workspace_id.as_deref()), ("2026-03-04", Some("ws-1")));
    assert_eq!(key.tags["user_CostCentre"], "cc-1");
}

#[test]
fn empty_cells_are_unknown() {
    let (_, rows) = read(&a_file(SCHEMA, &[A { net: None, tag: None, ..LINE }])).unwrap();
    assert!(rows[0].amounts.net_unblended.is_none() && rows[0].key.tags.is_empty());
}

#[test]
fn other_products_are_passed_over_and_counted() {
    let (lines, rows) = read(&a_file(SCHEMA, &[LINE, A { product: "AmazonEC2", ..LINE }])).unwrap();
    assert_eq!((lines, rows.len()), (2, 1));
}

#[test]
fn a_missing_column_is_told_with_its_name() {
    let schema = SCHEMA.replace("optional double line_item_usage_amount;", "");
    let message = read(&a_file(&schema, &[LINE])).unwrap_err().to_string();
    assert!(message.contains("line_item_usage_amount"), "{message}");
}

#[test]
fn a_column_of_another_type_is_told_with_its_name() {
    let schema = SCHEMA.replace("line_item_usage_start_date (TIMESTAMP_MILLIS)", "line_item_usage_start_date");
    let message = read(&a_file(&schema, &[LINE])).unwrap_err().to_string();
    assert!(message.contains("line_item_usage_start_date") && message.contains("is no instant"), "{message}");
}

#[test]
fn a_cost_that_is_no_number_is_told() {
    let message = read(&a_file(SCHEMA, &[LINE, A { cost: f64::NAN, ..LINE }])).unwrap_err().to_string();
    assert!(message.contains("line 2, column line_item_unblended_cost"), "{message}");
}

#[test]
fn a_decimal_of_parquet_is_one_of_ours() {
    let of =
        |bytes: &[u8], scale| of_decimal(&data_type::Decimal::from_bytes(ByteArray::from(bytes.to_vec()), 10, scale));
    assert_eq!(of(&[0x04, 0xd2], 2), Some("12.34".parse().unwrap()));
    assert_eq!(of(&[0xff], 1), Some("-0.1".parse().unwrap()));
    assert_eq!(of(&[1; 17], 0), None, "larger than any amount");
    assert_eq!(of(&[], 0), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_file_that_was_cut_off_anywhere_is_told_as_damaged(part in 0.0_f64..1.0) {
        let file = a_file(SCHEMA, &vec![LINE; 10]);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        let end = (file.len() as f64 * part) as usize;
        prop_assert!(matches!(read(&file[..end]), Err(InvalidFile::Damaged { .. })), "cut off at {end}");
    }

    #[test]
    fn a_damaged_file_is_an_error_and_never_the_end_of_the_program(at in 0_usize..5_000, flip in 1_u8..255) {
        let mut file = a_file(SCHEMA, &vec![LINE; 10]);
        let at = at % file.len();
        file[at] ^= flip;
        // A flipped bit may as well lie in a value.
        drop(read(&file));
    }
}

#[test]
fn a_footer_that_would_fill_the_memory_is_not_fetched() {
    let tail = |length: u32| [&length.to_le_bytes()[..], b"PAR1"].concat();
    assert_eq!(footer(&tail(1_000)).unwrap(), 1_008);
    let error = footer(&tail(2_000_000_000)).unwrap_err().to_string();
    assert!(error.contains("2000000000 bytes"), "{error}");
}
