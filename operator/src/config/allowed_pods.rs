//! What the pods of objects may be given: lists of names and keys in, yes or no out.
//!
//! A list is read once, at start, and a mistake in it is an error there. Nothing is looked up
//! in the cluster: whether a ServiceAccount or a class exists is for the API server to say.

use std::collections::BTreeSet;

use super::InvalidSettings;

/// The lists. Each is empty at first, and an empty list allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedPods {
    service_accounts: Patterns,
    own_service_accounts: BTreeSet<String>,
    priority_classes: Patterns,
    runtime_classes: Patterns,
    labels: Patterns,
    annotations: Patterns,
}

/// Texts, and beginnings of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Patterns {
    whole: BTreeSet<String>,
    beginnings: BTreeSet<String>,
}

impl Patterns {
    fn contains(&self, text: &str) -> bool {
        self.whole.contains(text) || self.beginnings.iter().any(|beginning| text.starts_with(beginning.as_str()))
    }
}

/// What a list may hold.
struct Form {
    flag: &'static str,
    says: &'static str,
    /// Whether a text is a whole item.
    is_whole: fn(&str) -> bool,
    /// Whether what stands before `*` is the beginning of an item.
    is_beginning: fn(&str) -> bool,
}

impl AllowedPods {
    /// Sets the ServiceAccounts that pods may run as, and the installation's own, which no
    /// list can allow.
    pub fn service_accounts(self, allowed: &[String], own: &[String]) -> Result<Self, InvalidSettings> {
        let form = |flag| Form { flag, says: "a name of a ServiceAccount", is_whole: is_name, is_beginning: |_| false };
        let own = parse(own, &form("--own-service-accounts"))?.whole;
        let says = "a name of a ServiceAccount, or the beginning of one and \"*\"";
        let form = Form { says, is_beginning: is_start_of_name, ..form("--allowed-service-accounts") };
        let allowed = parse(allowed, &form)?;
        match allowed.whole.intersection(&own).next() {
            Some(name) => Err(InvalidSettings::OwnServiceAccount { name: name.clone() }),
            None => Ok(Self { service_accounts: allowed, own_service_accounts: own, ..self }),
        }
    }

    /// Sets the PriorityClasses that pods may have.
    pub fn priority_classes(self, allowed: &[String]) -> Result<Self, InvalidSettings> {
        Ok(Self { priority_classes: parse(allowed, &class("--allowed-priority-classes"))?, ..self })
    }

    /// Sets the RuntimeClasses that pods may have.
    pub fn runtime_classes(self, allowed: &[String]) -> Result<Self, InvalidSettings> {
        Ok(Self { runtime_classes: parse(allowed, &class("--allowed-runtime-classes"))?, ..self })
    }

    /// Sets the keys with a prefix that labels of pods may have.
    pub fn labels(self, allowed: &[String]) -> Result<Self, InvalidSettings> {
        Ok(Self { labels: parse(allowed, &keys("--allowed-pod-labels"))?, ..self })
    }

    /// Sets the keys that annotations of pods may have.
    pub fn annotations(self, allowed: &[String]) -> Result<Self, InvalidSettings> {
        Ok(Self { annotations: parse(allowed, &keys("--allowed-pod-annotations"))?, ..self })
    }

    /// Whether a name is one of the installation's own ServiceAccounts.
    pub(crate) fn is_own_service_account(&self, name: &str) -> bool {
        self.own_service_accounts.contains(name)
    }

    /// Whether pods may run as a ServiceAccount.
    pub(crate) fn allows_service_account(&self, name: &str) -> bool {
        !self.is_own_service_account(name) && self.service_accounts.contains(name)
    }

    /// Whether pods may have a PriorityClass.
    pub(crate) fn allows_priority_class(&self, name: &str) -> bool {
        self.priority_classes.contains(name)
    }

    /// Whether pods may have a RuntimeClass.
    pub(crate) fn allows_runtime_class(&self, name: &str) -> bool {
        self.runtime_classes.contains(name)
    }

    /// Whether pods may have a label. A prefix belongs to somebody, who acts on its labels; a
    /// key without one is free, but for those that the schema reserves.
    pub(crate) fn allows_label(&self, key: &str) -> bool {
        !key.contains('/') || self.labels.contains(key)
    }

    /// Whether pods may have an annotation.
    pub(crate) fn allows_annotation(&self, key: &str) -> bool {
        self.annotations.contains(key)
    }
}

const fn class(flag: &'static str) -> Form {
    Form { flag, says: "the name of a class", is_whole: is_name, is_beginning: |_| false }
}

const fn keys(flag: &'static str) -> Form {
    Form {
        flag,
        says: "a whole key such as \"example.com/owner\", or a whole prefix such as \"example.com/*\"",
        is_whole: is_key,
        is_beginning: |text| text.strip_suffix('/').is_some_and(is_name),
    }
}

fn parse(texts: &[String], form: &Form) -> Result<Patterns, InvalidSettings> {
    let mut patterns = Patterns::default();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        match text.strip_suffix('*') {
            Some(beginning) if (form.is_beginning)(beginning) => patterns.beginnings.insert(beginning.to_owned()),
            None if (form.is_whole)(text) => patterns.whole.insert(text.to_owned()),
            _ => return Err(InvalidSettings::Item { flag: form.flag, text: text.to_owned(), form: form.says }),
        };
    }
    Ok(patterns)
}

/// A DNS subdomain, as Kubernetes names most objects and prefixes.
fn is_name(text: &str) -> bool {
    let edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    is_start_of_name(text) && text.as_bytes().last().is_some_and(edge)
}

fn is_start_of_name(text: &str) -> bool {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let starts = text.bytes().next().is_some_and(edge);
    starts && text.len() <= 253 && text.bytes().all(|byte| edge(byte) || matches!(byte, b'-' | b'.'))
}

/// A key of a label or annotation, with or without a prefix.
fn is_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let edges = [name.bytes().next(), name.bytes().last()];
    prefix.is_none_or(is_name)
        && name.len() <= 63
        && name.bytes().all(inner)
        && edges.iter().all(|edge| edge.is_some_and(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests;
