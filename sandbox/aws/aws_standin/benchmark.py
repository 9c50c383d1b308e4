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

_SCOPE = "AKIAAAAAAAAAAAAAAAA1/20260304/eu-central-1/workspaces/aws4_request"
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
    account = {"id": "123456789012", "regions": ["eu-central-1"]}
    fleet = {"seed": 1, "accounts": [account], "desktops": desktops}
    client.control("clock", {"set": "2026-03-04T12:00:00Z"})
    week = "ledger?type=sessions&from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z"
    work: list[tuple[str, Callable[[], int]]] = [
        ("make the fleet", lambda: len(client.control("fleet", fleet)["sites"])),
        ("DescribeWorkspaces, first time", lambda: client.pages("DescribeWorkspaces")),
        ("DescribeWorkspaces, again", lambda: client.pages("DescribeWorkspaces")),
        ("ConnectionStatus", lambda: client.pages("DescribeWorkspacesConnectionStatus")),
        ("ledger, sessions of a week", lambda: client.request("GET", week).count(b"\n")),
    ]
    for name, act in work:
        before = _cpu_seconds(pid)
        count = act()
        yield f"{name:34}{_cpu_seconds(pid) - before:8.2f} s CPU {count:9} answers or lines"
    yield f"{'memory':34}{_resident_mib(pid):8.0f} MiB"


class _Client:
    """A client that costs little: no SDK, one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def control(self, name: str, document: dict[str, Any]) -> Any:
        return json.loads(self.request("POST", name, document))

    def request(self, method: str, name: str, document: dict[str, Any] | None = None) -> bytes:
        return self._send(method, f"/_standin/{name}", document, {})

    def pages(self, operation: str) -> int:
        headers = {
            "X-Amz-Target": f"WorkspacesService.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={_SCOPE}",
        }
        count = 0
        params: dict[str, str] = {}
        while True:
            page = json.loads(self._send("POST", "/", params, headers))
            count += 1
            if "NextToken" not in page:
                return count
            params = {"NextToken": page["NextToken"]}

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
