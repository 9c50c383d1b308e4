//! The first administrator.
//!
//! Where nobody is an administrator yet, the server makes one from a mounted Secret (files
//! `username` and `password`). With an administrator there, the Secret is not even read:
//! changing it changes nobody's password.

use std::{
    io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use store::{
    PgPool, QueryError,
    access_log::{self, Action, Entry},
    person::{self, NewPerson, Role, Username, UsernameError},
};

use super::password::{PasswordError, PasswordHasher, PasswordPolicyError, check_policy};

/// Why there is still no administrator.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The database cannot be asked.
    #[error("the database could not be asked for administrators")]
    Database(#[from] QueryError),
    /// A file of the Secret cannot be read.
    #[error("{} cannot be read: is the Secret of the bootstrap administrator mounted?", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The name is none.
    #[error("the bootstrap administrator's user name cannot be used")]
    Username(#[from] UsernameError),
    /// The password is too weak.
    #[error("the bootstrap administrator's password cannot be used")]
    Policy(#[from] PasswordPolicyError),
    /// The password could not be hashed.
    #[error("the bootstrap administrator's password could not be hashed")]
    Password(#[from] PasswordError),
}

/// Makes the first administrator unless there is one.
pub async fn ensure_administrator(pool: &PgPool, hasher: &PasswordHasher, folder: &Path) -> Result<(), BootstrapError> {
    if person::any_administrator(pool).await? {
        return Ok(());
    }
    let username = Username::try_from(read(&folder.join("username"))?.as_str())?;
    let password = SecretString::from(read(&folder.join("password"))?);
    check_policy(&password)?;
    let password_hash = hasher.hash(password).await?;
    let new = NewPerson { display_name: username.to_string(), username, password_hash, role: Role::Admin };
    if let Some(id) = person::create_first_administrator(pool, &new).await? {
        access_log::record(pool, &Entry::by_installation(Action::PersonCreated).about_person(id)).await?;
        tracing::info!(person.id = %id, "made the bootstrap administrator");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, BootstrapError> {
    std::fs::read_to_string(path)
        .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
        .map_err(|source| BootstrapError::Read { path: path.to_owned(), source })
}
