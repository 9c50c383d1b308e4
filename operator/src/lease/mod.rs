//! One active operator at a time, by a Lease of the cluster.
//!
//! The holder renews every two seconds; a candidate takes over when it has itself seen the
//! same (holder, renewal) for fifteen seconds, by its own steady clock, so clocks of nodes
//! need not agree. Writes compare and swap by `resourceVersion`. A holder that could not renew
//! for ten seconds ends the process, before anybody else may take over.
//!
//! ```text
//! state.rs   who holds it, and may I take it?     (pure)
//! mod.rs     reading, taking, keeping, releasing  (API server)
//! ```

mod state;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta},
};
use kube::{Api, Client, api::PostParams};
use state::{Observation, Standing};

use crate::config::Settings;

/// The Lease's name.
const NAME: &str = "deskfleet-operator";
/// How long a claim is good for without renewal.
const DURATION: Duration = Duration::from_secs(15);
/// How long a holder goes on without a successful renewal.
const RENEW_DEADLINE: Duration = Duration::from_secs(10);
/// How often it is read and renewed.
const PERIOD: Duration = Duration::from_secs(2);

/// The lease can no longer be relied on.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Another replica took it.
    #[error("another replica holds the lease")]
    Taken,
    /// It could not be renewed in time.
    #[error("the lease could not be renewed for {} s", RENEW_DEADLINE.as_secs())]
    NotRenewed {
        /// The last failure.
        #[source]
        source: kube::Error,
    },
}

/// A lease that is held; without leader election one that needs no keeping.
pub(crate) struct Held {
    claim: Option<Claim>,
}

struct Claim {
    api: Api<Lease>,
    identity: String,
    lease: Lease,
    renewed: Instant,
}

/// Waits until this process may act.
pub(crate) async fn acquire(client: &Client, settings: &Settings) -> Held {
    if !settings.leader_election {
        return Held { claim: None };
    }
    let api = Api::<Lease>::namespaced(client.clone(), settings.operator_namespace.as_str());
    let mut observation = Observation::default();
    loop {
        match attempt(&api, &settings.identity, &mut observation).await {
            Ok(Some(lease)) => {
                tracing::info!(lease.holder = settings.identity, "holding the lease, starting to work");
                let claim = Claim { api, identity: settings.identity.clone(), lease, renewed: Instant::now() };
                return Held { claim: Some(claim) };
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(error = %error, "the lease cannot be read or taken, trying again"),
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// One try: `None` while somebody else holds it.
async fn attempt(api: &Api<Lease>, identity: &str, seen: &mut Observation) -> kube::Result<Option<Lease>> {
    let Some(current) = api.get_opt(NAME).await? else {
        return swapped(api.create(&PostParams::default(), &claim(None, identity)).await);
    };
    match seen.standing(&current, identity, DURATION, Instant::now()) {
        Standing::Free => swapped(api.replace(NAME, &PostParams::default(), &claim(Some(current), identity)).await),
        Standing::Taken => Ok(None),
    }
}

/// A lost race is not an error.
fn swapped(result: kube::Result<Lease>) -> kube::Result<Option<Lease>> {
    match result {
        Ok(lease) => Ok(Some(lease)),
        Err(kube::Error::Api(status)) if status.is_conflict() || status.is_already_exists() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The lease as this process wants it; the resource version of `current` makes the write fail
/// if anybody was faster.
fn claim(current: Option<Lease>, identity: &str) -> Lease {
    let now = MicroTime(Timestamp::now());
    let (metadata, old) = match current {
        Some(lease) => (lease.metadata, lease.spec.unwrap_or_default()),
        None => (ObjectMeta { name: Some(NAME.to_owned()), ..ObjectMeta::default() }, LeaseSpec::default()),
    };
    let is_mine = old.holder_identity.as_deref() == Some(identity);
    let transitions = old.lease_transitions.unwrap_or_default();
    Lease {
        metadata,
        spec: Some(LeaseSpec {
            holder_identity: Some(identity.to_owned()),
            lease_duration_seconds: i32::try_from(DURATION.as_secs()).ok(),
            acquire_time: if is_mine { old.acquire_time } else { Some(now.clone()) },
            renew_time: Some(now),
            lease_transitions: Some(if is_mine { transitions } else { transitions.saturating_add(1) }),
            ..LeaseSpec::default()
        }),
    }
}

impl Held {
    /// Renews until that fails for too long; never returns while all is well.
    pub(crate) async fn keep(&mut self) -> LeaseError {
        let Some(claim) = &mut self.claim else { return std::future::pending().await };
        loop {
            tokio::time::sleep(PERIOD).await;
            if let Err(lost) = claim.renew().await {
                return lost;
            }
        }
    }

    /// Gives the lease up, so that another replica need not wait for it to run out.
    pub(crate) async fn release(self) {
        let Some(held) = self.claim else { return };
        let mut lease = held.lease;
        if let Some(spec) = &mut lease.spec {
            spec.holder_identity = None;
            spec.lease_duration_seconds = Some(1);
        }
        match held.api.replace(NAME, &PostParams::default(), &lease).await {
            Ok(_) => tracing::info!("gave up the lease"),
            Err(error) => tracing::warn!(error = %error, "the lease could not be given up; it runs out by itself"),
        }
    }
}

impl Claim {
    /// One renewal; failures are borne until the deadline.
    async fn renew(&mut self) -> Result<(), LeaseError> {
        let left = RENEW_DEADLINE.saturating_sub(self.renewed.elapsed());
        let wanted = claim(Some(self.lease.clone()), &self.identity);
        let started = Instant::now();
        let answer = tokio::time::timeout(left, self.api.replace(NAME, &PostParams::default(), &wanted)).await;
        match answer {
            Ok(Ok(lease)) => {
                self.lease = lease;
                // Counted from before the request: the API server may have written it then.
                self.renewed = started;
                Ok(())
            }
            Ok(Err(kube::Error::Api(status))) if status.is_conflict() || status.is_not_found() => self.look().await,
            Ok(Err(source)) if self.renewed.elapsed() >= RENEW_DEADLINE => Err(LeaseError::NotRenewed { source }),
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "the lease could not be renewed, trying again");
                Ok(())
            }
            Err(_) => Err(LeaseError::NotRenewed { source: kube::Error::Service("no answer in time".into()) }),
        }
    }

    /// After a conflict: somebody else's lease now, or ours with an answer that was lost?
    async fn look(&mut self) -> Result<(), LeaseError> {
        match self.api.get(NAME).await {
            Ok(lease) if state::holder(&lease) == Some(self.identity.as_str()) => {
                self.lease = lease;
                Ok(())
            }
            Ok(_) => Err(LeaseError::Taken),
            Err(kube::Error::Api(status)) if status.is_not_found() => Err(LeaseError::Taken),
            Err(source) if self.renewed.elapsed() >= RENEW_DEADLINE => Err(LeaseError::NotRenewed { source }),
            Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
