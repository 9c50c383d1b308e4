//! What a pod is told: flags and environment, read and checked as a whole before
//! anything else happens.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use clap::Args;
use contract::{
    InvalidPlan, Plan, ProbePlan, SyncPlan, Task,
    environment::{
        AWS_KEYS_DIR, AWS_KEYS_PATH, DATABASE_URL_FILE, DATABASE_URL_PATH, EXTERNAL_ID_DIR, EXTERNAL_ID_PATH,
        JOB_COMPLETION_INDEX, JOB_NAME, PLAN, REDIS_URL_FILE, RUN_ID,
    },
};
use identifiers::{ObjectRef, Partition, Region, Source};
use jiff::Timestamp;
use store::{
    PgPool,
    aws_pace::{Buckets, RedisBuckets, RedisUrlError},
};
use uuid::Uuid;

use crate::{aws::credentials::Sources, collector};

pub(crate) mod fips;

/// Flags of a pod; each has the variable that the operator sets.
#[derive(Clone, Debug, Args)]
pub(crate) struct PodArgs {
    /// The plan as JSON, made by the operator.
    #[arg(long, env = PLAN, value_name = "JSON", hide_env_values = true)]
    plan: String,
    /// The run: the UID of the Job.
    #[arg(long, env = RUN_ID, value_name = "UUID")]
    run_id: Option<Uuid>,
    /// The name of the Job.
    #[arg(long, env = JOB_NAME, value_name = "NAME")]
    job_name: Option<String>,
    /// The index of this pod in an Indexed Job.
    #[arg(long, env = JOB_COMPLETION_INDEX, value_name = "NUMBER", default_value_t = 0)]
    index: u32,
    /// The moment taken for the present when deciding what to read, for tests and replays.
    #[arg(long, env = "DESKFLEET_SYNC_NOW", value_name = "TIME", hide = true)]
    now: Option<Timestamp>,
    /// A file with the URL of the database.
    #[arg(long, env = DATABASE_URL_FILE, value_name = "FILE", default_value = DATABASE_URL_PATH)]
    database_url_file: PathBuf,
    /// How long to wait for Postgres and its schema.
    #[arg(long, env = "DESKFLEET_DATABASE_WAIT_SECONDS", value_name = "SECONDS", default_value_t = 60)]
    database_wait_seconds: u64,
    /// A file with the URL of the Redis that keeps the pace; without it Postgres does.
    #[arg(long, env = REDIS_URL_FILE, value_name = "FILE")]
    redis_url_file: Option<PathBuf>,
    /// The folder of the Secret with AWS keys.
    #[arg(long, env = AWS_KEYS_DIR, value_name = "FOLDER", default_value = AWS_KEYS_PATH)]
    aws_keys_dir: PathBuf,
    /// The folder of the Secret with the external id.
    #[arg(long, env = EXTERNAL_ID_DIR, value_name = "FOLDER", default_value = EXTERNAL_ID_PATH)]
    external_id_dir: PathBuf,
    /// The web identity token that IRSA mounts.
    #[arg(long, env = "AWS_WEB_IDENTITY_TOKEN_FILE", value_name = "FILE")]
    web_identity_token_file: Option<PathBuf>,
    /// The role of the web identity.
    #[arg(long, env = "AWS_ROLE_ARN", value_name = "ARN")]
    role_arn: Option<String>,
    /// The credentials endpoint that EKS Pod Identity sets.
    #[arg(long, env = "AWS_CONTAINER_CREDENTIALS_FULL_URI", value_name = "URL")]
    container_credentials_full_uri: Option<String>,
    /// Desktops written at once: what a kill may cost in calls, against round trips.
    #[arg(long, env = "DESKFLEET_SYNC_BATCH", value_name = "DESKTOPS", default_value_t = 500)]
    batch: usize,
    /// The largest file of a cost export that is read.
    #[arg(long, env = "DESKFLEET_SYNC_LARGEST_EXPORT_FILE", value_name = "BYTES", default_value_t = 2 << 30)]
    largest_export_file: u64,
    /// Where the report goes.
    #[arg(long, env = "DESKFLEET_TERMINATION_LOG", value_name = "FILE", default_value = "/dev/termination-log")]
    termination_log: PathBuf,
}

/// What both kinds of pod need.
#[derive(Clone, Debug)]
pub(crate) struct PodConfig {
    /// A file with the URL of the database.
    pub(crate) database_url_file: PathBuf,
    /// How long to wait for it.
    pub(crate) database_wait: Duration,
    /// A file with the URL of the Redis that keeps the pace.
    pub(crate) redis_url_file: Option<PathBuf>,
    /// Where credentials come from.
    pub(crate) sources: Sources,
    /// Desktops written at once.
    pub(crate) batch: usize,
    /// The largest file of a cost export that is read, in bytes.
    pub(crate) largest_export_file: u64,
}

impl PodConfig {
    /// The buckets of the pace that all pods share.
    pub(crate) fn buckets(&self, pool: &PgPool) -> Result<Buckets, RedisUrlError> {
        match &self.redis_url_file {
            Some(path) => Ok(Buckets::Redis(Box::new(RedisBuckets::new(path, pool.clone())?))),
            None => Ok(Buckets::Postgres(pool.clone())),
        }
    }
}

/// Configuration of `run`.
#[derive(Clone, Debug)]
pub(crate) struct RunConfig {
    /// What both kinds of pod need.
    pub(crate) pod: PodConfig,
    /// What to read.
    pub(crate) plan: SyncPlan,
    /// The run.
    pub(crate) run_id: Uuid,
    /// The name of its Job.
    pub(crate) job_name: Option<String>,
    /// This pod's index in it.
    pub(crate) index: u32,
    /// The moment taken for the present, where it is not the clock's.
    pub(crate) now: Option<Timestamp>,
}

/// Configuration of `probe`.
#[derive(Clone, Debug)]
pub(crate) struct ProbeConfig {
    /// What both kinds of pod need.
    pub(crate) pod: PodConfig,
    /// What to prove.
    pub(crate) plan: ProbePlan,
}

/// A configuration that cannot work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The plan cannot be read.
    #[error("{PLAN} cannot be used")]
    Plan(#[source] InvalidPlan),
    /// The plan is for the other command.
    #[error("{PLAN} is not a plan for `deskfleet-sync {command}`")]
    OtherTask {
        /// The command that was started.
        command: &'static str,
    },
    /// There is no run id.
    #[error("{RUN_ID} is not set: it is the UID of the Job")]
    NoRunId,
    /// The plan asks for sources that AWS does not have in these regions.
    #[error(
        "AWS has no {} in partition {}: costs and prices of GovCloud are read in the commercial account that it is paired with",
        join(sources), partition.as_str()
    )]
    NotInPartition {
        /// Which.
        sources: Vec<Source>,
        /// Where.
        partition: Partition,
    },
    /// AWS lacks FIPS endpoints that the plan asks for.
    #[error(transparent)]
    NoFips(#[from] fips::NoFips),
    /// What the plan calls a desktop cannot be one.
    #[error("the plan names a desktop that cannot be one")]
    Desktop(#[source] fleet::InvalidIdentity),
    /// The plan asks for an export that nobody has described.
    #[error(
        "the plan asks for source CostExport, and the WorkspaceAccount {object} has no spec.costExport: write there in which bucket the export lies, or leave the source out"
    )]
    NoCostExport {
        /// The account.
        object: ObjectRef,
    },
    /// The plan asks for nothing.
    #[error("the plan names no {what}: nothing would be read")]
    Nothing {
        /// What it lacks.
        what: &'static str,
    },
}

impl PodArgs {
    /// Where the report goes.
    pub(crate) fn termination_log(&self) -> PathBuf {
        self.termination_log.clone()
    }

    /// The configuration of `run`.
    pub(crate) fn into_run(self) -> Result<RunConfig, ConfigError> {
        let Task::Sync(mut plan) = self.task()? else { return Err(ConfigError::OtherTask { command: "run" }) };
        if plan.sources.is_empty() {
            return Err(ConfigError::Nothing { what: "sources" });
        }
        if !plan.desktops.is_empty() {
            limit_to_desktops(&mut plan)?;
        }
        if plan.regions.is_empty() {
            return Err(ConfigError::Nothing { what: "regions" });
        }
        require_partition(&plan)?;
        fips::require(&plan.account, &plan.regions, &plan.sources)?;
        if plan.sources.contains(&Source::CostExport) && plan.account.cost_export.is_none() {
            return Err(ConfigError::NoCostExport { object: plan.account.object });
        }
        Ok(RunConfig {
            run_id: self.run_id.ok_or(ConfigError::NoRunId)?,
            job_name: self.job_name.clone(),
            index: self.index,
            now: self.now,
            pod: self.into_pod(),
            plan,
        })
    }

    /// The configuration of `probe`.
    pub(crate) fn into_probe(self) -> Result<ProbeConfig, ConfigError> {
        let Task::Probe(plan) = self.task()? else { return Err(ConfigError::OtherTask { command: "probe" }) };
        if plan.account.regions.is_empty() {
            return Err(ConfigError::Nothing { what: "regions" });
        }
        // Sources that lack an endpoint are not tried; without this one nothing can be.
        fips::require(&plan.account, &plan.account.regions, &BTreeSet::new())?;
        Ok(ProbeConfig { pod: self.into_pod(), plan })
    }

    fn task(&self) -> Result<Task, ConfigError> {
        Ok(Plan::parse(&self.plan).map_err(ConfigError::Plan)?.task)
    }

    fn into_pod(self) -> PodConfig {
        PodConfig {
            database_url_file: self.database_url_file,
            database_wait: Duration::from_secs(self.database_wait_seconds),
            redis_url_file: self.redis_url_file,
            batch: self.batch,
            largest_export_file: self.largest_export_file,
            sources: Sources {
                keys: self.aws_keys_dir,
                external_id: self.external_id_dir,
                web_identity: self.web_identity_token_file.zip(self.role_arn),
                container: self.container_credentials_full_uri.is_some(),
            },
        }
    }
}

/// Refuses sources that the partition of the plan's regions does not have.
fn require_partition(plan: &SyncPlan) -> Result<(), ConfigError> {
    let Some(partition) = plan.regions.first().map(Region::partition) else { return Ok(()) };
    let global = plan.sources.iter().copied().filter(|source| collector::is_global(*source));
    let sources: Vec<Source> = global.filter(|_| collector::global_region(partition).is_none()).collect();
    if sources.is_empty() { Ok(()) } else { Err(ConfigError::NotInPartition { sources, partition }) }
}

/// Leaves out what a plan that names desktops does not read: sources that list regions.
fn limit_to_desktops(plan: &mut SyncPlan) -> Result<(), ConfigError> {
    for desktop in &plan.desktops {
        fleet::WorkspaceId::try_from(desktop.as_str()).map_err(ConfigError::Desktop)?;
    }
    plan.sources.retain(|source| source.is_by_desktop());
    if plan.sources.is_empty() {
        return Err(ConfigError::Nothing { what: "source that reads desktop by desktop" });
    }
    Ok(())
}

fn join(sources: &[Source]) -> String {
    sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
