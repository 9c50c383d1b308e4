//! Creates Secrets, one by one; one that is there already is kept.

use std::collections::BTreeMap;

use k8s_openapi::{ByteString, api::core::v1::Secret, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use kube::{Api, Client, api::PostParams};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use super::{
    arguments::SetupArguments,
    certificate::{CertificateError, self_signed},
    secrets::{self, SecretContent, SigningKeyError},
};

/// The Secret whose password goes into the URLs.
const POSTGRESQL: &str = "deskfleet-postgresql";

/// Why not all Secrets are there.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The Kubernetes API refused or cannot be reached.
    #[error("cannot {verb} Secret {name} in namespace {namespace}")]
    Kubernetes {
        /// `create` or `get`.
        verb: &'static str,
        /// Which.
        name: String,
        /// Where.
        namespace: String,
        /// Why.
        #[source]
        source: Box<kube::Error>,
    },
    /// There is no Kubernetes to talk to.
    #[error("the Kubernetes API cannot be found; setup runs in a pod, or with a KUBECONFIG")]
    NoCluster(#[source] Box<kube::Error>),
    /// The Secret of the bundled server, brought by a person, has no password.
    #[error("Secret {POSTGRESQL} has no key `password`; add it, or delete the Secret to have it made")]
    NoPassword,
    /// The certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signing key could not be made.
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
}

impl SetupError {
    /// True where another try may help: the API was away or refused.
    pub const fn is_dependency(&self) -> bool {
        match self {
            Self::Kubernetes { .. } | Self::NoCluster(_) => true,
            Self::NoPassword | Self::Certificate(_) | Self::SigningKey(_) => false,
        }
    }
}

/// Creates what is missing, in the cluster that the pod or the KUBECONFIG names.
pub async fn run(arguments: &SetupArguments) -> Result<(), SetupError> {
    let client = Client::try_default().await.map_err(|error| SetupError::NoCluster(Box::new(error)))?;
    run_with(client, arguments).await
}

/// Creates what is missing.
pub async fn run_with(client: Client, arguments: &SetupArguments) -> Result<(), SetupError> {
    let setup = Setup { api: Api::namespaced(client, &arguments.namespace), arguments };
    for kind in &arguments.secrets {
        setup.create(secrets::simple(*kind)?).await?;
    }
    if let Some(database) = &arguments.bundled_database {
        let password = setup.server_password().await?;
        setup.create(secrets::bundled_database(database, &password)).await?;
    }
    if let Some(name) = &arguments.tls_secret {
        let certificate = self_signed(&arguments.tls_names, OffsetDateTime::now_utc())?;
        setup.create(secrets::tls(name, certificate)).await?;
    }
    Ok(())
}

struct Setup<'a> {
    api: Api<Secret>,
    arguments: &'a SetupArguments,
}

impl Setup<'_> {
    /// The bundled server's password: made now, or by a run before that went no further.
    async fn server_password(&self) -> Result<SecretString, SetupError> {
        let content = secrets::postgresql();
        let password = content.data["password"].clone();
        if self.create(content).await? {
            return Ok(password);
        }
        let found = self.api.get(POSTGRESQL).await.map_err(|source| self.refused("get", POSTGRESQL, source))?;
        let bytes = found.data.and_then(|mut data| data.remove("password")).ok_or(SetupError::NoPassword)?;
        String::from_utf8(bytes.0).map(Into::into).map_err(|_| SetupError::NoPassword)
    }

    /// Creates one Secret; false where there was one.
    async fn create(&self, content: SecretContent) -> Result<bool, SetupError> {
        let name = content.name.clone();
        match self.api.create(&PostParams::default(), &self.object(content)).await {
            Ok(_) => {
                tracing::info!(secret.name = name, "created Secret {name}");
                Ok(true)
            }
            Err(kube::Error::Api(status)) if status.is_already_exists() => {
                tracing::info!(secret.name = name, "kept Secret {name}");
                Ok(false)
            }
            Err(source) => Err(self.refused("create", &name, source)),
        }
    }

    fn object(&self, content: SecretContent) -> Secret {
        let labels = [
            ("app.kubernetes.io/name", "deskfleet"),
            ("app.kubernetes.io/instance", &self.arguments.instance),
            ("app.kubernetes.io/component", content.component),
            ("app.kubernetes.io/part-of", "deskfleet"),
            ("app.kubernetes.io/managed-by", "deskfleet"),
        ];
        let labels: BTreeMap<String, String> =
            labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let bytes = |value: SecretString| ByteString(value.expose_secret().as_bytes().to_vec());
        Secret {
            metadata: ObjectMeta { name: Some(content.name), labels: Some(labels), ..ObjectMeta::default() },
            type_: Some(content.kind.to_owned()),
            data: Some(content.data.into_iter().map(|(key, value)| (key.to_owned(), bytes(value))).collect()),
            ..Secret::default()
        }
    }

    fn refused(&self, verb: &'static str, name: &str, source: kube::Error) -> SetupError {
        let namespace = self.arguments.namespace.clone();
        SetupError::Kubernetes { verb, name: name.to_owned(), namespace, source: Box::new(source) }
    }
}
