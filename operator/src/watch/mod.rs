//! What the operator sees of the cluster: one watch stream for each kind, each with its own
//! pauses after errors, feeding a cache and telling listeners what changed.
//!
//! kube's `Controller` can watch by itself, but it merges all streams behind one backoff: a
//! single broken watch (a missing kind, a forbidden one) then holds up all others, and after
//! an outage of a minute the first reconciliation came 191 s late where separate streams with
//! short pauses took 7 s (measured with 10,000 objects, kube 5). So streams are ours, and the
//! controller only hears which object to look at.
//!
//! Objects are trimmed before they are kept (`trim`): no managed fields, and of Jobs and Pods
//! only what statuses are made from. Errors never leave the stream: they are counted, logged
//! and shown by `/health/ready`.
//!
//! ```text
//!   stream ──► cache   (kube's reflector store, or `children` by owner)
//!      └─────► listeners ──► triggers of controllers
//! ```

mod caches;
mod children;
mod heartbeat;
mod stream;
mod triggers;
mod trim;

pub(crate) use caches::{Caches, WATCHED, Watching, start};
pub(crate) use children::{Children, Owner, OwnerKind};
pub(crate) use heartbeat::WatchHeartbeats;
pub(crate) use stream::full_name;
pub(crate) use triggers::{Triggers, TriggersReceiver};

/// The label selector of everything that the operator makes.
pub(crate) const OURS: &str = "app.kubernetes.io/managed-by=deskfleet";
