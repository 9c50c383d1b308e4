//! Whether the FIPS endpoints that an account asks for exist. It is judged before anything is
//! called, because a host that does not exist looks like a network that is broken.

use std::{collections::BTreeSet, fmt};

use contract::AccountPlan;
use identifiers::{ObjectRef, Region, Source};

use crate::{
    aws::{fips::has_endpoint, operation::Operation},
    collector::{self, access_events::Queue},
};

/// Endpoints that are told one by one; the others are counted.
const TOLD: usize = 8;

/// AWS has no FIPS endpoints for some of what a plan asks for.
#[derive(Debug, thiserror::Error)]
#[error(
    "spec.useFips of the WorkspaceAccount {object} asks for FIPS endpoints, and this release knows none of {missing}: leave these sources or regions out of the SyncSchedule, or set spec.useFips to false"
)]
pub(crate) struct NoFips {
    object: ObjectRef,
    missing: Missing,
}

/// Endpoints that do not exist.
#[derive(Debug, Default, PartialEq, Eq)]
struct Missing(BTreeSet<Needed>);

/// An endpoint and what it is needed for; without a source it is needed for all of them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Needed {
    service: &'static str,
    region: Region,
    source: Option<Source>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Needed { service, region, source }) in self.0.iter().take(TOLD).enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            match source {
                Some(source) => write!(f, "{comma}{service} in {region} (source {source})")?,
                None => write!(f, "{comma}{service} in {region} (every source)")?,
            }
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            others => write!(f, " and {others} others"),
        }
    }
}

/// Refuses `sources` in `regions` where AWS has no FIPS endpoints for them and the account
/// asks for such.
pub(super) fn require(
    account: &AccountPlan,
    regions: &BTreeSet<Region>,
    sources: &BTreeSet<Source>,
) -> Result<(), NoFips> {
    let identity = regions.first().map(|region| (Operation::GetCallerIdentity, region.clone(), None));
    let needed = sources.iter().flat_map(|source| needs(*source, account, regions));
    let missing = identity.into_iter().chain(needed).filter_map(|(operation, region, source)| {
        let needed = Needed { service: operation.service(), region, source };
        lacks(operation, &needed.region, account).then_some(needed)
    });
    let missing = Missing(missing.collect());
    if missing.0.is_empty() { Ok(()) } else { Err(NoFips { object: account.object.clone(), missing }) }
}

/// Whether every call of `source` has the endpoint that the account asks for.
pub(crate) fn has_endpoints(source: Source, account: &AccountPlan, regions: &BTreeSet<Region>) -> bool {
    needs(source, account, regions).iter().all(|(operation, region, _)| !lacks(*operation, region, account))
}

/// What `source` calls where.
fn needs(
    source: Source,
    account: &AccountPlan,
    regions: &BTreeSet<Region>,
) -> Vec<(Operation, Region, Option<Source>)> {
    let queue = || Queue::of(account.access_events.as_ref().map(|events| &events.queue_url), regions);
    let places = match (source, collector::home(source, account)) {
        // A queue that cannot be read is told where it is read.
        (Source::AccessEvents, _) => queue().map(|queue| queue.region).into_iter().collect(),
        (_, Some(home)) => BTreeSet::from([home]),
        (_, None) => regions.clone(),
    };
    let operations = collector::operations(source).iter();
    operations.flat_map(|operation| places.iter().map(|place| (*operation, place.clone(), Some(source)))).collect()
}

/// Whether `operation` would be called at a FIPS endpoint of AWS that does not exist.
fn lacks(operation: Operation, region: &Region, account: &AccountPlan) -> bool {
    let goes_elsewhere = account.endpoint_url.is_some();
    let is_of_aws = match operation.service() {
        "sts" => !(goes_elsewhere && account.endpoint_serves_sts),
        "s3" => !goes_elsewhere && account.cost_export.as_ref().is_none_or(|export| export.endpoint_url.is_none()),
        _ => !goes_elsewhere,
    };
    account.use_fips && is_of_aws && !has_endpoint(operation.service(), region)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn account(changes: &Value) -> AccountPlan {
        let mut account = json!({
            "object": {"namespace": "deskfleet", "name": "prod"},
            "accountId": "111111111111", "regions": ["us-east-1"],
            "credentials": {"direct": "secret"}, "useFips": true, "endpointServesSts": false,
        });
        for (member, value) in changes.as_object().unwrap() {
            account[member] = value.clone();
        }
        serde_json::from_value(account).unwrap()
    }

    fn judged(changes: &Value, regions: &[&str], sources: &[Source]) -> Option<String> {
        let regions = regions.iter().map(|region| region.parse().unwrap()).collect();
        require(&account(changes), &regions, &sources.iter().copied().collect()).err().map(|error| error.to_string())
    }

    #[rstest]
    #[case(&["us-east-1", "us-west-2"], &[Source::Inventory, Source::Directories, Source::Metrics, Source::AuditTrail])]
    #[case(&["us-gov-west-1", "us-gov-east-1"], &[Source::Inventory, Source::Leavers, Source::Quotas])]
    fn what_has_fips_endpoints_may_be_read(#[case] regions: &[&str], #[case] sources: &[Source]) {
        assert_eq!(judged(&json!({}), regions, sources), None);
    }

    #[test]
    fn what_lacks_an_endpoint_is_named_with_what_needs_it_and_the_remedy() {
        let told = judged(&json!({}), &["us-east-1"], &[Source::Inventory, Source::Cost, Source::Tags]).unwrap();
        insta::assert_snapshot!(told, @"spec.useFips of the WorkspaceAccount deskfleet/prod asks for FIPS endpoints, and this release knows none of ce in us-east-1 (source cost), tag in us-east-1 (source tags): leave these sources or regions out of the SyncSchedule, or set spec.useFips to false");
        let told = judged(&json!({}), &["eu-central-1"], &[Source::Inventory]).unwrap();
        assert!(told.contains("sts in eu-central-1 (every source)"), "{told}");
        let china = judged(&json!({}), &["cn-northwest-1"], &Source::ALL).unwrap();
        assert!(china.contains(" and ") && china.contains(" others"), "{china}");
    }

    #[test]
    fn the_region_of_a_queue_or_a_bucket_counts_and_not_those_of_the_run() {
        let export = json!({"costExport": {"bucket": "bills", "prefix": "cur", "region": "eu-west-1"}});
        let told = judged(&export, &["us-east-1"], &[Source::CostExport]).unwrap();
        assert!(told.contains("s3 in eu-west-1"), "{told}");
        let queue = json!({"accessEvents": {"queueUrl": "https://sqs.us-east-1.amazonaws.com/111111111111/q"}});
        assert_eq!(judged(&queue, &["us-east-1", "us-west-2"], &[Source::AccessEvents]), None);
    }

    #[test]
    fn where_requests_do_not_go_to_aws_nothing_is_judged() {
        let elsewhere = json!({"endpointUrl": "https://aws.example.com/", "endpointServesSts": true});
        assert_eq!(judged(&elsewhere, &["cn-north-1"], &Source::ALL), None);
        assert_eq!(judged(&json!({"useFips": false}), &["cn-north-1"], &Source::ALL), None);
        let but_sts = json!({"endpointUrl": "https://aws.example.com/"});
        assert!(judged(&but_sts, &["cn-north-1"], &[Source::Inventory]).unwrap().contains("none of sts in cn-north-1"));
    }
}
