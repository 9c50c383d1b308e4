//! The reference page of conditions and reasons.

use crate::reason;

/// The text of `docs/reference/conditions.md`.
pub fn conditions_page() -> String {
    format!("{INTRODUCTION}\n{}", reason::reference_table())
}

const INTRODUCTION: &str = "<!-- Generated from the crate `crds` by `make generate`. Do not edit. -->

# Conditions and reasons

Every object carries `status.observedGeneration` and `status.conditions`.
They follow kstatus, so `kubectl wait` and Flux read them without help; Argo CD needs [a script](../../config/gitops/kustomization.yaml).

| condition | kinds | meaning |
|---|---|---|
| `Ready` | all | The object does what its spec asks for. Always present. |
| `Reconciling` | all | The operator is on its way there. Present only while true. |
| `Stalled` | all | It cannot get there with what it was given; the message names the field and the remedy. Present only while true. |
| `Paused` | all | The annotation `deskfleet.dev/reconcile: disabled` keeps the operator away. Present only while true. |
| `CredentialsResolved` | WorkspaceAccount | The credentials are there and belong to the account. |
| `Reachable` | WorkspaceAccount | AWS answered. |
| `PermissionsComplete` | WorkspaceAccount | Every permission group is granted; otherwise the message names what is missing. |
| `AccountConflict` | WorkspaceAccount | Another object holds the same account id. |
| `Purged` | WorkspaceAccount | Its rows are removed from Postgres. Present only while an object with `deletionPolicy: Delete` is being deleted: unknown while something still works for the account, false while rows are removed. |
| `LastRunSucceeded` | SyncSchedule | The last run that did something was complete. |

`Ready` of a WorkspaceAccount means `CredentialsResolved` and `Reachable`.
`Ready` of a SyncSchedule means that its CronJob is applied; how its runs end is `LastRunSucceeded`.

## Reasons
";
