//! Why a run could not do its work, and what Kubernetes and people should do about it.

use contract::ExitCode;
use identifiers::ObjectRef;
use store::{
    QueryError,
    aws_pace::{PaceError, RedisError, RedisUrlError},
    database::{ConnectError, Trouble, trouble},
    run_step::WriteError,
    schema::SchemaError,
};

use crate::{
    aws::{
        bucket::InvalidBucket,
        credentials::CredentialsError,
        error::{CallError, ErrorClass},
        identity::WrongAccount,
        secret_file::SecretError,
    },
    ending::Ending,
};

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// Postgres could not be connected to.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema is too old or could not be read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A query failed.
    #[error("{}", advice(source))]
    Query {
        /// Why.
        #[source]
        source: QueryError,
    },
    /// Redis is configured and cannot be used.
    #[error(transparent)]
    RedisUrl(#[from] RedisUrlError),
    /// Redis, which keeps the pace, did not answer.
    #[error("Redis did not answer; no call is made without its pace, and what was read so far is kept")]
    Redis(#[source] RedisError),
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// AWS did not tell whose credentials these are.
    #[error("AWS did not tell whose credentials these are")]
    Identity(#[from] CallError),
    /// The bucket of the cost export cannot be asked for.
    #[error(transparent)]
    Bucket(#[from] InvalidBucket),
    /// They belong to somebody else.
    #[error(transparent)]
    WrongAccount(#[from] WrongAccount),
    /// Another run took the lease, because this pod showed no sign of life for too long.
    #[error("another run of {schedule} has taken over")]
    LeaseLost {
        /// The schedule.
        schedule: ObjectRef,
    },
    /// None of the desktops that the plan names is known.
    #[error("none of the desktops that were asked for is there: read Inventory first, or look at their ids")]
    DesktopsUnknown,
    /// Kubernetes asked us to stop.
    #[error("stopped on request; everything read so far is kept and the next pod goes on from there")]
    Stopped,
}

impl From<QueryError> for RunError {
    fn from(source: QueryError) -> Self {
        Self::Query { source }
    }
}

impl From<PaceError> for RunError {
    fn from(error: PaceError) -> Self {
        match error {
            PaceError::Postgres(source) => Self::Query { source },
            PaceError::Redis(source) => Self::Redis(source),
        }
    }
}

impl RunError {
    /// The database part of a failed write.
    pub(crate) fn of_write(error: WriteError) -> Option<Self> {
        match error {
            WriteError::Query { source, .. } => Some(Self::Query { source }),
            WriteError::ClaimLost { .. } => None,
        }
    }

    /// Whether the run itself is over: trying again cannot help.
    pub(crate) fn is_final(&self) -> bool {
        self.verdict().1 == ExitCode::Configuration
    }

    /// Exit code and report.
    pub(crate) fn ending(&self) -> Ending {
        let (reason, code) = self.verdict();
        Ending::failed(code, reason, self)
    }

    fn verdict(&self) -> (&'static str, ExitCode) {
        match self {
            Self::Connect(ConnectError::UrlFile { .. }) | Self::RedisUrl(RedisUrlError::File { .. }) => {
                ("SecretMissing", ExitCode::Configuration)
            }
            Self::Redis(_) => ("PaceUnavailable", ExitCode::Dependency),
            Self::RedisUrl(RedisUrlError::Url { .. }) => ("RedisUrlInvalid", ExitCode::Configuration),
            Self::Connect(ConnectError::Url { .. }) => ("DatabaseUrlInvalid", ExitCode::Configuration),
            Self::Schema(SchemaError::Behind { .. }) => ("SchemaBehind", ExitCode::Dependency),
            Self::Connect(ConnectError::Unreachable { .. })
            | Self::Schema(SchemaError::Read(_) | SchemaError::Apply(_)) => {
                ("DatabaseUnavailable", ExitCode::Dependency)
            }
            Self::Query { source } => of_query(source),
            Self::Credentials(error) => of_credentials(error),
            Self::Identity(error) => of_call(error),
            Self::Bucket(_) => ("BucketInvalid", ExitCode::Configuration),
            Self::WrongAccount(_) => ("WrongAccount", ExitCode::Configuration),
            Self::DesktopsUnknown => ("DesktopsUnknown", ExitCode::Configuration),
            Self::LeaseLost { .. } => ("LeaseLost", ExitCode::Dependency),
            Self::Stopped => ("Stopped", ExitCode::Stopped),
        }
    }
}

fn of_query(error: &QueryError) -> (&'static str, ExitCode) {
    match trouble(error) {
        Trouble::Unreachable => ("DatabaseUnavailable", ExitCode::Dependency),
        Trouble::DiskFull => ("DatabaseDiskFull", ExitCode::Dependency),
        Trouble::Schema => ("DatabaseSchemaDiffers", ExitCode::Dependency),
        Trouble::Fault => ("DatabaseFault", ExitCode::Dependency),
    }
}

fn of_credentials(error: &CredentialsError) -> (&'static str, ExitCode) {
    match error {
        CredentialsError::Secret(SecretError::Missing { .. }) => ("SecretMissing", ExitCode::Configuration),
        CredentialsError::Secret(SecretError::Unreadable { .. } | SecretError::Empty { .. }) => {
            ("SecretInvalid", ExitCode::Configuration)
        }
        CredentialsError::NoIdentity => ("NoIdentity", ExitCode::Configuration),
        CredentialsError::AssumeRoleDenied { .. } => ("AssumeRoleDenied", ExitCode::Configuration),
        CredentialsError::AssumeRole { source, .. } => of_call(source),
    }
}

fn of_call(error: &CallError) -> (&'static str, ExitCode) {
    let Some(class) = error.class() else { return ("Stopped", ExitCode::Stopped) };
    let code = match class {
        ErrorClass::Credentials
        | ErrorClass::Permission
        | ErrorClass::BadRequest
        | ErrorClass::Configuration
        | ErrorClass::Budget => ExitCode::Configuration,
        ErrorClass::Throttle
        | ErrorClass::Fault
        | ErrorClass::Network
        | ErrorClass::Contract
        | ErrorClass::Database
        | ErrorClass::Pace => ExitCode::Dependency,
    };
    (class.reason(), code)
}

fn advice(error: &QueryError) -> &'static str {
    match trouble(error) {
        Trouble::Unreachable => "Postgres did not answer; what was read so far is kept",
        Trouble::DiskFull => {
            "Postgres has no disk space left: enlarge its volume; what was kept before is untouched, and the next run goes on"
        }
        Trouble::Schema => {
            "the database refuses what this release needs: run deskfleet-store migrate of the same release"
        }
        Trouble::Fault => "a query failed",
    }
}
