"""`aws bench`: what a fleet costs the server, in CPU seconds of its process.

In: a number of desktops. Out: lines of name, CPU seconds and count, measured on a server of its own
that is ended again. CPU and not wall time, because the machine is rarely idle.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aws_standin import background
from aws_standin.contract.models import by_name

_SCOPE = "AKIAAAAAAAAAAAAAAAA1/20260304/eu-central-1/{}/aws4_request"
_NOON = 1_772_625_600
"""The fleet's instant, a Wednesday."""
_QUERIES, _POINTS = 500, 200
_TOKENS = ("NextToken", "PaginationToken")
_SERVICES = {
    "GetResources": "resourcegroupstaggingapi",
    "GetMetricData": "cloudwatch",
    "ListMetrics": "cloudwatch",
    "ReceiveMessage": "sqs",
    "LookupEvents": "cloudtrail",
}
"""Services of operations other than WorkSpaces'."""
_TICKS = os.sysconf("SC_CLK_TCK")
_USER_TIME, _SYSTEM_TIME = 11, 12  # of /proc/PID/stat, counted behind the command's name


def run(desktops: int) -> Iterator[str]:
    """Measure, and yield a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        state, port = Path(folder), _free_port()
        background.up(state, "127.0.0.1", port)
        try:
            pid = background.running(state).pid
            yield from _measure(_Client(port), pid, desktops)
        finally:
            background.down(state)


def _measure(client: _Client, pid: int, desktops: int) -> Iterator[str]:
    """Yield a line for each figure."""
    account = {"id": "123456789012", "regions": ["eu-central-1"]}
    fleet = {"seed": 1, "accounts": [account], "desktops": desktops}
    client.control("clock", {"set": "2026-03-04T12:00:00Z"})
    week = "ledger?type=sessions&from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z"
    month = "from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z"
    bill, costs = (f"ledger?type={kind}&{month}" for kind in ("bill", "costs"))
    client.control("throttle", {"rules": [], "awsLimits": False})
    work: list[tuple[str, Callable[[], int]]] = [
        ("make the fleet", lambda: len(client.control("fleet", fleet)["sites"])),
        ("DescribeWorkspaces, first time", lambda: client.pages("DescribeWorkspaces")),
        ("DescribeWorkspaces, again", lambda: client.pages("DescribeWorkspaces")),
        ("ConnectionStatus", lambda: client.pages("DescribeWorkspacesConnectionStatus")),
        ("ledger, sessions of a week", lambda: client.request("GET", week).count(b"\n")),
        ("GetResources", lambda: client.pages("GetResources")),
        ("UserConnected, first time", lambda: client.points("UserConnected", desktops)),
        ("UserConnected, again", lambda: client.points("UserConnected", desktops)),
        ("UserConnected, one call", lambda: client.points("UserConnected", _QUERIES)),
        ("CPUUsage, one call", lambda: client.points("CPUUsage", _QUERIES)),
        ("ListMetrics, active ones", lambda: client.pages("ListMetrics", RecentlyActive="PT3H")),
        ("access events, all received", client.messages),
        ("LookupEvents, 90 days", lambda: client.pages("LookupEvents")),
        ("ledger, bill of February", lambda: client.request("GET", bill).count(b"\n")),
        ("ledger, costs again", lambda: client.request("GET", costs).count(b"\n")),
    ]
    for name, act in work:
        if name == "UserConnected, first time":
            client.know_desktops()
        before = _cpu_seconds(pid)
        count = act()
        yield f"{name:34}{_cpu_seconds(pid) - before:8.2f} s CPU {count:9} answers or lines"
    yield f"{'memory':34}{_resident_mib(pid):8.0f} MiB"


class _Client:
    """A client that costs little: no SDK, one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._known: list[str] = []

    def control(self, name: str, document: dict[str, Any]) -> Any:
        return json.loads(self.request("POST", name, document))

    def request(self, method: str, name: str, document: dict[str, Any] | None = None) -> bytes:
        return self._send(method, f"/_standin/{name}", document, {})

    def pages(self, operation: str, **params: Any) -> int:
        """Read a listing to its end; returns the number of pages."""
        count = 0
        token: dict[str, str] = {}
        while True:
            page = self._ask(operation, {**params, **token})
            count += 1
            token = {name: page[name] for name in _TOKENS if page.get(name)}
            if not token:
                return count

    def points(self, metric: str, desktops: int) -> int:
        """Read the latest slots of a metric of so many desktops; returns the number of points."""
        ids = self._known[:desktops]
        return sum(
            len(result["Values"])
            for at in range(0, len(ids), _QUERIES)
            for result in self._ask("GetMetricData", _metric(metric, ids[at : at + _QUERIES]))[
                "MetricDataResults"
            ]
        )

    def messages(self) -> int:
        """Receive what the queue holds, without deleting it; returns the number of messages."""
        where = {"QueueUrl": "http://localhost/123456789012/workspaces-access"}
        count = 0
        while True:
            answer = self._ask("ReceiveMessage", {**where, "MaxNumberOfMessages": 10})
            if "Messages" not in answer:
                return count
            count += len(answer["Messages"])

    def know_desktops(self) -> None:
        """Remember the ledger's desktops, so that asking for them is not measured."""
        lines = self.request("GET", "ledger").splitlines()
        self._known = [json.loads(line)["workspaceId"] for line in lines]

    def _ask(self, operation: str, params: dict[str, Any]) -> Any:
        service = by_name(_SERVICES.get(operation, "workspaces"))
        if service is None:
            raise background.BackgroundError(f"{operation} is of no service")
        scope = _SCOPE.format(service.signing_name)
        headers = {
            "X-Amz-Target": f"{service.target}.{operation}",
            "Content-Type": f"application/x-amz-json-{service.json_version}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}",
        }
        return json.loads(self._send("POST", "/", params, headers))

    def _send(
        self, method: str, path: str, document: dict[str, Any] | None, headers: dict[str, str]
    ) -> bytes:
        body = None if document is None else json.dumps(document)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            raise background.BackgroundError(f"{path}: {answer.status} {content[:200]!r}")
        return content


def _metric(metric: str, ids: list[str]) -> dict[str, Any]:
    """Parameters of GetMetricData for the latest slots of these desktops."""
    queries = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/WorkSpaces",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "WorkspaceId", "Value": identity}],
                },
                "Period": 300,
                "Stat": "Maximum",
            },
        }
        for number, identity in enumerate(ids)
    ]
    times = {"StartTime": _NOON - 300 * _POINTS, "EndTime": _NOON}
    return {"MetricDataQueries": queries, **times}


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / _TICKS


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / (1 << 20)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
