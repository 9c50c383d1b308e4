//! A namespace of its own for each test, and an operator that works in it.

use std::{
    fmt::Debug,
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Duration,
};

use crds::{
    SyncSchedule, WorkspaceAccount,
    conditions::{Condition, ConditionType, find},
    schema::definitions,
};
use k8s_openapi::{
    api::{
        authentication::v1::{TokenRequest, TokenRequestSpec},
        core::v1::{Namespace, ServiceAccount},
        rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding},
    },
    apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    Api, Client, Config, Resource,
    api::{DeleteParams, Patch, PatchParams, PostParams},
    config::{AuthInfo, KubeConfigOptions, Kubeconfig, NamedAuthInfo},
    core::NamespaceResourceScope,
    runtime::{
        conditions::is_crd_established,
        wait::{Condition as WaitCondition, await_condition},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

const KUBECONFIG: &str = "DESKFLEET_TEST_KUBECONFIG";
/// Far above what anything here takes; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const OPERATOR: &str = env!("CARGO_BIN_EXE_deskfleet-operator");

/// A namespace with the operator's rights in it.
pub(crate) struct Room {
    pub(crate) client: Client,
    pub(crate) namespace: String,
    kubeconfig: PathBuf,
    _files: tempfile::TempDir,
}

/// A running operator; killed when dropped.
pub(crate) struct Operator {
    child: Child,
    metrics: u16,
}

/// Opens a room, or says loudly why there is none.
pub(crate) async fn room(test: &str) -> Option<Room> {
    let Some(path) = std::env::var_os(KUBECONFIG) else {
        // Written past the test harness, which hides what a passing test prints.
        let line = format!("SKIPPED: {test}: {KUBECONFIG} names no cluster\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    };
    let kubeconfig = Kubeconfig::read_from(path).expect("the kubeconfig can be read");
    let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &KubeConfigOptions::default()).await.unwrap();
    let client = Client::try_from(config).unwrap();
    let namespace = format!("operator-{test}");
    let files = tempfile::tempdir().unwrap();
    let room = Room { client, namespace, kubeconfig: files.path().join("kubeconfig"), _files: files };
    room.install().await;
    room.furnish(kubeconfig).await;
    Some(room)
}

impl Room {
    pub(crate) fn api<K>(&self) -> Api<K>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Applies an object as a person would.
    pub(crate) async fn apply<K>(&self, object: Value) -> K
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + DeserializeOwned + Debug + Serialize,
    {
        let object: K = serde_json::from_value(object).unwrap();
        let name = object.meta().name.clone().unwrap();
        self.api::<K>().patch(&name, &PatchParams::apply("a-person").force(), &Patch::Apply(&object)).await.unwrap()
    }

    /// Waits until an object satisfies a condition, and gives it.
    pub(crate) async fn wait<K>(&self, name: &str, what: &str, condition: impl WaitCondition<K>) -> Option<K>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + DeserializeOwned
            + Send
            + 'static,
    {
        // Boxed, because the future of a watch holds whole objects.
        let wait = Box::pin(await_condition(self.api::<K>(), name, condition));
        if let Ok(object) = tokio::time::timeout(PATIENCE, wait).await {
            return object.unwrap();
        }
        let now = self.api::<K>().get_opt(name).await.unwrap();
        panic!("{name} did not become {what}: {now:#?}")
    }

    /// Waits until a condition of a schedule has a status and reason.
    pub(crate) async fn schedule_is(&self, name: &str, type_: ConditionType, says: (&str, &str)) -> SyncSchedule {
        let (status, reason) = (says.0.to_owned(), says.1.to_owned());
        let condition = move |schedule: Option<&SyncSchedule>| {
            let conditions = schedule.and_then(|schedule| schedule.status.as_ref()).map(|status| &status.conditions);
            conditions.is_some_and(|conditions| is(conditions, type_, &status, &reason))
        };
        self.wait(name, &format!("{type_:?}={says:?}"), condition).await.unwrap()
    }

    /// Waits until a condition of an account has a status and reason.
    pub(crate) async fn account_is(&self, name: &str, type_: ConditionType, says: (&str, &str)) -> WorkspaceAccount {
        let (status, reason) = (says.0.to_owned(), says.1.to_owned());
        let condition = move |account: Option<&WorkspaceAccount>| {
            let conditions = account.and_then(|account| account.status.as_ref()).map(|status| &status.conditions);
            conditions.is_some_and(|conditions| is(conditions, type_, &status, &reason))
        };
        self.wait(name, &format!("{type_:?}={says:?}"), condition).await.unwrap()
    }

    /// Starts an operator for this namespace.
    pub(crate) fn operator(&self) -> Operator {
        self.operator_with(&[])
    }

    /// Starts one with further flags.
    pub(crate) fn operator_with(&self, flags: &[&str]) -> Operator {
        self.start(&self.kubeconfig, &self.namespace, flags)
    }

    /// Starts one that lives in another room and has its rights by a ClusterRole, as in a
    /// cluster-wide installation: what is deleted here takes nothing from it.
    pub(crate) async fn operator_from(&self, home: &Self) -> Operator {
        let printed = Command::new(OPERATOR).args(["rbac", "--cluster"]).output().unwrap().stdout;
        let rules = String::from_utf8(printed).unwrap().split("---\n").nth(1).map(serde_saphyr::from_str::<Value>);
        let rules = rules.unwrap().unwrap()["rules"].clone();
        let (group, name) = ("rbac.authorization.k8s.io", &self.namespace);
        let subject = json!({"kind": "ServiceAccount", "name": "deskfleet-operator", "namespace": home.namespace});
        let role_ref = json!({"apiGroup": group, "kind": "ClusterRole", "name": name});
        let role: ClusterRole = serde_json::from_value(json!({"metadata": {"name": name}, "rules": rules})).unwrap();
        let binding: ClusterRoleBinding =
            serde_json::from_value(json!({"metadata": {"name": name}, "roleRef": role_ref, "subjects": [subject]}))
                .unwrap();
        let apply = PatchParams::apply("deskfleet-test").force();
        Api::<ClusterRole>::all(self.client.clone()).patch(name, &apply, &Patch::Apply(&role)).await.unwrap();
        Api::<ClusterRoleBinding>::all(self.client.clone()).patch(name, &apply, &Patch::Apply(&binding)).await.unwrap();
        self.start(&home.kubeconfig, &home.namespace, &[])
    }

    fn start(&self, kubeconfig: &Path, operator_namespace: &str, flags: &[&str]) -> Operator {
        let [http, metrics] = free_ports();
        let log = std::fs::File::options().create(true).append(true).open(kubeconfig.with_extension("log"));
        let child = Command::new(OPERATOR)
            .args(["--log-format", "text", "run", "--namespace", &self.namespace])
            .args(["--operator-namespace", operator_namespace, "--image", "localhost/deskfleet:test"])
            .args(["--http-address", &format!("127.0.0.1:{http}")])
            .args(["--metrics-address", &format!("127.0.0.1:{metrics}")])
            .args(flags)
            .env("KUBECONFIG", kubeconfig)
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        Operator { child, metrics }
    }

    /// Waits until an object is gone.
    pub(crate) async fn gone<K>(&self, name: &str)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + DeserializeOwned
            + Send
            + 'static,
    {
        self.wait(name, "gone", |object: Option<&K>| object.is_none()).await;
    }

    /// Removes the namespace; what is in it goes with it.
    pub(crate) async fn close(self) {
        let namespaces = Api::<Namespace>::all(self.client);
        namespaces.delete(&self.namespace, &DeleteParams::default()).await.unwrap();
    }

    async fn install(&self) {
        let apply = PatchParams::apply("deskfleet-test").force();
        let api = Api::<CustomResourceDefinition>::all(self.client.clone());
        for definition in definitions() {
            let name = definition.metadata.name.clone().unwrap();
            api.patch(&name, &apply, &Patch::Apply(&definition)).await.unwrap();
            await_condition(api.clone(), &name, is_crd_established()).await.unwrap();
        }
        let namespaces = Api::<Namespace>::all(self.client.clone());
        if namespaces.get_opt(&self.namespace).await.unwrap().is_some() {
            let gone = |namespace: Option<&Namespace>| namespace.is_none();
            namespaces.delete(&self.namespace, &DeleteParams::default()).await.unwrap();
            let left = await_condition(namespaces.clone(), &self.namespace, gone);
            tokio::time::timeout(PATIENCE, left).await.unwrap().unwrap();
        }
        // What the operator makes must satisfy the strictest level; the API server sees to it.
        let labels = json!({"pod-security.kubernetes.io/enforce": "restricted"});
        let namespace = json!({"metadata": {"name": self.namespace, "labels": labels}});
        let namespace = serde_json::from_value(namespace).unwrap();
        namespaces.create(&PostParams::default(), &namespace).await.unwrap();
    }

    /// A ServiceAccount with the printed rights and nothing else, and a kubeconfig that uses it.
    async fn furnish(&self, mut kubeconfig: Kubeconfig) {
        let rules = Command::new(OPERATOR).arg("rbac").output().unwrap().stdout;
        let rules: Value = serde_saphyr::from_slice(&rules).unwrap();
        let rules: Vec<Value> =
            ["watched", "own"].iter().flat_map(|list| rules[list].as_array().unwrap().clone()).collect();
        let name = "deskfleet-operator";
        self.apply::<ServiceAccount>(json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}))
            .await;
        let group = "rbac.authorization.k8s.io";
        let role =
            json!({"apiVersion": format!("{group}/v1"), "kind": "Role", "metadata": {"name": name}, "rules": rules});
        self.apply::<Role>(role).await;
        let subject = json!({"kind": "ServiceAccount", "name": name, "namespace": self.namespace});
        let role_ref = json!({"apiGroup": group, "kind": "Role", "name": name});
        let metadata = json!({"name": name});
        let binding = json!({"apiVersion": format!("{group}/v1"), "kind": "RoleBinding", "metadata": metadata, "roleRef": role_ref, "subjects": [subject]});
        self.apply::<RoleBinding>(binding).await;
        let request = TokenRequest { spec: TokenRequestSpec::default(), ..TokenRequest::default() };
        let accounts = self.api::<ServiceAccount>();
        let token = accounts.create_token_request(name, &PostParams::default(), &request).await.unwrap();
        let auth = AuthInfo { token: Some(token.status.unwrap().token.into()), ..AuthInfo::default() };
        for context in &mut kubeconfig.contexts {
            if let Some(context) = &mut context.context {
                context.user = Some(name.to_owned());
            }
        }
        kubeconfig.auth_infos =
            vec![NamedAuthInfo { name: name.to_owned(), auth_info: Some(auth), ..NamedAuthInfo::default() }];
        std::fs::write(&self.kubeconfig, serde_saphyr::to_string(&kubeconfig).unwrap()).unwrap();
    }
}

impl Operator {
    /// Ends it as Kubernetes does, and waits for its end.
    pub(crate) fn terminate(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "the operator must end cleanly on SIGTERM");
    }

    /// The sum of a metric over its labels; 0 when it is not there.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let text = get(self.metrics, "/metrics").unwrap_or_default();
        let values = text.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit(' ').next());
        values.map(|value| value.parse::<u64>().unwrap()).sum()
    }

    /// Waits until a metric is at least this.
    pub(crate) async fn metric_reaches(&self, name: &str, least: u64) {
        let reached = async {
            while self.metric(name) < least {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.unwrap();
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        // Already gone after `terminate`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is(conditions: &[Condition], type_: ConditionType, status: &str, reason: &str) -> bool {
    find(conditions, type_).is_some_and(|condition| condition.status == status && condition.reason == reason)
}

/// Two ports that nobody listens on now.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// A plain HTTP GET; `None` while nobody answers.
fn get(port: u16, path: &str) -> Option<String> {
    use std::io::Read as _;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer.split_once("\r\n\r\n")?.1.to_owned())
}

/// A valid account.
pub(crate) fn an_account(name: &str, account_id: &str) -> Value {
    json!({
        "apiVersion": "deskfleet.dev/v1alpha1",
        "kind": "WorkspaceAccount",
        "metadata": {"name": name},
        "spec": {
            "accountId": account_id,
            "regions": ["us-east-1", "eu-central-1"],
            "credentials": {"secretRef": {"name": "deskfleet-keys"}},
        }
    })
}

/// A valid schedule of an account.
pub(crate) fn a_schedule(name: &str, account: &str) -> Value {
    json!({
        "apiVersion": "deskfleet.dev/v1alpha1",
        "kind": "SyncSchedule",
        "metadata": {"name": name},
        "spec": {
            "accountRef": {"name": account},
            "sources": ["Inventory", "ConnectionStatus"],
            "schedule": "15 2 1 1 *",
        }
    })
}
