//! The states that our objects can be in, for tools that judge them from outside: Flux and
//! kubectl by kstatus, Argo CD by the health script in `config/gitops`.
//!
//! Each state is made by the stages that make it in a cluster; what the tools should say of it
//! is written beside it by hand. `tests/gitops` asks the tools themselves.

use serde::Serialize;
use serde_json::Value;

use crate::{sync_schedule, workspace_account};

/// An object in one of its states, and what tools should make of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct State {
    /// What it is in.
    pub(crate) name: &'static str,
    /// Flux's verdict: `Current`, `InProgress`, `Failed` or `Terminating`.
    pub(crate) kstatus: &'static str,
    /// Argo CD's verdict: `Healthy`, `Progressing`, `Degraded` or `Suspended`.
    pub(crate) argo: &'static str,
    /// Why the two differ on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) differs: Option<&'static str>,
    /// The object, as the API server shows it.
    pub(crate) object: Value,
}

impl State {
    /// A state on which both tools agree.
    pub(crate) fn agreed(name: &'static str, kstatus: &'static str, object: Value) -> Self {
        let argo = match kstatus {
            "Current" => "Healthy",
            "Failed" => "Degraded",
            _ => "Progressing",
        };
        Self { name, kstatus, argo, differs: None, object }
    }

    /// A state that Argo CD shows otherwise.
    pub(crate) fn differing(
        name: &'static str,
        (kstatus, argo): (&'static str, &'static str),
        why: &'static str,
        object: Value,
    ) -> Self {
        Self { name, kstatus, argo, differs: Some(why), object }
    }
}

/// An object of which only one field is set otherwise.
pub(crate) fn with(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer begins with /");
    object.pointer_mut(parent).expect("the parent is there")[field] = value;
    object
}

/// Argo CD knows a word for what is asleep on purpose; to kstatus it has arrived.
pub(crate) const ASLEEP: &str = "Argo CD has a word for what is asleep on purpose, kstatus has none";
/// kstatus takes an object without a status for one that needs none.
pub(crate) const NOT_SEEN_YET: &str =
    "to kstatus an object without a status has arrived; Argo CD is told that the operator has not seen it";

#[test]
fn the_table_of_states_is_what_the_stages_make() {
    let states: Vec<State> = [sync_schedule::states(), workspace_account::states()].concat();
    assert!(states.len() >= 30, "{} states are fewer than tools are asked about", states.len());
    let mut table = serde_json::to_string_pretty(&states).unwrap();
    table.push('\n');
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/gitops/states.json");
    if std::env::var_os("DESKFLEET_GENERATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == table, "run `make generate` and commit tests/gitops/states.json");
}
