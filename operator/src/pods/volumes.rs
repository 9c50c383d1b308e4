//! What a pod mounts: Secrets as optional files, a place for temporary ones.

use contract::environment as names;
use identifiers::SecretName;
use k8s_openapi::{
    api::core::v1::{ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount},
    apimachinery::pkg::api::resource::Quantity,
};

use super::PodRequest;
use crate::config::PodSettings;

/// The only writable place.
pub(super) const TEMPORARY: &str = "/tmp";
/// Where the bundle of certificate authorities stands.
pub(super) const CA_BUNDLE_FILE: &str = "/var/run/deskfleet/ca/ca-bundle.crt";

const DATABASE_DIR: &str = "/var/run/deskfleet/database";
const REDIS_DIR: &str = "/var/run/deskfleet/redis";
const CA_BUNDLE_DIR: &str = "/var/run/deskfleet/ca";
/// Readable by owner and group.
const FILE_MODE: i32 = 0o440;

pub(super) fn volumes(settings: &PodSettings, request: &PodRequest<'_>) -> Vec<Volume> {
    let mut volumes = vec![Volume {
        name: "tmp".to_owned(),
        empty_dir: Some(EmptyDirVolumeSource { size_limit: Some(Quantity("32Mi".to_owned())), medium: None }),
        ..Volume::default()
    }];
    if let Some(login) = request.purpose.database_login() {
        volumes.push(secret("database", names::DATABASE_SECRET, &[(login, "url")]));
    }
    if settings.redis && request.purpose.shares_the_pace() {
        volumes.push(secret("redis", names::REDIS_SECRET, &[("url", "url")]));
    }
    if let Some(name) = &request.identity.aws_keys {
        let keys = ["accessKeyId", "secretAccessKey", "sessionToken"].map(|key| (key, key));
        // All keys are listed, and the whole is optional: keys that a Secret lacks are left out.
        volumes.push(secret("aws-keys", name.as_str(), &keys));
    }
    if let Some(name) = &request.identity.external_id {
        volumes.push(secret("external-id", name.as_str(), &[("externalId", "externalId")]));
    }
    if let Some(bundle) = &settings.ca_bundle {
        volumes.push(Volume {
            name: "ca-bundle".to_owned(),
            config_map: Some(ConfigMapVolumeSource {
                name: bundle.config_map.clone(),
                items: Some(vec![key_to_path(&bundle.key, "ca-bundle.crt")]),
                ..ConfigMapVolumeSource::default()
            }),
            ..Volume::default()
        });
    }
    volumes
}

pub(super) fn mounts(settings: &PodSettings, request: &PodRequest<'_>) -> Vec<VolumeMount> {
    let mut mounts =
        vec![VolumeMount { name: "tmp".to_owned(), mount_path: TEMPORARY.to_owned(), ..VolumeMount::default() }];
    let mut read_only = |name: &str, path: &str| {
        mounts.push(VolumeMount {
            name: name.to_owned(),
            mount_path: path.to_owned(),
            read_only: Some(true),
            ..VolumeMount::default()
        });
    };
    if request.purpose.database_login().is_some() {
        read_only("database", DATABASE_DIR);
    }
    if settings.redis && request.purpose.shares_the_pace() {
        read_only("redis", REDIS_DIR);
    }
    if let Some(name) = &request.identity.aws_keys {
        read_only("aws-keys", &aws_keys_dir(name));
    }
    if let Some(name) = &request.identity.external_id {
        read_only("external-id", &external_id_dir(name));
    }
    if settings.ca_bundle.is_some() {
        read_only("ca-bundle", CA_BUNDLE_DIR);
    }
    mounts
}

/// The folder ends in the Secret's name, which is how a pod knows what to call it.
pub(super) fn aws_keys_dir(name: &SecretName) -> String {
    format!("{}/{name}", names::AWS_KEYS_PATH)
}

/// As [`aws_keys_dir`], for the external id.
pub(super) fn external_id_dir(name: &SecretName) -> String {
    format!("{}/{name}", names::EXTERNAL_ID_PATH)
}

fn secret(volume: &str, name: &str, items: &[(&str, &str)]) -> Volume {
    Volume {
        name: volume.to_owned(),
        secret: Some(SecretVolumeSource {
            secret_name: Some(name.to_owned()),
            items: Some(items.iter().map(|(key, path)| key_to_path(key, path)).collect()),
            default_mode: Some(FILE_MODE),
            optional: Some(true),
        }),
        ..Volume::default()
    }
}

fn key_to_path(key: &str, path: &str) -> KeyToPath {
    KeyToPath { key: key.to_owned(), path: path.to_owned(), mode: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_where_the_contract_says() {
        assert_eq!(names::DATABASE_URL_PATH, format!("{DATABASE_DIR}/url"));
        assert_eq!(names::REDIS_URL_PATH, format!("{REDIS_DIR}/url"));
    }
}
