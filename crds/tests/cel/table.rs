//! The table of cases, and the rules that the definitions contain.

use std::collections::BTreeSet;

use crds::schema::{definitions, open_api};
use serde::Deserialize;
use serde_json::Value;

const TABLES: [&str; 2] = [include_str!("workspace_account.yaml"), include_str!("sync_schedule.yaml")];

/// The cases of one kind.
#[derive(Debug, Deserialize)]
pub(crate) struct Table {
    /// A valid object that each case changes.
    pub(crate) base: Value,
    /// The rules of the kind.
    pub(crate) rules: Vec<RuleCases>,
}

/// The cases of one rule at one place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleCases {
    /// Where the rule stands, such as `spec.accountId`; the root is empty.
    pub(crate) at: String,
    /// How its message starts.
    pub(crate) message: String,
    /// Changes of the base (JSON merge patches) that are fine.
    pub(crate) accept: Vec<Value>,
    /// Changes that the rule refuses.
    pub(crate) reject: Vec<Value>,
    /// Updates, for rules that look at the old object.
    #[serde(default)]
    pub(crate) update: Option<Updates>,
}

/// Updates from one change of the base to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Updates {
    /// What the object was.
    pub(crate) from: Value,
    /// What it may become.
    pub(crate) accept: Vec<Value>,
    /// What it may not become.
    pub(crate) reject: Vec<Value>,
}

/// A rule as it stands in a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    pub(crate) kind: String,
    pub(crate) at: String,
    pub(crate) message: String,
    pub(crate) looks_back: bool,
}

impl Table {
    pub(crate) fn kind(&self) -> &str {
        self.base["kind"].as_str().expect("the base has a kind")
    }

    /// The base with a change.
    pub(crate) fn object(&self, change: &Value) -> Value {
        let mut object = self.base.clone();
        merge(&mut object, change);
        object
    }
}

pub(crate) fn tables() -> Vec<Table> {
    TABLES.iter().map(|text| serde_saphyr::from_str(text).expect("the table is valid YAML")).collect()
}

/// All rules of all kinds.
pub(crate) fn rules() -> BTreeSet<Rule> {
    let mut rules = BTreeSet::new();
    for definition in definitions() {
        collect(&open_api(&definition), "", &definition.spec.names.kind, &mut rules);
    }
    rules
}

fn collect(schema: &Value, at: &str, kind: &str, rules: &mut BTreeSet<Rule>) {
    for rule in schema["x-kubernetes-validations"].as_array().into_iter().flatten() {
        rules.insert(Rule {
            kind: kind.to_owned(),
            at: at.to_owned(),
            message: rule["message"].as_str().expect("every rule has a message").to_owned(),
            looks_back: rule["rule"].as_str().expect("every rule has a text").contains("oldSelf"),
        });
    }
    if let Some(items) = schema.get("items") {
        collect(items, &format!("{at}[]"), kind, rules);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        collect(property, &at, kind, rules);
    }
}

/// A JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let (Value::Object(target), Value::Object(patch)) = (&mut *target, patch) else {
        *target = patch.clone();
        return;
    };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

#[test]
fn every_rule_has_its_cases() {
    let rules = rules();
    let mut faults = Vec::new();
    for rule in &rules {
        let tables = tables();
        let cases = tables
            .iter()
            .filter(|table| table.kind() == rule.kind)
            .flat_map(|table| &table.rules)
            .find(|cases| cases.at == rule.at && rule.message.starts_with(&cases.message));
        match cases {
            None => faults.push(format!("{rule:?} has no cases")),
            Some(cases) => {
                if cases.accept.is_empty() || cases.reject.is_empty() {
                    faults.push(format!("{rule:?} needs an accepting and a rejecting case"));
                }
                if rule.looks_back
                    && cases.update.as_ref().is_none_or(|cases| cases.accept.is_empty() || cases.reject.is_empty())
                {
                    faults.push(format!("{rule:?} looks at oldSelf and needs updating cases"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(rules.len() > 40, "only {} rules were found: the search is broken", rules.len());
}

#[test]
fn every_case_belongs_to_a_rule() {
    let rules = rules();
    for table in tables() {
        for cases in &table.rules {
            let known = rules.iter().any(|rule| {
                rule.kind == table.kind() && rule.at == cases.at && rule.message.starts_with(&cases.message)
            });
            assert!(known, "no rule at {} starts with {:?}", cases.at, cases.message);
        }
    }
}

#[test]
fn every_message_names_the_remedy() {
    for rule in rules() {
        assert!(rule.message.contains(": "), "{rule:?}: the part after the colon says what to do");
    }
}
