//! The queue of an account: its URL, and the region that stands in it.

use std::collections::BTreeSet;

use identifiers::Region;
use url::Url;

use crate::aws::error::CallError;

/// A queue that the run can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) url: Url,
    pub(crate) region: Region,
}

/// Why a queue cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueueError {
    /// There is none.
    #[error(
        "spec.accessEvents.queueUrl of the WorkspaceAccount is not set: \
         set it to the queue's URL, or take AccessEvents out of spec.sources of the SyncSchedule"
    )]
    NotSet,
    /// The URL names no region.
    #[error(
        "spec.accessEvents.queueUrl of the WorkspaceAccount ({url}) names no AWS region in its host: \
         write one such as https://sqs.us-east-1.amazonaws.com/123456789012/workspaces-access"
    )]
    NoRegion {
        /// What was given.
        url: Url,
    },
    /// The queue is in a region that is not read.
    #[error(
        "spec.accessEvents.queueUrl of the WorkspaceAccount lies in {region}, which is none of the regions of this run \
         ({regions}): {remedy}"
    )]
    OtherRegion {
        /// The queue's.
        region: Region,
        /// The run's.
        regions: String,
        /// What to do.
        remedy: &'static str,
    },
    /// AWS knows no such queue.
    #[error("spec.accessEvents.queueUrl of the WorkspaceAccount ({url}) names a queue that does not exist: correct it")]
    NotThere {
        /// What was given.
        url: Url,
    },
}

impl Queue {
    /// The queue with `url`, for a run that reads `regions`.
    pub(crate) fn of(url: Option<&Url>, regions: &BTreeSet<Region>) -> Result<Self, QueueError> {
        let url = url.ok_or(QueueError::NotSet)?.clone();
        let host = url.host_str().unwrap_or_default();
        // sqs.<region>.amazonaws.com, sqs-fips.<region>..., <region>.queue..., and endpoints
        // of a private network all have the region as one word.
        let Some(region) = host.split('.').find_map(|word| word.parse::<Region>().ok()) else {
            return Err(QueueError::NoRegion { url });
        };
        if regions.contains(&region) {
            return Ok(Self { url, region });
        }
        let is_elsewhere = regions.iter().all(|one| one.partition() != region.partition());
        let remedy = if is_elsewhere {
            "that is another partition of AWS; make a queue in one of these regions"
        } else {
            "add it to spec.regions of the account and of the schedule, or make a queue in one of these regions"
        };
        let regions = regions.iter().map(Region::to_string).collect::<Vec<_>>().join(", ");
        Err(QueueError::OtherRegion { region, regions, remedy })
    }
}

/// SQS has an old and a new name for "there is no such queue".
pub(super) fn is_missing(error: &CallError) -> bool {
    matches!(error.code(), Some("QueueDoesNotExist" | "AWS.SimpleQueueService.NonExistentQueue"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn of(url: &str) -> Result<Queue, QueueError> {
        let regions = ["us-east-1", "eu-central-1"].map(|region| region.parse().unwrap()).into();
        Queue::of(Some(&url.parse().unwrap()), &regions)
    }

    #[rstest]
    #[case("https://sqs.us-east-1.amazonaws.com/123456789012/workspaces-access", "us-east-1")]
    #[case("https://sqs-fips.us-east-1.amazonaws.com/123456789012/workspaces-access", "us-east-1")]
    #[case("https://eu-central-1.queue.amazonaws.com/123456789012/workspaces-access", "eu-central-1")]
    #[case("https://vpce-0a1b-c2.sqs.eu-central-1.vpce.amazonaws.com/123456789012/q", "eu-central-1")]
    fn the_region_stands_in_the_host(#[case] url: &str, #[case] region: &str) {
        assert_eq!(of(url).unwrap().region.as_str(), region);
    }

    #[test]
    fn a_queue_that_cannot_be_read_names_the_field_and_the_remedy() {
        let none = Queue::of(None, &BTreeSet::new()).unwrap_err();
        let elsewhere = of("https://sqs.eu-west-1.amazonaws.com/123456789012/q").unwrap_err();
        let china = of("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q").unwrap_err();
        let nowhere = of("https://queues.example.com/123456789012/q").unwrap_err();
        for error in [&none, &elsewhere, &china, &nowhere] {
            assert!(error.to_string().starts_with("spec.accessEvents.queueUrl of the WorkspaceAccount"), "{error}");
        }
        assert!(
            elsewhere.to_string().contains("eu-west-1") && elsewhere.to_string().contains("add it to spec.regions")
        );
        assert!(china.to_string().contains("another partition"));
    }
}
