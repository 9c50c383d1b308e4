//! Ids of things, dug out of wherever an event names them.
//!
//! The id of a desktop is told by its form anywhere in a text, also in the middle of an ARN
//! or a sentence, and in keys. Other ids have forms that short words share, so they count
//! only where they are all of a text, or the end of an ARN.

use std::collections::BTreeSet;

use serde_json::Value;

use super::redaction::holds_secret;
use crate::audit::{Subject, SubjectKind};

/// Subjects of one event at most; AWS takes 25 desktops in one call.
const MOST: usize = 1_000;
/// The form of a desktop's id: `ws-[0-9a-z]{8,63}`, by AWS's model.
const DESKTOP: &str = "ws-";
/// Forms of other ids: prefix, shortest and longest rest.
const FORMS: [(&str, usize, usize, SubjectKind); 9] = [
    ("wsb-", 8, 63, SubjectKind::Bundle),
    ("wsi-", 8, 63, SubjectKind::Image),
    ("wspool-", 8, 63, SubjectKind::Pool),
    ("wsipg-", 8, 63, SubjectKind::IpGroup),
    ("wsca-", 8, 63, SubjectKind::ConnectionAlias),
    ("wsd-", 8, 63, SubjectKind::Directory),
    ("d-", 10, 10, SubjectKind::Directory),
    ("t-", 10, 10, SubjectKind::Trust),
    ("s-", 10, 10, SubjectKind::DirectorySnapshot),
];
/// An account link is `link-` and a UUID.
const LINK: &str = "link-";

/// Subjects found so far.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeSet<Subject>);

impl Found {
    /// Adds the resources that the row and the record name.
    pub(super) fn in_resources(&mut self, names: &[&str], resources: Option<&Value>) {
        for name in names {
            self.in_whole_text(name);
        }
        self.in_values([resources]);
    }

    /// Adds what the values name, in texts and keys at any depth.
    pub(super) fn in_values<'a>(&mut self, values: impl IntoIterator<Item = Option<&'a Value>>) {
        let mut left: Vec<&Value> = values.into_iter().flatten().collect();
        while let Some(value) = left.pop() {
            match value {
                Value::String(text) => self.in_whole_text(text),
                Value::Array(items) => left.extend(items),
                Value::Object(members) => {
                    for (key, value) in members {
                        self.in_text(key);
                        if !holds_secret(members, key) {
                            left.push(value);
                        }
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }

    /// Adds the desktops that `text` mentions.
    pub(super) fn in_text(&mut self, text: &str) {
        for id in desktops(text) {
            self.add(SubjectKind::Workspace, id);
        }
    }

    fn in_whole_text(&mut self, text: &str) {
        self.in_text(text);
        let id = if text.starts_with("arn:") { text.rsplit(['/', ':']).next().unwrap_or(text) } else { text };
        if let Some(kind) = kind_of(id) {
            self.add(kind, id);
        }
    }

    fn add(&mut self, kind: SubjectKind, id: &str) {
        if self.0.len() < MOST {
            self.0.insert(Subject { kind, id: id.to_owned() });
        }
    }

    /// All of them, each once, sorted.
    pub(super) fn sorted(self) -> Vec<Subject> {
        self.0.into_iter().collect()
    }
}

/// The kind of thing whose id `text` is.
pub(super) fn kind_of(text: &str) -> Option<SubjectKind> {
    if desktops(text).next() == Some(text) {
        return Some(SubjectKind::Workspace);
    }
    let is_link = text.strip_prefix(LINK).is_some_and(|rest| rest.len() == 36 && rest.bytes().all(is_uuid_byte));
    let fits = |(prefix, shortest, longest, _): &&(&str, usize, usize, SubjectKind)| {
        let rest = text.strip_prefix(prefix);
        rest.is_some_and(|rest| (*shortest..=*longest).contains(&rest.len()) && rest.bytes().all(is_id_byte))
    };
    if is_link { Some(SubjectKind::AccountLink) } else { FORMS.iter().find(fits).map(|form| form.3) }
}

/// Ids of desktops in `text`, which no letter, digit or `_` touches.
fn desktops(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    text.match_indices(DESKTOP).filter_map(move |(start, _)| {
        let rest = start + DESKTOP.len();
        let length = bytes[rest..].iter().take_while(|byte| is_id_byte(**byte)).count();
        let end = rest + length;
        let is_alone = !touches(text[..start].chars().next_back()) && !touches(text[end..].chars().next());
        ((8..=63).contains(&length) && is_alone).then(|| &text[start..end])
    })
}

fn touches(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_lowercase()
}

fn is_uuid_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ws-8bhk2m9sf", Some(SubjectKind::Workspace))]
    #[case("wsb-8bhk2m9sf", Some(SubjectKind::Bundle))]
    #[case("wspool-8bhk2m9sf", Some(SubjectKind::Pool))]
    #[case("wsipg-8bhk2m9sf", Some(SubjectKind::IpGroup))]
    #[case("d-92674c0a1b", Some(SubjectKind::Directory))]
    #[case("wsd-8bhk2m9sf", Some(SubjectKind::Directory))]
    #[case("t-92674c0a1b", Some(SubjectKind::Trust))]
    #[case("link-7f0d1c9a-8a0b-4a62-9b1e-2f3e4d5c6b7a", Some(SubjectKind::AccountLink))]
    #[case("ws-short", None)]
    #[case("t-shirt", None)]
    #[case("", None)]
    fn an_id_tells_what_it_is_of(#[case] id: &str, #[case] kind: Option<SubjectKind>) {
        assert_eq!(kind_of(id), kind);
    }

    #[rstest]
    #[case("The WorkSpace ws-8bhk2m9sf is gone.", &["ws-8bhk2m9sf"])]
    #[case("arn:aws:workspaces:us-east-1:1:workspace/ws-8bhk2m9sf", &["ws-8bhk2m9sf"])]
    #[case("aws-8bhk2m9sf ws-8BHK2M9SF ws-8bhk2m9sfX", &[])]
    #[case("ws-aaaaaaaa,ws-bbbbbbbb", &["ws-aaaaaaaa", "ws-bbbbbbbb"])]
    fn a_desktop_is_found_in_the_middle_of_a_text(#[case] text: &str, #[case] ids: &[&str]) {
        assert_eq!(desktops(text).collect::<Vec<_>>(), ids);
    }
}
