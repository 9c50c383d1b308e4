//! The signed-in person as they see themselves.

use serde::Serialize;
use store::person::Person;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::identity::Capability;

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Never changes.
    #[schema(example = "6d0f2a2e-9d8b-4c35-9d0c-0f9a3f6f1b11")]
    id: Uuid,
    /// What they sign in with.
    #[schema(example = "admin")]
    username: String,
    /// What to show.
    #[schema(example = "Ann Perez")]
    display_name: String,
    /// `viewer`, `analyst`, `operator`, `auditor` or `admin`.
    #[schema(example = "admin")]
    role: &'static str,
    /// What they may do; show and hide by these, not by the role.
    capabilities: &'static [Capability],
}

impl From<Person> for Me {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.into(),
            username: person.username,
            display_name: person.display_name,
            role: person.role.as_str(),
            capabilities: Capability::of_role(person.role),
        }
    }
}
