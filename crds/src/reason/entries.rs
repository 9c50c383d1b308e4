//! What each reason means and what to do about it: the text of `docs/reference/conditions.md`.
//!
//! A table and nothing else; `reason` reads it.

use super::Reason;

/// One reason as the reference page shows it.
pub(super) struct Entry {
    pub(super) reason: Reason,
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) remedy: &'static str,
}

/// Shortens the table below to one line an entry.
const fn entry(reason: Reason, name: &'static str, meaning: &'static str, remedy: &'static str) -> Entry {
    Entry { reason, name, meaning, remedy }
}

/// In the order of the variants, so that a reason finds its entry by its place.
pub(super) const ENTRIES: [Entry; 46] = [
    entry(Reason::Applied, "Applied", "The children are as the spec asks.", "Nothing to do."),
    entry(
        Reason::Proven,
        "Proven",
        "A probe proved the credentials, the account id and that AWS answers.",
        "Nothing to do.",
    ),
    entry(
        Reason::Suspended,
        "Suspended",
        "Work is stopped by `spec.suspend`.",
        "Set `spec.suspend` to false to go on.",
    ),
    entry(
        Reason::ReconcileDisabled,
        "ReconcileDisabled",
        "The annotation `deskfleet.dev/reconcile: disabled` keeps the operator away from the object and its children.",
        "Remove the annotation to go on.",
    ),
    entry(Reason::Probing, "Probing", "A probe Job is at work or about to start.", "Wait; it takes seconds."),
    entry(
        Reason::ProbeRetrying,
        "ProbeRetrying",
        "A probe could not finish for a reason that passes, such as a dependency that is down.",
        "Wait for the next probe, or look at the message.",
    ),
    entry(Reason::Applying, "Applying", "Children are being written.", "Wait; it takes seconds."),
    entry(
        Reason::AccountNotFound,
        "AccountNotFound",
        "The WorkspaceAccount that `spec.accountRef` names is not in this namespace. An existing CronJob is suspended meanwhile.",
        "Create the WorkspaceAccount, or make a SyncSchedule that names the right one.",
    ),
    entry(
        Reason::AccountNotUsable,
        "AccountNotUsable",
        "The WorkspaceAccount that `spec.accountRef` names is itself stalled. An existing CronJob is suspended meanwhile.",
        "Look at the conditions of the WorkspaceAccount.",
    ),
    entry(
        Reason::InvalidSpec,
        "InvalidSpec",
        "A field holds a value that cannot be right.",
        "Correct the field that the message names.",
    ),
    entry(
        Reason::InvalidSchedule,
        "InvalidSchedule",
        "`spec.schedule` cannot be read as a cron expression or never fires. A CronJob applied earlier goes on.",
        "Correct `spec.schedule`.",
    ),
    entry(
        Reason::InvalidTimeZone,
        "InvalidTimeZone",
        "`spec.timeZone` is not in the IANA time zone database. A CronJob applied earlier goes on.",
        "Correct `spec.timeZone`.",
    ),
    entry(
        Reason::RegionNotInAccount,
        "RegionNotInAccount",
        "`spec.regions` names a region that the account does not have.",
        "Add it to the account's `spec.regions` or remove it from the schedule.",
    ),
    entry(
        Reason::EndpointNotAllowed,
        "EndpointNotAllowed",
        "The host of `spec.endpointUrl` is not one the operator was started with.",
        "Remove `spec.endpointUrl`, or have the host added to the operator's `--allowed-endpoints`.",
    ),
    entry(
        Reason::ServiceAccountNotAllowed,
        "ServiceAccountNotAllowed",
        "The ServiceAccount that `spec.credentials` names is not one that accounts may use, or it is the installation's own.",
        "Name another one, or have it added to the operator's `--allowed-service-accounts`.",
    ),
    entry(
        Reason::PriorityClassNotAllowed,
        "PriorityClassNotAllowed",
        "`spec.scheduling.priorityClassName` is not one that pods may have. An existing CronJob is suspended meanwhile.",
        "Remove the field, or have the class added to the operator's `--allowed-priority-classes`.",
    ),
    entry(
        Reason::RuntimeClassNotAllowed,
        "RuntimeClassNotAllowed",
        "`spec.scheduling.runtimeClassName` is not one that pods may have. An existing CronJob is suspended meanwhile.",
        "Remove the field, or have the class added to the operator's `--allowed-runtime-classes`.",
    ),
    entry(
        Reason::PodLabelNotAllowed,
        "PodLabelNotAllowed",
        "`spec.podLabels` has a key with a prefix that pods may not have. An existing CronJob is suspended meanwhile.",
        "Remove the label, or have its key added to the operator's `--allowed-pod-labels`.",
    ),
    entry(
        Reason::PodAnnotationNotAllowed,
        "PodAnnotationNotAllowed",
        "`spec.podAnnotations` has a key that pods may not have. An existing CronJob is suspended meanwhile.",
        "Remove the annotation, or have its key added to the operator's `--allowed-pod-annotations`.",
    ),
    entry(
        Reason::AccountIdTaken,
        "AccountIdTaken",
        "Another WorkspaceAccount holds the same `spec.accountId`: the one that has been proven longest, or the oldest while none is. Its rows are left alone; this object is only probed.",
        "Delete one of the two. While the other is not proven, prove this one: look at `CredentialsResolved`.",
    ),
    entry(
        Reason::AccountIdUnique,
        "AccountIdUnique",
        "No other WorkspaceAccount holds this `spec.accountId`.",
        "Nothing to do.",
    ),
    entry(
        Reason::AccountBeingDeleted,
        "AccountBeingDeleted",
        "The WorkspaceAccount that `spec.accountRef` names is being deleted. An existing CronJob is suspended.",
        "Delete this SyncSchedule, or create the account again once it is gone.",
    ),
    entry(
        Reason::WaitingForJobs,
        "WaitingForJobs",
        "The account is being deleted with its rows, and something may still write some: a run, a probe, or a CronJob that is not suspended.",
        "Wait, or delete what the message names.",
    ),
    entry(
        Reason::Purging,
        "Purging",
        "The account is being deleted, and its rows are being removed from Postgres.",
        "Wait.",
    ),
    entry(
        Reason::PurgeFailing,
        "PurgeFailing",
        "The account's rows could not be removed. It is tried again; after ten minutes the object goes and the rows stay.",
        "Do what the message says, or set `spec.deletionPolicy` to `Retain` to keep the rows.",
    ),
    entry(
        Reason::NameConflict,
        "NameConflict",
        "An object that belongs to somebody else has the name of a child. It is left as it is.",
        "Delete or rename that object, or give this one another name.",
    ),
    entry(
        Reason::ChildRefused,
        "ChildRefused",
        "The API server refused a child: a quota, a policy, or a value that only it can check.",
        "Do what the message says, in the spec or in the cluster.",
    ),
    entry(
        Reason::SecretMissing,
        "SecretMissing",
        "A Secret that a pod needs, or a key in it, is not there.",
        "Create the Secret with the key that the message names; the next probe finds it.",
    ),
    entry(
        Reason::SecretInvalid,
        "SecretInvalid",
        "A Secret that a pod needs holds a value that cannot be used.",
        "Correct the key that the message names; the next probe finds it.",
    ),
    entry(
        Reason::NoIdentity,
        "NoIdentity",
        "The pod was given no cloud identity: neither EKS Pod Identity nor a web identity (IRSA).",
        "Associate the ServiceAccount with an IAM role, or use `spec.credentials.secretRef`.",
    ),
    entry(
        Reason::CredentialsInvalid,
        "CredentialsInvalid",
        "AWS does not accept the credentials: wrong, deactivated or expired.",
        "Put valid credentials into the Secret, or correct the ServiceAccount's identity.",
    ),
    entry(
        Reason::WrongAccount,
        "WrongAccount",
        "The credentials belong to another account than `spec.accountId`.",
        "Use credentials of the account, or make an object for the other account.",
    ),
    entry(
        Reason::AssumeRoleDenied,
        "AssumeRoleDenied",
        "The role could not be assumed: its trust policy, the external id or a session tag does not fit.",
        "Correct the role's trust policy or the external id.",
    ),
    entry(
        Reason::Unreachable,
        "Unreachable",
        "AWS did not answer: no route, a proxy, a firewall, or an outage.",
        "Check egress and proxy settings; probes go on by themselves.",
    ),
    entry(
        Reason::PermissionDenied,
        "PermissionDenied",
        "AWS does not allow a call that the probe cannot do without.",
        "Attach the policy that `deskfleet-sync policies` prints.",
    ),
    entry(
        Reason::Throttled,
        "Throttled",
        "AWS asked for fewer calls than the probe needs.",
        "Wait for the next probe, or find out who else calls AWS.",
    ),
    entry(Reason::ServiceFault, "ServiceFault", "AWS answered with an error of its own.", "Wait for the next probe."),
    entry(Reason::PermissionsGranted, "PermissionsGranted", "Every permission group is granted.", "Nothing to do."),
    entry(
        Reason::PermissionsMissing,
        "PermissionsMissing",
        "Some IAM actions are denied; the message names them.",
        "Attach the policy that `deskfleet-sync policies` prints.",
    ),
    entry(
        Reason::PermissionsUnknown,
        "PermissionsUnknown",
        "For some permissions no call could tell, because AWS answered otherwise.",
        "Wait for the next probe, or look at the log of the probe's pod.",
    ),
    entry(
        Reason::NotYetKnown,
        "NotYetKnown",
        "No probe has got that far yet.",
        "Wait for the first probe; where one has failed, look at the other conditions.",
    ),
    entry(
        Reason::ProbeFailed,
        "ProbeFailed",
        "The probe ended without an answer that the operator understands.",
        "Look at the message and at the log of the probe's pod.",
    ),
    entry(Reason::RunComplete, "RunComplete", "The last run read everything it was asked for.", "Nothing to do."),
    entry(
        Reason::RunPartial,
        "RunPartial",
        "The last run read a part; what it could not read keeps its earlier data.",
        "Look at `status.lastRun.message` and at the run in the console.",
    ),
    entry(
        Reason::RunFailed,
        "RunFailed",
        "The last run read nothing of use; earlier data stay.",
        "Look at `status.lastRun.message` and at the log of its pod.",
    ),
    entry(Reason::NoRunYet, "NoRunYet", "No run has ended yet.", "Wait for the first run, or ask for one."),
];
