//! People and their roles.
//!
//! ```text
//! role.rs              Role        a closed set, in SQL and JSON as lower case
//! username.rs          Username    what a name may look like
//! queries.rs           who is it, make one, change a password
//! sign_in_attempts.rs  tries to sign in, counted before the password is looked at
//! ```
//!
//! Deliberately absent: hashing (callers pass PHC strings), what a role may do (the API's).

mod queries;
mod role;
pub mod sign_in_attempts;
mod username;

pub use queries::{
    ForSignIn, NewPerson, Person, any_administrator, by_id, create, create_first_administrator, for_sign_in,
    reset_password,
};
pub use role::{Role, UnknownRole};
pub use username::{Username, UsernameError};

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(Uuid);

impl From<Uuid> for PersonId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<PersonId> for Uuid {
    fn from(id: PersonId) -> Self {
        id.0
    }
}

impl Display for PersonId {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
