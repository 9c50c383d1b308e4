//! `deskfleet-api admin`: people, from the command line, for when nobody can sign in.
//!
//! The password is read from a file or standard input, never from an argument: arguments
//! are in the process list and the shell's history.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use secrecy::SecretString;
use store::{
    PgPool, QueryError,
    access_log::{self, Action, Entry},
    person::{self, NewPerson, Role, UnknownRole, Username, UsernameError},
};

use crate::identity::{PasswordError, PasswordHasher, PasswordPolicyError, check_policy};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make a person.
    CreatePerson(CreatePerson),
    /// Set a person's password and end their sessions.
    ResetPassword(ResetPassword),
}

/// A new person.
#[derive(Debug, Args)]
pub struct CreatePerson {
    /// What they sign in with.
    #[arg(long)]
    username: String,
    /// What the console shows; the user name where left out.
    #[arg(long)]
    display_name: Option<String>,
    /// viewer, analyst, operator, auditor or admin.
    #[arg(long, default_value = "viewer")]
    role: String,
    #[command(flatten)]
    password: PasswordSource,
}

/// A new password.
#[derive(Debug, Args)]
pub struct ResetPassword {
    /// Whose.
    #[arg(long)]
    username: String,
    #[command(flatten)]
    password: PasswordSource,
}

/// Where the password comes from.
#[derive(Debug, Args)]
pub struct PasswordSource {
    /// A file with the password; `-` is standard input.
    #[arg(long, default_value = "-", value_name = "FILE")]
    password_file: PathBuf,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The password could not be read.
    #[error("the password cannot be read from {}", path.display())]
    Read {
        /// From where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The name is none.
    #[error("--username cannot be used")]
    Username(#[from] UsernameError),
    /// The role is none.
    #[error("--role cannot be used")]
    Role(#[from] UnknownRole),
    /// The password is too weak.
    #[error("the password cannot be used")]
    Policy(#[from] PasswordPolicyError),
    /// It could not be hashed.
    #[error("the password could not be hashed")]
    Hash(#[from] PasswordError),
    /// The name is taken.
    #[error("there is a person `{username}` already; reset-password sets a new password")]
    Taken {
        /// The name.
        username: String,
    },
    /// Nobody has that name.
    #[error("there is no person `{username}`")]
    Nobody {
        /// The name.
        username: String,
    },
    /// The database refused.
    #[error("the database could not be changed")]
    Database(#[from] QueryError),
}

/// Does it; the sentence says what was done.
pub async fn run(command: AdminCommand, pool: &PgPool) -> Result<String, AdminError> {
    let hasher = PasswordHasher::new(1).await?;
    match command {
        AdminCommand::CreatePerson(new) => create_person(new, pool, &hasher).await,
        AdminCommand::ResetPassword(reset) => reset_password(reset, pool, &hasher).await,
    }
}

async fn create_person(new: CreatePerson, pool: &PgPool, hasher: &PasswordHasher) -> Result<String, AdminError> {
    let username = Username::try_from(new.username.as_str())?;
    let role: Role = new.role.parse()?;
    let password_hash = hash(&new.password.password_file, hasher).await?;
    let display_name = new.display_name.unwrap_or_else(|| new.username.clone());
    let person = NewPerson { username, display_name, password_hash, role };
    let id = person::create(pool, &person).await?.ok_or(AdminError::Taken { username: new.username.clone() })?;
    access_log::record(pool, &Entry::by_installation(Action::PersonCreated).about_person(id)).await?;
    Ok(format!("made {} `{}` ({id})", role, new.username))
}

async fn reset_password(reset: ResetPassword, pool: &PgPool, hasher: &PasswordHasher) -> Result<String, AdminError> {
    let password_hash = hash(&reset.password.password_file, hasher).await?;
    let changed = person::reset_password(pool, &reset.username, &password_hash).await?;
    let id = changed.ok_or(AdminError::Nobody { username: reset.username.clone() })?;
    access_log::record(pool, &Entry::by_installation(Action::PasswordReset).about_person(id)).await?;
    Ok(format!("set a new password for `{}` and ended their sessions", reset.username))
}

async fn hash(path: &Path, hasher: &PasswordHasher) -> Result<String, AdminError> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().take(4_096).read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = read.map_err(|source| AdminError::Read { path: path.to_owned(), source })?;
    let password = SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned());
    check_policy(&password)?;
    Ok(hasher.hash(password).await?)
}
