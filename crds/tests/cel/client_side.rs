//! The cases by kube's own evaluator of CEL, without a cluster.

use crds::schema::{definitions, open_api};
use kube::core::cel::Validator;
use serde_json::Value;

use crate::table::{RuleCases, Table, tables};

#[test]
fn kubes_evaluator_gives_each_verdict() {
    for table in tables() {
        let definition = definitions().into_iter().find(|definition| definition.spec.names.kind == table.kind());
        let schema = open_api(&definition.expect("the table's kind is defined"));
        for cases in &table.rules {
            try_cases(&schema, &table, cases);
        }
    }
}

fn try_cases(schema: &Value, table: &Table, cases: &RuleCases) {
    let verdict = |change: &Value, old: Option<&Value>| -> Vec<String> {
        let old = old.map(|change| kube::core::cel::apply_defaults(schema, &table.object(change)));
        match Validator::new().validate_with_defaults(schema, &table.object(change), old.as_ref()) {
            Ok(()) => Vec::new(),
            Err(errors) => errors.iter().map(|error| format!("{}: {}", error.field_path, error.message)).collect(),
        }
    };
    let accepts = |change: &Value, old: Option<&Value>| {
        let errors = verdict(change, old);
        assert!(errors.is_empty(), "{} must accept {change}: {errors:?}", cases.at);
    };
    let rejects = |change: &Value, old: Option<&Value>| {
        let errors = verdict(change, old);
        let by_this_rule = errors.iter().any(|error| error.contains(&cases.message));
        assert!(by_this_rule, "{} must refuse {change} with {:?}: {errors:?}", cases.at, cases.message);
    };
    cases.accept.iter().for_each(|change| accepts(change, None));
    if let Some(updates) = &cases.update {
        updates.accept.iter().for_each(|change| accepts(change, Some(&updates.from)));
        updates.reject.iter().for_each(|change| rejects(change, Some(&updates.from)));
        // A transition rule has nothing to say about a new object.
        cases.reject.iter().for_each(|change| rejects(change, Some(&updates.from)));
    } else {
        cases.reject.iter().for_each(|change| rejects(change, None));
    }
}
