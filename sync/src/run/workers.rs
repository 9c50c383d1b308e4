//! Workers: each claims a step, collects it, and goes on until no step is left.
//!
//! Regions have their own pace, and so have operations, so several workers read several
//! regions in the time of one, in one thread: all they do is wait.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures::future::try_join_all;
use identifiers::Source;
use jiff::Timestamp;
use store::{
    PgPool, inventory,
    run_step::{self, Holder, Step, StepError, WriteError},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{CLAIM_TTL, SIGN_OF_LIFE, error::RunError, session::Session};
use crate::{
    aws::{caller::Caller, error::CallError, ledger::Ledger},
    collector::{
        access_events, audit_trail, bundles, connection_status, cost, cost_export, directories, images,
        inventory::{self as inventory_collector, not_listed},
        leavers, metrics, pools, prices, quotas, snapshots, tags,
        work::{Export, StepFailure, Work},
    },
    config::RunConfig,
};

/// Workers of a pod at most; each holds up to 500 desktops in memory.
const MOST_WORKERS: usize = 8;
/// How long a worker without a step waits before it looks again; steps of other pods of
/// an Indexed Job may make new ones.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What the workers share.
#[derive(Clone, Copy)]
pub(super) struct Crew<'a> {
    pub(super) config: &'a RunConfig,
    pub(super) pool: &'a PgPool,
    pub(super) session: &'a Session,
    pub(super) holder: &'a Holder,
    pub(super) stop: &'a CancellationToken,
}

impl Crew<'_> {
    /// Works until no step is left or the pod is stopped.
    pub(super) async fn work(&self) -> Result<(), RunError> {
        let step_ended = Notify::new();
        // Inventory and connection status of one region have separate paces.
        let workers = (2 * self.config.plan.regions.len()).min(MOST_WORKERS);
        let all = try_join_all((0..workers).map(|_| self.worker(&step_ended)));
        tokio::select! {
            worked = all => worked.map(drop),
            () = self.keep_claims() => Ok(()),
        }
    }

    async fn worker(&self, step_ended: &Notify) -> Result<(), RunError> {
        let (run, account) = (self.config.run_id, &self.config.plan.account.account_id);
        while !self.stop.is_cancelled() {
            let ended = step_ended.notified();
            let Some(step) = run_step::claim(self.pool, account, run, self.holder, CLAIM_TTL).await? else {
                if run_step::open_steps(self.pool, run).await? == 0 {
                    return Ok(());
                }
                tokio::select! {
                    () = ended => {}
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                    () = self.stop.cancelled() => {}
                }
                continue;
            };
            self.read(&step).await?;
            step_ended.notify_waiters();
        }
        Ok(())
    }

    /// Keeps claims alive as long as the workers work; never ends by itself.
    async fn keep_claims(&self) {
        loop {
            tokio::time::sleep(SIGN_OF_LIFE).await;
            if let Err(error) = run_step::keep(self.pool, self.config.run_id, self.holder, CLAIM_TTL).await {
                tracing::warn!(%error, "claims could not be renewed, trying again");
            }
        }
    }

    /// Reads one step. Only a broken database is an error here: what AWS does to one step
    /// must not keep the others from being read.
    async fn read(&self, step: &Step) -> Result<(), RunError> {
        let ledger = Arc::new(Ledger::default());
        let clients = self.session.clients(&step.region);
        let caller =
            Caller::new(Arc::clone(&self.session.pacer), step.region.clone(), Arc::clone(&ledger), self.stop.clone());
        let follow_up = self.follow_up(step);
        let (pool, ledger) = (self.pool, &*ledger);
        let work = Work {
            pool,
            clients,
            caller: &caller,
            ledger,
            step,
            regions: &self.config.plan.regions,
            cost_days: self.config.plan.account.retention.cost_days,
            access_events: self.config.plan.account.access_events.as_ref().map(|events| &events.queue_url),
            follow_up: &follow_up,
            batch: self.config.pod.batch,
            now: self.config.now.unwrap_or_else(Timestamp::now),
            trigger: self.config.plan.trigger,
            caller_arn: &self.session.caller_arn,
            metrics_history_days: self.config.plan.metrics_history_days,
            export: self.export(),
        };
        tracing::debug!(step.id = step.step_id, source = %step.source, aws.region = %step.region, "reading");
        let collected = match step.source {
            Source::Inventory => inventory_collector::collect(&work).await,
            Source::ConnectionStatus => connection_status::collect(&work).await,
            Source::Directories => directories::collect(&work).await,
            Source::Leavers => leavers::collect(&work).await,
            Source::AccessEvents => access_events::collect(&work).await,
            Source::Metrics => metrics::collect(&work).await,
            Source::Tags => tags::collect(&work).await,
            Source::Bundles => bundles::collect(&work).await,
            Source::Images => images::collect(&work).await,
            Source::Pools => pools::collect(&work).await,
            Source::Quotas => quotas::collect(&work).await,
            Source::Cost => cost::collect(&work).await,
            Source::Prices => prices::collect(&work).await,
            Source::Snapshots => snapshots::collect(&work).await,
            Source::AuditTrail => audit_trail::collect(&work).await,
            Source::CostExport => cost_export::collect(&work).await,
        };
        match collected {
            Ok(()) | Err(StepFailure::Call(CallError::Stopped { .. })) => Ok(()),
            Err(StepFailure::Call(CallError::Pace { source, .. })) => Err(source.into()),
            Err(StepFailure::Write(error)) => lost(step, error),
            Err(
                failure @ (StepFailure::Call(CallError::Aws { .. } | CallError::Budget { .. })
                | StepFailure::Queue(_)
                | StepFailure::RepeatedToken { .. }
                | StepFailure::EndlessPages { .. }
                | StepFailure::Figures { .. }
                | StepFailure::Behind { .. }),
            ) => self.give_up(&work, &failure).await,
        }
    }

    /// The cost export of the plan's account.
    fn export(&self) -> Option<Export<'_>> {
        let (plan, bucket) = self.config.plan.account.cost_export.as_ref().zip(self.session.bucket.as_ref())?;
        Some(Export { plan, bucket, largest_file: self.config.pod.largest_export_file })
    }

    /// Sources that read the desktops which `step` lists.
    fn follow_up(&self, step: &Step) -> BTreeSet<Source> {
        let lists_desktops = step.source == Source::Inventory;
        let wanted = self.config.plan.sources.iter().copied();
        wanted.filter(|source| lists_desktops && source.is_by_desktop()).collect()
    }

    /// Ends a step that AWS did not let us finish.
    async fn give_up(&self, work: &Work<'_>, failure: &StepFailure) -> Result<(), RunError> {
        let step = work.step;
        let class = failure.class();
        let error =
            StepError { class: class.as_str(), message: failure.to_string(), retryable: class.is_worth_another_pod() };
        tracing::warn!(
            step.id = step.step_id, source = %step.source, aws.region = %step.region,
            error.class = error.class, "{}", error.message
        );
        for source in work.follow_up {
            inventory::mark_unplanned(self.pool, step, *source, &not_listed(&error)).await?;
        }
        match run_step::stop(self.pool, step, &work.ledger.take(0), &error).await {
            Ok(()) => Ok(()),
            Err(error) => lost(step, error),
        }
    }
}

/// A write failed: when only the claim was lost, another pod does the step.
fn lost(step: &Step, error: WriteError) -> Result<(), RunError> {
    if let Some(error) = RunError::of_write(error) {
        return Err(error);
    }
    tracing::warn!(step.id = step.step_id, "another pod has taken this step over");
    Ok(())
}
