//! Where AWS has FIPS endpoints.
//!
//! The SDK's rules give every service in every region a name with `-fips` in it, whether or
//! not there is such a host: asking it ends in an error of name resolution. So the regions
//! that botocore lists are part of this program (`tests/endpoints.py` writes them), and a
//! run that needs another endpoint is refused before it calls anything.

use identifiers::Region;

/// A service, a region, the host there, and the FIPS host or `-`.
const ENDPOINTS: &str = include_str!("endpoints.txt");

/// Whether `service`, the prefix of its IAM actions, has a FIPS endpoint in `region`, as far
/// as this release knows.
pub(crate) fn has_endpoint(service: &str, region: &Region) -> bool {
    endpoints().any(|one| one.fips_host.is_some() && (one.service, one.region) == (service, region.as_str()))
}

/// A line of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    /// The prefix of the service's IAM actions.
    pub(crate) service: &'static str,
    /// The region's code.
    pub(crate) region: &'static str,
    /// Where requests go.
    #[cfg_attr(not(test), expect(dead_code, reason = "the SDK knows it; tests hold both together"))]
    pub(crate) host: &'static str,
    /// Where they go with FIPS.
    pub(crate) fips_host: Option<&'static str>,
}

/// Everything that is listed.
pub(crate) fn endpoints() -> impl Iterator<Item = Endpoint> {
    ENDPOINTS.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (service, region, host, fips) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some(Endpoint { service, region, host, fips_host: Some(fips).filter(|host| *host != "-") })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use identifiers::{Partition, Source};
    use rstest::rstest;

    use super::*;
    use crate::{
        aws::operation::Operation,
        collector::{global_region, operations},
    };

    #[test]
    fn every_service_that_is_called_is_listed() {
        let listed: BTreeSet<&str> = endpoints().map(|one| one.service).collect();
        let called = Source::ALL.into_iter().flat_map(operations).chain(&[Operation::GetCallerIdentity]);
        assert_eq!(listed, called.map(|operation| operation.service()).collect());
        assert_eq!(endpoints().count(), ENDPOINTS.lines().count(), "every line is read");
    }

    #[rstest]
    #[case(Partition::Aws)]
    #[case(Partition::AwsCn)]
    #[case(Partition::AwsUsGov)]
    fn global_sources_are_asked_where_they_are(#[case] partition: Partition) {
        let region = |text: &str| text.parse::<Region>().unwrap();
        let of = |service: &str| {
            let all = endpoints().filter(|one| one.service == service).map(|one| region(one.region));
            all.filter(|one| one.partition() == partition).collect::<BTreeSet<Region>>()
        };
        let home = global_region(partition);
        assert_eq!(of("ce"), home.iter().cloned().collect(), "Cost Explorer is in one region, or in none");
        assert_eq!(of("pricing").is_empty(), home.is_none());
        assert!(home.is_none_or(|home| of("pricing").contains(&home)), "the Price List is there too");
    }
}
