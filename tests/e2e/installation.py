"""An installation of deskfleet, reached from outside: kubectl, SQL, HTTPS, boto3."""

import contextlib
import csv
import io
import json
import ssl
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar

import boto3
import httpx
from botocore.config import Config

WAIT_SECONDS = 180

T = TypeVar("T")


def fnv1a(text: str) -> int:
    """The hash that tells Jobs of one schedule apart, FNV-1a of 32 bits."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


class Installation:
    """What `sandbox/demo/demo up` describes in its state file."""

    def __init__(self, state: dict) -> None:
        self.state = state
        self.namespace = state["namespace"]
        self.standin = httpx.Client(base_url=state["standinUrl"], timeout=60)

    # --- Kubernetes

    def kubectl(self, *arguments: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess:
        """Runs kubectl in the installation's namespace."""
        command = [*self.state["kubectl"], "--kubeconfig", self.state["kubeconfig"], "-n", self.namespace, *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def get(self, *arguments: str) -> dict:
        """`kubectl get … -o json`."""
        return json.loads(self.kubectl("get", *arguments, "-o", "json").stdout)

    def apply(self, *objects: dict) -> None:
        """Applies objects as a person would."""
        for thing in objects:
            self.kubectl("apply", "-f", "-", stdin=json.dumps(thing))

    def refusal(self, thing: dict) -> str:
        """The API server's message when it refuses an object; fails when it does not."""
        done = self.kubectl("apply", "-f", "-", stdin=json.dumps(thing), check=False)
        assert done.returncode != 0, f"accepted: {thing}"
        return done.stderr

    def schedules(self) -> list[str]:
        """Names of the schedules of the demo."""
        return sorted(item["metadata"]["name"] for item in self.get("syncschedules")["items"])

    def suspend_schedules(self) -> None:
        """Stops runs by the clock, which would hold the lease that a requested run needs."""
        for schedule in self.schedules():
            self.kubectl("patch", "syncschedule", schedule, "--type=merge", "-p", '{"spec":{"suspend":true}}')

    def request_run(self, schedule: str) -> dict:
        """Asks a schedule to run now; waits for that run to end, returns `status.lastRun`."""
        request = str(uuid.uuid4())
        job = f"ss-{schedule}-{fnv1a(request):08x}"
        self.kubectl("annotate", "--overwrite", "syncschedule", schedule, f"deskfleet.dev/run-requested-at={request}")

        def ended() -> dict | None:
            run = self.get("syncschedule", schedule).get("status", {}).get("lastRun") or {}
            return run if run.get("name") == job else None

        return self.eventually(ended, f"run of {schedule} on request")

    def eventually(self, probe: Callable[[], T], what: str, seconds: float = WAIT_SECONDS) -> T:
        """The first true result of `probe`, asked until it comes."""
        deadline = time.monotonic() + seconds
        while True:
            result = probe()
            if result:
                return result
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            time.sleep(0.5)

    def condition(self, kind: str, name: str, type_: str) -> dict:
        """A condition of an object; empty while it has none."""
        status = self.get(kind, name).get("status", {})
        return next((c for c in status.get("conditions", []) if c["type"] == type_), {})

    # --- Postgres

    def sql(self, query: str) -> list[dict]:
        """Rows of a query, all values as text, null as None; run inside the database's pod."""
        copy = f"copy ({query}) to stdout with (format csv, header, null '∅')"
        login = 'PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE") exec psql -v ON_ERROR_STOP=1 -qAt -U postgres -d "$0" -f -'
        pod, database = self.state["databasePod"], self.state["database"]
        done = self.kubectl("exec", "-i", pod, "--", "sh", "-c", login, database, stdin=copy)
        rows = csv.DictReader(io.StringIO(done.stdout))
        return [{key: None if value == "∅" else value for key, value in row.items()} for row in rows]

    # --- API

    def api(self) -> httpx.Client:
        """A signed-in client of the API that trusts only the installation's own authority."""
        context = ssl.create_default_context(cafile=self.state["caFile"])
        client = httpx.Client(base_url=self.state["consoleUrl"], verify=context, timeout=30)
        origin = {"Origin": self.state["consoleUrl"]}
        answer = client.post("/api/v1/session", json=self.credentials(), headers=origin)
        assert answer.status_code == 200, answer.text
        return client

    def credentials(self) -> dict:
        """The bootstrap administrator's name and password."""
        return {"username": self.state["username"], "password": self.state["password"]}

    # --- AWS

    def aws(self, account: dict, service: str, region: str):
        """A boto3 client of the stand-in with an account's own keys."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.state["standinUrl"],
            aws_access_key_id=account["accessKeyId"],
            aws_secret_access_key=account["secretAccessKey"],
            config=Config(retries={"max_attempts": 8, "mode": "standard"}),
        )

    def control(self, path: str, body: dict | None = None) -> dict:
        """Calls a control endpoint of the stand-in."""
        answer = self.standin.post(f"/_standin/{path}", json=body or {})
        assert answer.status_code < 300, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def stop_the_clock(self) -> None:
        """Lets the fleet's time stand still, so that two readings have to agree."""
        now = self.standin.get("/_standin/clock").json()["now"]
        self.control("clock", {"set": now, "running": False})

    @contextlib.contextmanager
    def fault(self, **rule: object) -> Iterator[None]:
        """Breaks AWS in one way for as long as the block runs."""
        self.control("fault", {"rules": [{"count": 100_000} | rule]})
        try:
            yield
        finally:
            self.standin.delete("/_standin/fault").raise_for_status()
