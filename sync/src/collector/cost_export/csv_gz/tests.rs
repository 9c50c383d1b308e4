//! Files written by code, read in any pieces.

use std::{collections::BTreeMap, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use rstest::rstest;
use store::cost_export::StagedLine;

use super::*;

const HEAD: [&str; 14] = [
    "an_extra_column",
    "line_item_product_code",
    "line_item_line_item_type",
    "line_item_usage_type",
    "line_item_usage_start_date",
    "line_item_usage_account_id",
    "line_item_resource_id",
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "line_item_net_unblended_cost",
    "line_item_currency_code",
    "product_region_code",
    "pricing_unit",
    "resource_tags",
];

/// A line of a desktop; `change` edits its values by the column's name.
fn a_line(change: &[(&str, &str)]) -> Vec<String> {
    let mut values: BTreeMap<&str, &str> = HEAD.map(|name| (name, "")).into();
    values.extend([
        ("an_extra_column", "ignored"),
        ("line_item_product_code", "AmazonWorkSpaces"),
        ("line_item_line_item_type", "Usage"),
        ("line_item_usage_type", "AW-HW-2-AutoStop-Usage"),
        ("line_item_usage_start_date", "2026-03-04T15:00:00.000Z"),
        ("line_item_usage_account_id", "111111111111"),
        ("line_item_resource_id", "arn:aws:workspaces:us-east-1:111111111111:workspace/ws-1"),
        ("line_item_usage_amount", "1"),
        ("line_item_unblended_cost", "0.30"),
        ("line_item_net_unblended_cost", "0.285"),
        ("line_item_currency_code", "USD"),
        ("pricing_unit", "Hour"),
        ("resource_tags", r#"{"user_CostCentre": "cc-1, \"the\" first"}"#),
    ]);
    values.extend(change.iter().copied());
    HEAD.map(|name| values[name].to_owned()).to_vec()
}

fn zipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn a_file(lines: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).unwrap();
    for line in lines {
        writer.write_record(line).unwrap();
    }
    zipped(&writer.into_inner().unwrap())
}

/// What is kept of `file` when it arrives in pieces of `piece` bytes.
fn read(file: &[u8], piece: usize) -> Result<(u64, Vec<StagedLine>), InvalidFile> {
    let (mut csv, mut sums) = (CsvGz::new(), Sums::default());
    for part in file.chunks(piece.max(1)) {
        csv.push(part, &mut sums)?;
    }
    let lines = csv.finish(&mut sums)?;
    let mut rows = sums.take();
    rows.sort_by_key(|row| format!("{row:?}"));
    Ok((lines, rows))
}

fn refusal(lines: &[Vec<String>]) -> String {
    read(&a_file(lines), 4_096).unwrap_err().to_string()
}

#[test]
fn hours_of_a_day_are_one_row_and_its_desktop_is_that_of_the_arn() {
    let hour = |hour: &str| a_line(&[("line_item_usage_start_date", hour)]);
    let file =
        a_file(&[hour("2026-03-04T15:00:00.000Z"), hour("2026-03-04T16:00:00.000Z"), hour("2026-03-05T00:00:00.000Z")]);
    let (lines, rows) = read(&file, 4_096).unwrap();
    assert_eq!((lines, rows.len()), (3, 2));
    let StagedLine { key, amounts } = &rows[0];
    assert_eq!((key.day.to_string().as_str(), key.workspace_id.as_deref()), ("2026-03-04", Some("ws-1")));
    assert_eq!(key.region.as_deref(), Some("us-east-1"), "the ARN tells what the column does not");
    assert_eq!(key.tags["user_CostCentre"], "cc-1, \"the\" first");
    assert_eq!((amounts.unblended.to_string().as_str(), amounts.lines), ("0.60", 2));
    assert_eq!(amounts.net_unblended.unwrap().to_string(), "0.570");
}

#[test]
fn only_desktops_and_directories_are_kept() {
    let of = |product: &str| a_line(&[("line_item_product_code", product)]);
    let file = a_file(&[of("AmazonThinClient"), of("AWSDirectoryService"), of("AmazonEC2"), of("")]);
    let (lines, rows) = read(&file, 4_096).unwrap();
    assert_eq!((lines, rows.len()), (4, 1));
}

#[test]
fn a_net_cost_that_one_line_lacks_is_unknown_for_all() {
    let file = a_file(&[a_line(&[]), a_line(&[("line_item_net_unblended_cost", "")])]);
    assert_eq!(read(&file, 4_096).unwrap().1[0].amounts.net_unblended, None);
}

#[test]
fn currencies_are_never_added_up() {
    let file = a_file(&[a_line(&[]), a_line(&[("line_item_currency_code", "CNY")])]);
    let (_, rows) = read(&file, 4_096).unwrap();
    let mut currencies: Vec<&str> = rows.iter().map(|row| row.key.currency.as_str()).collect();
    currencies.sort_unstable();
    assert_eq!(currencies, ["CNY", "USD"]);
}

#[rstest]
#[case("line_item_unblended_cost", "NaN", "is no number")]
#[case("line_item_usage_amount", "many", "is no number")]
#[case("line_item_usage_start_date", "yesterday", "is no instant")]
#[case("resource_tags", "user_CostCentre=1", "is no map in JSON")]
#[case("line_item_usage_amount", "", "is empty")]
#[case("line_item_currency_code", "", "is empty")]
fn a_wrong_value_is_told_with_its_column_and_line(#[case] column: &str, #[case] value: &str, #[case] words: &str) {
    let message = refusal(&[a_line(&[]), a_line(&[(column, value)])]);
    assert!(message.contains(column) && message.contains("line 3") && message.contains(words), "{message}");
}

#[test]
fn a_missing_column_is_told_with_its_name() {
    let message = read(&zipped(b"line_item_product_code,line_item_usage_type\n"), 4_096).unwrap_err().to_string();
    assert!(message.contains("line_item_line_item_type"), "{message}");
    assert!(read(&zipped(b""), 4_096).is_err(), "nor is a file without a head one");
}

#[test]
fn a_line_with_too_many_values_is_told() {
    let mut long = a_line(&[]);
    long.push("more".to_owned());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(HEAD).unwrap();
    writer.write_record(long).unwrap();
    let error = read(&zipped(&writer.into_inner().unwrap()), 4_096).unwrap_err();
    assert!(matches!(error, InvalidFile::Width { line: 2, expected: 14, found: 15 }), "{error}");
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let text = [HEAD.join(",").as_bytes(), b"\n\"", &vec![b'x'; 3 * LONGEST_LINE]].concat();
    let error = read(&zipped(&text), FEED).unwrap_err();
    assert!(matches!(error, InvalidFile::LongLine { line: 2 }), "{error}");
}

#[test]
fn a_file_that_is_no_gzip_or_damaged_is_told_as_that() {
    assert!(matches!(read(b"a,b,c\n", 4_096), Err(InvalidFile::Damaged { .. })));
    let mut file = a_file(&vec![a_line(&[]); 50]);
    let middle = file.len() / 2;
    file[middle] ^= 0xff;
    assert!(read(&file, 4_096).is_err());
}

proptest! {
    #[test]
    fn a_file_reads_the_same_in_any_pieces(piece in 1_usize..700, odd in "[a-z\",\n\r ]{0,12}", count in 1_usize..20) {
        let tags = serde_json::json!({"user_note": odd}).to_string();
        let note = a_line(&[("an_extra_column", &odd), ("resource_tags", &tags)]);
        let file = a_file(&vec![note; count]);
        let (lines, rows) = read(&file, piece).unwrap();
        prop_assert_eq!(lines, count as u64);
        prop_assert_eq!(rows, read(&file, usize::MAX).unwrap().1);
    }

    #[test]
    fn a_file_that_was_cut_off_anywhere_is_never_taken_for_a_whole_one(part in 0.0_f64..1.0) {
        let lines: Vec<_> = (0..40).map(|n| a_line(&[("line_item_usage_amount", &n.to_string())])).collect();
        let file = a_file(&lines);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        let end = (file.len() as f64 * part) as usize;
        prop_assert!(read(&file[..end], 512).is_err(), "cut off at {end} of {}", file.len());
    }
}
