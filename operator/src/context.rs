//! What every reconciliation has at hand.

use crds::{SyncSchedule, WorkspaceAccount};
use kube::{
    Client,
    runtime::events::{Recorder, Reporter},
};

use crate::{config::Settings, metrics::Metrics, own_writes::OwnWrites, watch::Caches};

/// The name that events are reported under.
const REPORTER: &str = "deskfleet-operator";

/// Client, caches, settings and the two ways of telling the world.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) caches: Caches,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) recorder: Recorder,
    pub(crate) written_accounts: OwnWrites<WorkspaceAccount>,
    pub(crate) written_schedules: OwnWrites<SyncSchedule>,
}

impl Context {
    pub(crate) fn new(client: Client, caches: Caches, settings: Settings, metrics: Metrics) -> Self {
        let reporter = Reporter { controller: REPORTER.to_owned(), instance: Some(settings.identity.clone()) };
        let recorder = Recorder::new(client.clone(), reporter);
        Self {
            client,
            caches,
            settings,
            metrics,
            recorder,
            written_accounts: OwnWrites::default(),
            written_schedules: OwnWrites::default(),
        }
    }
}
