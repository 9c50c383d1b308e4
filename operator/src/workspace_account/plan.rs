//! The parts of an account's plan that need more than parsing one field.

use std::collections::BTreeMap;

use contract::{
    AccessEvents as AccessEventsPlan, Budget as BudgetPlan, CostExport as CostExportPlan,
    Credentials as CredentialsPlan, Pace, Retention as RetentionPlan, Sign,
};
use crds::{AccessEvents, Ambient, Budget, CostExport, Credentials, PaceOverride, Retention, SecretRef};
use identifiers::{InvalidName, SecretName};
use url::Url;

use super::InvalidAccount;
use crate::{
    config::{AllowedEndpoints, AllowedPods},
    pods::{self, Identity},
};

/// Credentials that say nothing or too much, or name a Secret that may not be named.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidSigning {
    /// Not exactly one way.
    #[error("exactly one of ambient, secretRef and assumeRole is needed: keep one")]
    NotOneWay,
    /// A Secret's name.
    #[error("{source}")]
    Secret {
        /// Why.
        #[from]
        source: InvalidName,
    },
}

const AMBIENT: &str = "spec.credentials.ambient.serviceAccountName";
const ROLE_AMBIENT: &str = "spec.credentials.assumeRole.from.ambient.serviceAccountName";

/// How pods sign, and what they are given for it.
pub(super) fn signing(
    credentials: &Credentials,
    allowed: &AllowedPods,
) -> Result<(CredentialsPlan, Identity), InvalidAccount> {
    match (&credentials.ambient, &credentials.secret_ref, &credentials.assume_role) {
        (ambient, secret, None) => {
            let (sign, identity) = direct(ambient.as_ref(), secret.as_ref(), AMBIENT, allowed)?;
            Ok((CredentialsPlan::Direct(sign), identity))
        }
        (None, None, Some(role)) => {
            let (ambient, secret) = (role.from.ambient.as_ref(), role.from.secret_ref.as_ref());
            let (from, mut identity) = direct(ambient, secret, ROLE_AMBIENT, allowed)?;
            identity.external_id = role.external_id_secret_ref.as_ref().map(secret_name).transpose()?;
            let plan = CredentialsPlan::AssumeRole {
                role_arn: role.role_arn.clone(),
                external_id: identity.external_id.is_some(),
                session_tags: role.session_tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect(),
                from,
            };
            Ok((plan, identity))
        }
        _ => Err(InvalidSigning::NotOneWay.into()),
    }
}

fn direct(
    ambient: Option<&Ambient>,
    secret: Option<&SecretRef>,
    ambient_field: &'static str,
    allowed: &AllowedPods,
) -> Result<(Sign, Identity), InvalidAccount> {
    match (ambient, secret) {
        (Some(ambient), None) => {
            let service_account = pods::service_account(&ambient.service_account_name, ambient_field, allowed)?;
            Ok((Sign::Ambient, Identity { service_account: Some(service_account), ..Identity::default() }))
        }
        (None, Some(secret)) => {
            Ok((Sign::Secret, Identity { aws_keys: Some(secret_name(secret)?), ..Identity::default() }))
        }
        _ => Err(InvalidSigning::NotOneWay.into()),
    }
}

fn secret_name(secret: &SecretRef) -> Result<SecretName, InvalidSigning> {
    Ok(secret.name.parse()?)
}

/// The endpoint that `field` names, if it is one that accounts may name.
pub(super) fn endpoint(
    field: &'static str,
    text: Option<&str>,
    allowed: &AllowedEndpoints,
) -> Result<Option<Url>, InvalidAccount> {
    let Some(text) = text else { return Ok(None) };
    let url: Url = text.parse().map_err(|_| InvalidAccount::EndpointUrl { field, text: text.to_owned() })?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidAccount::EndpointUrl { field, text: text.to_owned() });
    }
    if allowed.allows(&url) {
        return Ok(Some(url));
    }
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    Err(InvalidAccount::EndpointNotAllowed { field, host })
}

/// Where the account's cost export lies.
pub(super) fn cost_export(
    export: Option<&CostExport>,
    allowed: &AllowedEndpoints,
) -> Result<Option<CostExportPlan>, InvalidAccount> {
    let Some(export) = export else { return Ok(None) };
    Ok(Some(CostExportPlan {
        bucket: export.bucket.clone(),
        prefix: export.prefix.clone(),
        export_name: export.export_name.clone(),
        region: export.region.parse().map_err(|source| InvalidAccount::CostExportRegion { source })?,
        endpoint_url: endpoint("spec.costExport.endpointUrl", export.endpoint_url.as_deref(), allowed)?,
    }))
}

/// Rates by operation, in calls a second.
pub(super) fn pace(overrides: &[PaceOverride]) -> BTreeMap<String, Pace> {
    overrides
        .iter()
        .map(|pace| {
            let burst = u32::try_from(pace.burst).unwrap_or(1).max(1);
            (pace.operation.clone(), Pace { rate: f64::from(pace.requests_per_minute.max(1)) / 60.0, burst })
        })
        .collect()
}

/// The queue of access events.
pub(super) fn access_events(events: Option<&AccessEvents>) -> Result<Option<AccessEventsPlan>, InvalidAccount> {
    let Some(AccessEvents { queue_url }) = events else { return Ok(None) };
    let queue_url = queue_url.parse().map_err(|_| InvalidAccount::QueueUrl { text: queue_url.clone() })?;
    Ok(Some(AccessEventsPlan { queue_url }))
}

/// Limits on paid calls.
pub(super) fn budget(budget: &Budget) -> Result<BudgetPlan, InvalidAccount> {
    let amount = |text: &String| text.parse().map_err(|_| InvalidAccount::Budget { text: text.clone() });
    Ok(BudgetPlan {
        cost_explorer_requests_per_day: budget
            .cost_explorer_requests_per_day
            .map(|requests| u32::try_from(requests).unwrap_or_default()),
        cloud_watch_usd_per_month: budget.cloud_watch_usd_per_month.as_ref().map(amount).transpose()?,
    })
}

/// Days that rows are kept.
pub(super) fn retention(retention: &Retention) -> RetentionPlan {
    // The schema allows no number below 7.
    let days = |days: Option<i32>| days.and_then(|days| u32::try_from(days).ok());
    RetentionPlan {
        history_days: days(retention.history_days),
        usage_days: days(retention.usage_days),
        cost_days: days(retention.cost_days),
        audit_days: days(retention.audit_days),
        run_days: days(retention.run_days),
    }
}
