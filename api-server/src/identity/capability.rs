//! What a role may do. The console shows and hides by these names (`GET /me`), handlers
//! check them; nothing else asks for a role.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};
use store::person::Role;
use utoipa::ToSchema;

/// One thing a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(as = Capability)]
pub enum Capability {
    /// Read the fleet without personal data.
    #[schema(rename = "workspaces:read")]
    WorkspacesRead,
    /// See who uses a desktop: user name, computer name, IP address.
    #[schema(rename = "personal:read")]
    PersonalRead,
    /// Read sync runs and their steps, and receive live events.
    #[schema(rename = "runs:read")]
    RunsRead,
    /// Export lists.
    #[schema(rename = "exports:create")]
    ExportsCreate,
    /// Read who did what.
    #[schema(rename = "audit:read")]
    AuditRead,
    /// Change schedules and ask for runs.
    #[schema(rename = "schedules:write")]
    SchedulesWrite,
    /// Change people, keys and settings.
    #[schema(rename = "people:write")]
    PeopleWrite,
}

impl Capability {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkspacesRead => "workspaces:read",
            Self::PersonalRead => "personal:read",
            Self::RunsRead => "runs:read",
            Self::ExportsCreate => "exports:create",
            Self::AuditRead => "audit:read",
            Self::SchedulesWrite => "schedules:write",
            Self::PeopleWrite => "people:write",
        }
    }

    /// Everything a role may do.
    pub const fn of_role(role: Role) -> &'static [Self] {
        match role {
            Role::Viewer => &[Self::WorkspacesRead, Self::RunsRead],
            Role::Analyst => &[Self::WorkspacesRead, Self::PersonalRead, Self::RunsRead, Self::ExportsCreate],
            Role::Operator => {
                &[Self::WorkspacesRead, Self::PersonalRead, Self::RunsRead, Self::ExportsCreate, Self::SchedulesWrite]
            }
            Role::Auditor => {
                &[Self::WorkspacesRead, Self::PersonalRead, Self::RunsRead, Self::ExportsCreate, Self::AuditRead]
            }
            Role::Admin => &[
                Self::WorkspacesRead,
                Self::PersonalRead,
                Self::RunsRead,
                Self::ExportsCreate,
                Self::AuditRead,
                Self::SchedulesWrite,
                Self::PeopleWrite,
            ],
        }
    }
}

impl Display for Capability {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Capability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_sees_no_personal_data_and_an_auditor_writes_nothing() {
        assert!(!Capability::of_role(Role::Viewer).contains(&Capability::PersonalRead));
        let writes = [Capability::SchedulesWrite, Capability::PeopleWrite];
        assert!(Capability::of_role(Role::Auditor).iter().all(|capability| !writes.contains(capability)));
    }

    #[test]
    fn only_an_admin_changes_people() {
        for role in Role::ALL {
            let may = Capability::of_role(role).contains(&Capability::PeopleWrite);
            assert_eq!(may, role == Role::Admin, "{role}");
        }
    }
}
