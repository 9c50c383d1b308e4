//! JSON text as CloudTrail sends it, which is not always what a reader takes: nested without
//! end, or with half of a character in an escape.
//!
//! Flows in: the text. Flows out: its value, and what was too deep for it as plain text.
//! Deliberately absent: guesses at text that is cut off. It is no JSON, and says so.

use std::borrow::Cow;

use serde_json::Value;

/// Objects and lists inside each other that are kept; `serde_json` itself gives up at 128.
const DEEPEST: usize = 40;
/// What stands where something was too deep.
const TOO_DEEP: &str = "\"(too deep)\"";

/// A record that could be read.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Its value, an object.
    pub(super) value: Value,
    /// The text of what was too deep, all of it.
    pub(super) skipped: String,
}

/// Reads `text`; `None` where it is no JSON object.
pub(super) fn read(text: &str) -> Option<Document> {
    let (mended, skipped) = mend(text);
    let value: Value = serde_json::from_str(&mended).ok()?;
    value.is_object().then_some(Document { value, skipped })
}

/// The text without what is too deep and without lone surrogates, and what was too deep.
/// Works on bytes: what it looks for is ASCII, which never is part of another character.
fn mend(text: &str) -> (Cow<'_, str>, String) {
    let mut mender = Mender { text, kept: String::new(), skipped: String::new(), copied: 0, depth: 0 };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'"' => mender.string(at),
            b'{' | b'[' => mender.open(at),
            b'}' | b']' => mender.close(at),
            _ => at + 1,
        };
    }
    mender.finish()
}

struct Mender<'a> {
    text: &'a str,
    kept: String,
    skipped: String,
    /// Up to here the text is in `kept` or `skipped`.
    copied: usize,
    depth: usize,
}

impl<'a> Mender<'a> {
    fn open(&mut self, at: usize) -> usize {
        self.depth += 1;
        if self.depth == DEEPEST + 1 {
            self.kept.push_str(&self.text[self.copied..at]);
            self.kept.push_str(TOO_DEEP);
            self.copied = at;
        }
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        if self.depth == DEEPEST + 1 {
            self.skipped.push_str(&self.text[self.copied..=at]);
            self.copied = at + 1;
        }
        self.depth = self.depth.saturating_sub(1);
        at + 1
    }

    /// Passes over a string, and replaces each half of a surrogate pair that stands alone.
    fn string(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        while at < bytes.len() && bytes[at] != b'"' {
            if bytes[at] != b'\\' {
                at += 1;
                continue;
            }
            match self.surrogate(at) {
                None => at += 2,
                Some(first) if first < 0xDC00 && self.surrogate(at + 6).is_some_and(|second| second >= 0xDC00) => {
                    at += 12;
                }
                Some(_) => {
                    if self.depth <= DEEPEST {
                        self.kept.push_str(&self.text[self.copied..at]);
                        self.kept.push_str("\\ufffd");
                        self.copied = at + 6;
                    }
                    at += 6;
                }
            }
        }
        at + 1
    }

    /// The surrogate that the escape at `at` stands for, if it stands for one.
    fn surrogate(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let unit = u16::from_str_radix(digits, 16).ok()?;
        (0xD800..0xE000).contains(&unit).then_some(unit)
    }

    fn finish(mut self) -> (Cow<'a, str>, String) {
        if self.copied == 0 {
            return (Cow::Borrowed(self.text), self.skipped);
        }
        self.kept.push_str(&self.text[self.copied.min(self.text.len())..]);
        (Cow::Owned(self.kept), self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_nested_too_deep_is_skipped_and_the_rest_is_read() {
        let deep = format!("{}\"ws-bottom000\"{}", "{\"a\":[".repeat(90), "]}".repeat(90));
        let document = read(&format!("{{\"deep\":{deep},\"after\":1}}")).unwrap();
        assert_eq!(document.value["after"], 1);
        assert!(document.skipped.contains("ws-bottom000"));
    }

    #[test]
    fn half_a_character_becomes_the_sign_for_one() {
        let document = read(r#"{"a":"x\ud800y","b":"\ud83d\ude00","c":"\\ud800","d":"\udc00\ud800"}"#).unwrap();
        let expected = json!({"a": "x\u{fffd}y", "b": "😀", "c": "\\ud800", "d": "\u{fffd}\u{fffd}"});
        assert_eq!(document.value, expected);
    }

    #[test]
    fn what_is_cut_off_is_no_document() {
        assert!(read(r#"{"a":{"b":"#).is_none());
        assert!(read("[]").is_none());
        assert!(read("").is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,64}|[{}\\[\\]\",:\\\\ud80c0-9]{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn what_serde_reads_is_read_the_same(keys in prop::collection::vec("\\PC{0,8}", 0..6), depth in 0_usize..20) {
            let mut value = json!(keys);
            for key in keys.iter().cycle().take(depth.min(keys.len() * 4)) {
                value = json!({ key.as_str(): value, "next": [1, null, "é\u{1f600}\"\\"] });
            }
            let value = json!({ "value": value });
            let document = read(&value.to_string()).unwrap();
            prop_assert_eq!(document.value, value);
            prop_assert!(document.skipped.is_empty());
        }
    }
}
