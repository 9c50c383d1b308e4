//! All watch streams of the operator: what each feeds and whom it wakes.

use std::fmt::Debug;

use crds::{SyncSchedule, WorkspaceAccount};
use futures::{FutureExt as _, channel::oneshot, future::BoxFuture, future::join_all};
use k8s_openapi::api::{
    batch::v1::{CronJob, Job},
    core::v1::Pod,
};
use kube::{
    Api, Client, Resource, ResourceExt as _,
    core::{DeserializeGuard, NamespaceResourceScope, PartialObjectMeta},
    runtime::reflector::{self, Store},
};
use serde::de::DeserializeOwned;
use telemetry::Readiness;
use tokio::task::JoinSet;

use super::{
    Children, OURS, Owner, OwnerKind, Triggers, TriggersReceiver,
    stream::{Change, Feed, Listener, Stream},
    trim,
};
use crate::{config::Settings, metrics::Metrics};

/// What the operator knows of the cluster.
#[derive(Clone, Debug)]
pub(crate) struct Caches {
    pub(crate) accounts: Store<WorkspaceAccount>,
    pub(crate) schedules: Store<SyncSchedule>,
    pub(crate) cron_jobs: Children<PartialObjectMeta<CronJob>>,
    pub(crate) jobs: Children<Job>,
    pub(crate) pods: Children<Pod>,
}

/// The running streams with what controllers need from them.
pub(crate) struct Watching {
    pub(crate) caches: Caches,
    pub(crate) accounts: TriggersReceiver<WorkspaceAccount>,
    pub(crate) schedules: TriggersReceiver<SyncSchedule>,
    /// One task a stream; a task ends only by a panic.
    pub(crate) streams: JoinSet<()>,
    /// Resolves when every cache has been filled once.
    pub(crate) filled: BoxFuture<'static, ()>,
}

/// The resources that are watched, as liveness and readiness name them.
pub(crate) const WATCHED: [&str; 5] = ["workspaceaccounts", "syncschedules", "cronjobs", "jobs", "pods"];

/// Starts all streams.
pub(crate) fn start(client: &Client, settings: &Settings, readiness: &Readiness, metrics: &Metrics) -> Watching {
    let (account_triggers, accounts) = Triggers::new();
    let (schedule_triggers, schedules) = Triggers::new();
    let (account_store, mut account_writer) = reflector::store();
    let (schedule_store, mut schedule_writer) = reflector::store();
    let caches = Caches {
        accounts: account_store,
        schedules: schedule_store,
        cron_jobs: Children::default(),
        jobs: Children::default(),
        pods: Children::default(),
    };
    let wake = Wake { accounts: account_triggers, schedules: schedule_triggers, caches: caches.clone() };
    let mut streams = Streams { client, settings, readiness, metrics, tasks: JoinSet::new(), first_lists: Vec::new() };

    let [of_accounts, of_schedules, of_cron_jobs, of_jobs, of_pods] = WATCHED;
    streams.open(Feed {
        name: of_accounts,
        selector: None,
        trim: trim::managed_fields,
        cache: Box::new(move |event| account_writer.apply_watcher_event(event)),
        listener: wake.on_accounts(),
    });
    streams.open(Feed {
        name: of_schedules,
        selector: None,
        trim: trim::managed_fields,
        cache: Box::new(move |event| schedule_writer.apply_watcher_event(event)),
        listener: wake.on_schedules(),
    });
    streams.open(wake.feed_of(of_cron_jobs, trim::managed_fields, &caches.cron_jobs));
    streams.open(wake.feed_of(of_jobs, trim::job, &caches.jobs));
    streams.open(wake.feed_of(of_pods, trim::pod, &caches.pods));
    let filled = join_all(streams.first_lists).map(drop).boxed();
    Watching { caches, accounts, schedules, streams: streams.tasks, filled }
}

/// The streams that have been opened, and what they have in common.
struct Streams<'a> {
    client: &'a Client,
    settings: &'a Settings,
    readiness: &'a Readiness,
    metrics: &'a Metrics,
    tasks: JoinSet<()>,
    first_lists: Vec<oneshot::Receiver<()>>,
}

impl Streams<'_> {
    fn open<K>(&mut self, feed: Feed<K>)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + DeserializeOwned
            + Debug
            + Send
            + Sync
            + 'static,
    {
        let api: Api<DeserializeGuard<K>> = match &self.settings.namespace {
            Some(namespace) => Api::namespaced(self.client.clone(), namespace.as_str()),
            None => Api::all(self.client.clone()),
        };
        let (listed, first_list) = oneshot::channel();
        self.first_lists.push(first_list);
        let ready = self.readiness.check(feed.name, "not listed yet");
        let stream = Stream { api, feed, ready, metrics: self.metrics.clone(), first_list: Some(listed) };
        self.tasks.spawn(stream.follow());
    }
}

/// Whom to wake when something changed.
#[derive(Clone, Debug)]
struct Wake {
    accounts: Triggers<WorkspaceAccount>,
    schedules: Triggers<SyncSchedule>,
    caches: Caches,
}

impl Wake {
    /// An account concerns itself, those that claim the same account id, and its schedules.
    fn on_accounts(&self) -> Listener<WorkspaceAccount> {
        let wake = self.clone();
        Box::new(move |change| match change {
            Change::Applied(account) | Change::Deleted(account) => {
                let rivals = wake.caches.accounts.state();
                for rival in rivals.iter().filter(|rival| rival.spec.account_id == account.spec.account_id) {
                    wake.accounts.this(rival);
                    wake.schedules_of(rival);
                }
                wake.accounts.this(account);
                wake.schedules_of(account);
            }
            Change::Relisted => wake.everyone(),
        })
    }

    fn on_schedules(&self) -> Listener<SyncSchedule> {
        let wake = self.clone();
        Box::new(move |change| match change {
            Change::Applied(schedule) | Change::Deleted(schedule) => wake.schedules.this(schedule),
            Change::Relisted => wake.schedules.all(&wake.caches.schedules),
        })
    }

    /// The feed of one kind of children.
    fn feed_of<K>(&self, name: &'static str, trim: fn(&mut K), children: &Children<K>) -> Feed<K>
    where
        K: Resource + Clone + Send + Sync + 'static,
    {
        Feed { name, selector: Some(OURS), trim, cache: children.writer(), listener: self.on_children() }
    }

    /// A child concerns the object it belongs to.
    fn on_children<K: Resource>(&self) -> Listener<K> {
        let wake = self.clone();
        Box::new(move |change| match change {
            Change::Applied(child) | Change::Deleted(child) => {
                if let Some(owner) = Owner::of(*child) {
                    match owner.kind {
                        OwnerKind::WorkspaceAccount => wake.accounts.object(&owner.namespace, &owner.name),
                        OwnerKind::SyncSchedule => wake.schedules.object(&owner.namespace, &owner.name),
                    }
                }
            }
            Change::Relisted => wake.everyone(),
        })
    }

    fn schedules_of(&self, account: &WorkspaceAccount) {
        let (namespace, name) = (account.namespace(), account.name_any());
        let schedules = self.caches.schedules.state();
        for schedule in &schedules {
            if schedule.spec.account_ref.name == name && schedule.namespace() == namespace {
                self.schedules.this(schedule);
            }
        }
    }

    fn everyone(&self) {
        self.accounts.all(&self.caches.accounts);
        self.schedules.all(&self.caches.schedules);
    }
}
