//! Environment variables and mount paths of a pod, named once for both sides.

/// The [`crate::Plan`] as JSON.
pub const PLAN: &str = "DESKFLEET_PLAN";
/// The run's id: the UID of the Job, from pod label `batch.kubernetes.io/controller-uid`.
pub const RUN_ID: &str = "DESKFLEET_RUN_ID";
/// The name of the Job, from pod label `batch.kubernetes.io/job-name`.
pub const JOB_NAME: &str = "DESKFLEET_JOB_NAME";
/// The index of a pod of an Indexed Job; absent on a plain one.
pub const JOB_COMPLETION_INDEX: &str = "JOB_COMPLETION_INDEX";
/// A file that holds the URL of the database, with the login of this pod's role.
pub const DATABASE_URL_FILE: &str = "DESKFLEET_DATABASE_URL_FILE";

/// Where the database Secret's one key is mounted.
pub const DATABASE_URL_PATH: &str = "/var/run/deskfleet/database/url";
/// A file that holds the URL of the Redis that keeps the pace, where one does.
pub const REDIS_URL_FILE: &str = "DESKFLEET_REDIS_URL_FILE";
/// Where the Redis Secret's one key is mounted.
pub const REDIS_URL_PATH: &str = "/var/run/deskfleet/redis/url";
/// The folder of the Secret with AWS keys: files `accessKeyId`, `secretAccessKey`, `sessionToken`.
pub const AWS_KEYS_DIR: &str = "DESKFLEET_AWS_KEYS_DIR";
/// The folder of the Secret with the external id: file `externalId`.
pub const EXTERNAL_ID_DIR: &str = "DESKFLEET_EXTERNAL_ID_DIR";
/// Where Secrets with AWS keys are mounted, each in a folder of its own name, so that a pod
/// can say which Secret it misses.
pub const AWS_KEYS_PATH: &str = "/var/run/deskfleet/aws-keys";
/// Where Secrets with an external id are mounted, each in a folder of its own name.
pub const EXTERNAL_ID_PATH: &str = "/var/run/deskfleet/external-id";

/// The Secret that holds one database URL a role.
pub const DATABASE_SECRET: &str = "deskfleet-database";
/// The Secret that holds the URL of Redis under the key `url`.
pub const REDIS_SECRET: &str = "deskfleet-redis";
