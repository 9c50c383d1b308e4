//! Quotas of `WorkSpaces`: what was granted by `servicequotas:ListServiceQuotas`, which leaves
//! out quotas that nobody ever changed, and AWS's defaults by `ListAWSDefaultServiceQuotas`.

use std::collections::BTreeMap;

use aws_sdk_servicequotas::types::ServiceQuota;
use fleet::Quota;
use store::quotas;

use super::{
    paging::Paging,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::operation::Operation;

/// AWS's largest page.
const PAGE: i32 = 100;
/// What Service Quotas calls `WorkSpaces`.
pub(crate) const SERVICE: &str = "workspaces";

/// Reads and writes the quotas of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let granted = applied(work).await?;
    let defaults = defaults(work).await?;
    let (found, rejected) = join(granted, defaults);
    let spent = work.ledger.take(rejected);
    quotas::write(work.pool, work.step, &found, &spent, unidentified("quota", rejected)).await?;
    Ok(())
}

async fn applied(work: &Work<'_>) -> Result<Vec<ServiceQuota>, StepFailure> {
    let operation = Operation::ListServiceQuotas;
    let (mut found, mut token, mut paging) = (Vec::new(), None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.quotas.list_service_quotas().service_code(SERVICE).max_results(PAGE);
                request.set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await?;
        let page = answer.quotas.unwrap_or_default();
        token = paging.next(answer.next_token, page.len())?;
        found.extend(page);
        if token.is_none() {
            return Ok(found);
        }
    }
}

async fn defaults(work: &Work<'_>) -> Result<Vec<ServiceQuota>, StepFailure> {
    let operation = Operation::ListAwsDefaultServiceQuotas;
    let (mut found, mut token, mut paging) = (Vec::new(), None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.quotas.list_aws_default_service_quotas();
                let request = request.service_code(SERVICE).max_results(PAGE).set_next_token(token.clone());
                request.customize().interceptor(size).send()
            })
            .await?;
        let page = answer.quotas.unwrap_or_default();
        token = paging.next(answer.next_token, page.len())?;
        found.extend(page);
        if token.is_none() {
            return Ok(found);
        }
    }
}

/// One quota for each code of either listing, and how many rows had no code.
fn join(granted: Vec<ServiceQuota>, defaults: Vec<ServiceQuota>) -> (Vec<Quota>, u64) {
    let (mut found, mut rejected) = (BTreeMap::<String, Quota>::new(), 0);
    for (row, is_granted) in
        granted.into_iter().map(|row| (row, true)).chain(defaults.into_iter().map(|row| (row, false)))
    {
        let Some(code) = row.quota_code.filter(|code| !code.is_empty()) else {
            rejected += 1;
            continue;
        };
        let quota = found.entry(code.clone()).or_insert_with(|| Quota {
            service: SERVICE.to_owned(),
            code,
            name: row.quota_name.filter(|name| !name.is_empty()),
            applied: None,
            default: None,
            is_adjustable: row.adjustable,
            is_global: row.global_quota,
        });
        let value = row.value.filter(|value| value.is_finite() && *value >= 0.0);
        if is_granted {
            quota.applied = value;
        } else {
            quota.default = value;
        }
    }
    (found.into_values().collect(), rejected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, value: f64) -> ServiceQuota {
        ServiceQuota::builder().quota_code(code).value(value).adjustable(true).build()
    }

    #[test]
    fn a_quota_that_was_never_changed_has_its_default_only() {
        let (found, rejected) = join(vec![row("L-1", 250.0)], vec![row("L-1", 1.0), row("L-2", 40.0)]);
        let values: Vec<_> = found.iter().map(|quota| (quota.code.as_str(), quota.applied, quota.default)).collect();
        assert_eq!(values, [("L-1", Some(250.0), Some(1.0)), ("L-2", None, Some(40.0))]);
        assert_eq!(rejected, 0);
    }

    #[test]
    fn what_is_no_number_is_unknown_and_what_has_no_code_is_counted() {
        let (found, rejected) = join(vec![row("L-1", f64::NAN), row("", 3.0)], vec![row("L-1", -1.0)]);
        assert_eq!((found.len(), found[0].applied, found[0].default, rejected), (1, None, None, 1));
    }
}
