//! The operator's own binary against a real API server and its controllers, with exactly the
//! rights that `deskfleet-operator rbac` prints.
//!
//! `DESKFLEET_TEST_KUBECONFIG` names the cluster (`sandbox/cluster/cluster up --nodeless` makes
//! one); without it every test here says loudly that it was skipped. There is no kubelet on a
//! nodeless cluster, so tests write what one would write: the end of a pod. Everything else is
//! real: admission, server-side apply, the Job and CronJob controllers, garbage collection.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod accounts;
mod allowed;
mod deletion;
mod drift;
mod harness;
mod kubelet;
mod neighbours;
mod replicas;
mod restart;
mod runs;
