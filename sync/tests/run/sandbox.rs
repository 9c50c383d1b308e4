//! What every test needs: the stand-in to itself, a database, and a way to run the
//! program as the operator would.

use std::{
    env,
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use contract::Report;
use serde_json::{Value, json};
use sqlx::PgPool;
use tempfile::TempDir;
use uuid::Uuid;

use crate::standins::Turn;

/// The account of the tests.
pub(crate) const ACCOUNT: &str = "111111111111";
/// A second one, whose role the first may assume.
pub(crate) const OTHER_ACCOUNT: &str = "222222222222";

/// Operations that tests need not wait for.
const FAST: [&str; 23] = [
    "DeleteMessageBatch",
    "DescribeAccount",
    "DescribeAccountModifications",
    "DescribeCertificate",
    "DescribeClientProperties",
    "DescribeConnectionAliases",
    "DescribeDirectories",
    "DescribeDirectoryDataAccess",
    "DescribeDomainControllers",
    "DescribeIpGroups",
    "DescribeLDAPSSettings",
    "DescribeSnapshots",
    "DescribeTrusts",
    "DescribeWorkspaceDirectories",
    "DescribeWorkspaces",
    "DescribeWorkspacesConnectionStatus",
    "GetCallerIdentity",
    "GetDirectoryLimits",
    "GetSnapshotLimits",
    "ListCertificates",
    "ListLogSubscriptions",
    "ListUsers",
    "ReceiveMessage",
];

/// The stand-in, a database and mounted Secrets.
pub(crate) struct Sandbox {
    pub(crate) aws: Standin,
    pub(crate) pool: PgPool,
    files: TempDir,
    _turn: Turn,
}

/// Between two looks at what another process does: nothing depends on how long it is, but
/// whoever looks without a pause takes the processor from what is looked at.
pub(crate) async fn look_again() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}

/// A finished process.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Its exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Its termination message.
    pub(crate) report: Option<Report>,
    /// Its log.
    pub(crate) log: String,
}

impl Finished {
    /// The report, or the log when there is none.
    pub(crate) fn report(&self) -> &Report {
        self.report.as_ref().unwrap_or_else(|| panic!("no report; the log says:\n{}", self.log))
    }

    /// Fails unless the process ended with `code` and `reason`.
    pub(crate) fn ended(&self, code: i32, reason: &str) -> &Report {
        let report = self.report();
        assert_eq!((self.code, report.reason.as_str()), (Some(code), reason), "{report:?}\n{}", self.log);
        report
    }
}

impl Sandbox {
    /// A stand-in with nothing in it but `desktops` in `regions` of [`ACCOUNT`].
    pub(crate) fn new(pool: PgPool, desktops: u32, regions: &[&str]) -> Self {
        let turn = Turn::wait();
        let aws = Standin { url: turn.url.clone() };
        aws.post("reset", &json!({}));
        aws.post("fleet", &json!({"seed": 7, "desktops": desktops, "accounts": [{"id": ACCOUNT, "regions": regions}]}));
        aws.post(
            "credentials",
            &json!({"strict": true, "keys": [{"accessKeyId": "AKIATESTTESTTESTTEST", "account": ACCOUNT}]}),
        );
        let files = tempfile::tempdir().unwrap();
        let sandbox = Self { aws, pool, files, _turn: turn };
        sandbox.put("keys/accessKeyId", "AKIATESTTESTTESTTEST");
        sandbox.put("keys/secretAccessKey", "not checked by the stand-in");
        sandbox.put("url", &sandbox.database_url());
        sandbox
    }

    /// Writes a mounted file.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.files.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Where a mounted file is.
    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.files.path().join(path)
    }

    /// Removes a mounted file.
    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.files.path().join(path)).unwrap();
    }

    fn database_url(&self) -> String {
        let options = self.pool.connect_options();
        let mut url = url::Url::parse(&env::var("DATABASE_URL").unwrap()).unwrap();
        url.set_path(options.get_database().unwrap());
        url.to_string()
    }

    /// A plan that reads everything, fast.
    pub(crate) fn plan(&self, regions: &[&str]) -> Value {
        let fast = json!({"rate": 5000, "burst": 1000});
        let mut plan = json!({
            "version": 1, "task": "sync", "trigger": "schedule",
            "schedule": {"namespace": "deskfleet", "name": "test"},
            "account": {
                "object": {"namespace": "deskfleet", "name": "test"},
                "accountId": ACCOUNT, "regions": regions,
                "credentials": {"direct": "secret"},
                "endpointUrl": self.aws.url, "endpointServesSts": true,
                "pace": {},
            },
            "sources": ["Inventory", "ConnectionStatus", "Directories"],
            "regions": regions, "parallelism": 1, "jitterSeconds": 0,
        });
        for operation in FAST {
            plan["account"]["pace"][operation] = fast.clone();
        }
        plan
    }

    /// A plan that reads `sources` in us-east-1, calling `operations` as fast as it goes.
    pub(crate) fn plan_of(&self, sources: &[&str], operations: &[&str]) -> Value {
        let mut plan = self.plan(&["us-east-1"]);
        plan["sources"] = json!(sources);
        for operation in operations {
            plan["account"]["pace"][operation] = json!({"rate": 5000, "burst": 1000});
        }
        plan
    }

    /// The program with what the operator gives it; pages of 25 are written one by one.
    pub(crate) fn command(&self, command: &str, plan: &Value, run: Uuid) -> Command {
        let files = self.files.path();
        let mut program = Command::new(env!("CARGO_BIN_EXE_deskfleet-sync"));
        program
            .arg(command)
            .args(["--log-format", "text"])
            .env_clear()
            .env("DESKFLEET_PLAN", plan.to_string())
            .env("DESKFLEET_RUN_ID", run.to_string())
            .env("DESKFLEET_DATABASE_URL_FILE", files.join("url"))
            .env("DESKFLEET_DATABASE_WAIT_SECONDS", "2")
            .env("DESKFLEET_AWS_KEYS_DIR", files.join("keys"))
            .env("DESKFLEET_EXTERNAL_ID_DIR", files.join("external-id"))
            .env("DESKFLEET_TERMINATION_LOG", self.termination_log(run))
            .env("DESKFLEET_SYNC_BATCH", "25")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::from(std::fs::File::create(files.join(format!("log-{run}"))).unwrap()));
        program
    }

    /// As [`Self::command`], for one of the pods of an Indexed Job.
    pub(crate) fn pod(&self, command: &str, plan: &Value, run: Uuid, index: u32) -> Command {
        let name = format!("{run}-{index}");
        let mut program = self.command(command, plan, run);
        program
            .env("DESKFLEET_TERMINATION_LOG", self.files.path().join(format!("termination-{name}")))
            .stderr(Stdio::from(std::fs::File::create(self.files.path().join(format!("log-{name}"))).unwrap()));
        program
    }

    fn termination_log(&self, run: Uuid) -> std::path::PathBuf {
        self.files.path().join(format!("termination-{run}"))
    }

    /// Starts `run` of `plan`.
    pub(crate) fn start(&self, plan: &Value, run: Uuid) -> Child {
        self.command("run", plan, run).spawn().unwrap()
    }

    /// Waits for a process of `run`.
    pub(crate) fn finish(&self, child: Child, run: Uuid) -> Finished {
        self.finished(child, &run.to_string())
    }

    /// Waits for a process of [`Self::pod`].
    pub(crate) fn finish_pod(&self, child: Child, run: Uuid, index: u32) -> Finished {
        self.finished(child, &format!("{run}-{index}"))
    }

    fn finished(&self, mut child: Child, name: &str) -> Finished {
        let code = child.wait().unwrap().code();
        let read = |file: String| std::fs::read_to_string(self.files.path().join(file)).unwrap_or_default();
        let message = read(format!("termination-{name}"));
        let log = read(format!("log-{name}"));
        Finished { code, report: Report::parse(&message).ok(), log }
    }

    /// Runs `plan` once, to its end.
    pub(crate) fn run(&self, plan: &Value) -> Finished {
        let run = Uuid::new_v4();
        self.finish(self.start(plan, run), run)
    }

    /// A number from the database.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.unwrap()
    }
}

/// The stand-in's control interface.
pub(crate) struct Standin {
    pub(crate) url: String,
}

impl Standin {
    /// Sends a document; a refusal fails the test.
    pub(crate) fn post(&self, name: &str, document: &Value) -> Value {
        serde_json::from_str(&self.exchange("POST", name, &document.to_string())).unwrap_or(Value::Null)
    }

    /// Reads a document.
    pub(crate) fn get(&self, name: &str) -> Value {
        serde_json::from_str(&self.exchange("GET", name, "")).unwrap()
    }

    /// Empties what an endpoint holds.
    pub(crate) fn delete(&self, name: &str) {
        self.exchange("DELETE", name, "");
    }

    /// Reads JSON lines.
    pub(crate) fn lines(&self, name: &str) -> Vec<Value> {
        self.exchange("GET", name, "").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Calls an operation as any client of AWS could, signed with the test's key.
    pub(crate) fn call(&self, service: &str, target: &str, document: &Value) -> Value {
        let scope = format!("AKIATESTTESTTESTTEST/20260304/us-east-1/{service}/aws4_request");
        let headers = format!(
            "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: {target}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={scope}, Signature=0\r\n"
        );
        serde_json::from_str(&self.request(("POST", "/"), &headers, &document.to_string())).unwrap()
    }

    fn exchange(&self, method: &str, name: &str, body: &str) -> String {
        self.request((method, &format!("/_standin/{name}")), "Content-Type: application/json\r\n", body)
    }

    /// HTTP/1.0, so that the answer ends where the connection does.
    fn request(&self, (method, path): (&str, &str), headers: &str, body: &str) -> String {
        let host = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)
            .unwrap_or_else(|error| panic!("the AWS stand-in at {} does not answer: {error}", self.url));
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.0\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.split(' ').nth(1) == Some("200"), "{method} {path}: {head}\n{body}");
        body.to_owned()
    }
}
