//! What a pod asks for when its object does not say.

use std::collections::BTreeMap;

use crds::{Amounts, Resources};
use k8s_openapi::{api::core::v1::ResourceRequirements, apimachinery::pkg::api::resource::Quantity};

/// Enough for an account of 10,000 desktops; the memory of a sync does not grow with the fleet.
const OUR_REQUESTS: Ours = Ours { cpu: Some("50m"), memory: "64Mi", ephemeral_storage: "16Mi" };
/// No limit on processor time: a throttled sync holds its leases longer.
const OUR_LIMITS: Ours = Ours { cpu: None, memory: "256Mi", ephemeral_storage: "64Mi" };

struct Ours {
    cpu: Option<&'static str>,
    memory: &'static str,
    ephemeral_storage: &'static str,
}

/// The amounts of the object, ours where it is silent.
///
/// Where the object sets only one of request and limit, ours of the other is left out if the
/// two could contradict each other: a limit alone is its own request (Kubernetes' rule), and a
/// request alone may be above our limit, so it becomes the limit as well.
pub(super) fn requirements(asked: Option<&Resources>) -> ResourceRequirements {
    let requests = asked.and_then(|asked| asked.requests.clone()).unwrap_or_default();
    let limits = asked.and_then(|asked| asked.limits.clone()).unwrap_or_default();
    let request = |asked: Option<String>, limit: &Option<String>, ours: Option<&str>| match (asked, limit) {
        (Some(asked), _) => Some(asked),
        (None, Some(_)) => None,
        (None, None) => ours.map(str::to_owned),
    };
    let Amounts { cpu: cpu_limit, memory: memory_limit } = limits;
    let memory_limit_or_ours =
        memory_limit.clone().or_else(|| requests.memory.clone()).unwrap_or_else(|| OUR_LIMITS.memory.to_owned());
    ResourceRequirements {
        requests: Some(quantities([
            ("cpu", request(requests.cpu, &cpu_limit, OUR_REQUESTS.cpu)),
            ("memory", request(requests.memory, &memory_limit, Some(OUR_REQUESTS.memory))),
            ("ephemeral-storage", Some(OUR_REQUESTS.ephemeral_storage.to_owned())),
        ])),
        limits: Some(quantities([
            ("cpu", cpu_limit.or_else(|| OUR_LIMITS.cpu.map(str::to_owned))),
            ("memory", Some(memory_limit_or_ours)),
            ("ephemeral-storage", Some(OUR_LIMITS.ephemeral_storage.to_owned())),
        ])),
        ..ResourceRequirements::default()
    }
}

fn quantities<const N: usize>(amounts: [(&str, Option<String>); N]) -> BTreeMap<String, Quantity> {
    amounts.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), Quantity(amount?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(requests: Option<&str>, limits: Option<&str>) -> ResourceRequirements {
        let memory = |text: Option<&str>| text.map(|text| Amounts { memory: Some(text.to_owned()), cpu: None });
        requirements(Some(&Resources { requests: memory(requests), limits: memory(limits) }))
    }

    fn memory(requirements: &ResourceRequirements) -> (Option<&str>, Option<&str>) {
        let of = |amounts: &'_ Option<BTreeMap<String, Quantity>>| {
            amounts.as_ref().and_then(|all| all.get("memory").cloned())
        };
        let text = |quantity: Option<Quantity>| quantity.map(|quantity| &*Box::leak(quantity.0.into_boxed_str()));
        (text(of(&requirements.requests)), text(of(&requirements.limits)))
    }

    #[test]
    fn silence_gives_our_amounts() {
        assert_eq!(memory(&requirements(None)), (Some("64Mi"), Some("256Mi")));
    }

    #[test]
    fn a_lone_limit_takes_our_request_away_and_a_lone_request_becomes_the_limit() {
        assert_eq!(memory(&asked(None, Some("32Mi"))), (None, Some("32Mi")));
        assert_eq!(memory(&asked(Some("1Gi"), None)), (Some("1Gi"), Some("1Gi")));
    }
}
