//! The log of what people saw and changed. Rows are only added.

use std::net::IpAddr;

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::person::PersonId;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A session began.
    SignIn,
    /// A name and a password did not fit.
    SignInRefused,
    /// A session ended.
    SignOut,
    /// A refresh token came twice; its session was revoked.
    TokenReused,
    /// A person was made.
    PersonCreated,
    /// A person's password was set by an administrator.
    PasswordReset,
    /// Personal data was read.
    PersonalDataRead,
    /// A list without personal data was taken away as a file.
    ListExported,
    /// A person was erased from the audit trail.
    PersonErased,
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignOut => "sign_out",
            Self::TokenReused => "token_reused",
            Self::PersonCreated => "person_created",
            Self::PasswordReset => "password_reset",
            Self::PersonalDataRead => "personal_data_read",
            Self::ListExported => "list_exported",
            Self::PersonErased => "person_erased",
        }
    }
}

/// One entry; the database adds the time.
#[derive(Debug, Clone)]
pub struct Entry {
    action: Action,
    person: Option<PersonId>,
    object: Option<(&'static str, String)>,
    name_digest: Option<[u8; 32]>,
    details: Option<serde_json::Value>,
    origin: Option<(IpAddr, Uuid)>,
}

impl Entry {
    /// Done by a signed-in person, in a request from an address.
    pub fn by_person(action: Action, person: PersonId, address: IpAddr, request: Uuid) -> Self {
        Self { person: Some(person), ..Self::by_visitor(action, address, request) }
    }

    /// Done by somebody who is not signed in.
    pub fn by_visitor(action: Action, address: IpAddr, request: Uuid) -> Self {
        Self { origin: Some((address, request)), ..Self::by_installation(action) }
    }

    /// Done by deskfleet itself, or on its command line.
    pub const fn by_installation(action: Action) -> Self {
        Self { action, person: None, object: None, name_digest: None, details: None, origin: None }
    }

    /// About this person.
    #[must_use]
    pub fn about_person(self, person: PersonId) -> Self {
        Self { object: Some(("person", person.to_string())), ..self }
    }

    /// About this desktop.
    #[must_use]
    pub fn about_workspace(self, workspace: &str) -> Self {
        Self { object: Some(("workspace", workspace.to_owned())), ..self }
    }

    /// About a name given at sign-in.
    #[must_use]
    pub fn about_name(self, digest: [u8; 32]) -> Self {
        Self { name_digest: Some(digest), ..self }
    }

    /// With details, such as a list's filter.
    #[must_use]
    pub fn with_details(self, details: serde_json::Value) -> Self {
        Self { details: Some(details), ..self }
    }
}

/// Adds an entry.
pub async fn record(executor: impl PgExecutor<'_>, entry: &Entry) -> Result<(), sqlx::Error> {
    let (object_kind, object_id) = entry.object.as_ref().map(|(kind, id)| (*kind, id.as_str())).unzip();
    let (address, request) = entry.origin.unzip();
    sqlx::query!(
        "insert into access_log (person_id, action, object_kind, object_id, name_digest, details, address, request_id)
         values ($1, $2, $3, $4, $5, $6, $7::text::inet, $8)",
        entry.person.map(Uuid::from),
        entry.action.as_str(),
        object_kind,
        object_id,
        entry.name_digest.as_ref().map(<[u8; 32]>::as_slice),
        entry.details,
        address.map(|address| address.to_string()),
        request
    )
    .execute(executor)
    .await?;
    Ok(())
}
