//! The environment of a pod. It holds no secret: an environment shows up in dumps.

use contract::environment as names;
use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, ObjectFieldSelector};

use super::{PodRequest, volumes};
use crate::config::PodSettings;

pub(super) fn variables(settings: &PodSettings, request: &PodRequest<'_>) -> Vec<EnvVar> {
    let mut variables: Vec<EnvVar> = request.plan.iter().map(|plan| plain(names::PLAN, plan)).collect();
    variables.extend([
        from_label(names::RUN_ID, "batch.kubernetes.io/controller-uid"),
        from_label(names::JOB_NAME, "batch.kubernetes.io/job-name"),
        plain("DESKFLEET_LOG", &settings.log),
        plain("HOME", volumes::TEMPORARY),
        // Credentials come from the plan's source or not at all: a node's own role is never ours.
        plain("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    if request.purpose.database_login().is_some() {
        variables.push(plain(names::DATABASE_URL_FILE, names::DATABASE_URL_PATH));
    }
    if settings.redis && request.purpose.shares_the_pace() {
        variables.push(plain(names::REDIS_URL_FILE, names::REDIS_URL_PATH));
    }
    if let Some(name) = &request.identity.aws_keys {
        variables.push(plain(names::AWS_KEYS_DIR, &volumes::aws_keys_dir(name)));
    }
    if let Some(name) = &request.identity.external_id {
        variables.push(plain(names::EXTERNAL_ID_DIR, &volumes::external_id_dir(name)));
    }
    variables.extend(settings.proxies.iter().map(|(name, value)| plain(name, value)));
    if settings.ca_bundle.is_some() {
        variables.push(plain("SSL_CERT_FILE", volumes::CA_BUNDLE_FILE));
    }
    variables
}

fn plain(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(escaped(value)), value_from: None }
}

/// Kubernetes expands `$(NAME)` in values, and reads a doubled dollar as one.
fn escaped(value: &str) -> String {
    value.replace('$', "$$")
}

fn from_label(name: &str, label: &str) -> EnvVar {
    EnvVar {
        name: name.to_owned(),
        value: None,
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                api_version: Some("v1".to_owned()),
                field_path: format!("metadata.labels['{label}']"),
            }),
            ..EnvVarSource::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_in_a_value_is_not_expanded() {
        assert_eq!(plain("A", "x$(HOME)$y").value.unwrap(), "x$$(HOME)$$y");
    }
}
