//! Annotations and labels that people and the operator put on objects.

/// Annotation on our objects: the value `disabled` makes the operator leave the object and
/// its children alone until it is removed.
pub const RECONCILE: &str = "deskfleet.dev/reconcile";
/// The value of [`RECONCILE`] that pauses.
pub const RECONCILE_DISABLED: &str = "disabled";
/// Annotation on our objects: any new value acts once, now, and is echoed to
/// `status.lastHandledRunAt`.
pub const RUN_REQUESTED_AT: &str = "deskfleet.dev/run-requested-at";
/// Annotation on a `SyncSchedule`: a run that is asked for reads these desktops only (ids with
/// commas or spaces between them), by the sources that read desktop by desktop.
pub const RUN_DESKTOPS: &str = "deskfleet.dev/run-desktops";
/// Annotation on children: the digest of what was applied last, so that nothing is written
/// when nothing changed.
pub const APPLIED_HASH: &str = "deskfleet.dev/applied-hash";

/// Finalizer on accounts with `deletionPolicy: Delete`: their rows in Postgres go before them.
pub const PURGE_FINALIZER: &str = "deskfleet.dev/purge";

/// Label on children and their pods: the kind of the object that they belong to.
pub const OWNER_KIND: &str = "deskfleet.dev/kind";
/// Label on children and their pods: the name of the object that they belong to.
pub const OWNER_NAME: &str = "deskfleet.dev/name";
/// Label on children and their pods: the AWS account that they work for, so that whatever
/// still works for it is found, whoever it belonged to.
pub const ACCOUNT_ID: &str = "deskfleet.dev/account-id";
/// Label on children and their pods: who manages them.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The value of [`MANAGED_BY`].
pub const MANAGER: &str = "deskfleet";
