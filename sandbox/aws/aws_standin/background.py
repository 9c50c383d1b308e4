"""A server in the background: started, found and ended by a pid file that cannot lie.

The pid file holds the process's start time beside its pid, so a pid that the system has given to
another process since is never mistaken for the server, nor ended.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

READY_SECONDS = 60
END_SECONDS = 10
_POLL_SECONDS = 0.05
HEALTH = "/_standin/health"
_START_TIME_FIELD = 19  # of /proc/PID/stat, counted behind the command's name


class BackgroundError(Exception):
    """The server could not be started or ended."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server in the background."""

    pid: int
    started: int
    """Start time in clock ticks since boot."""
    url: str
    health: str = HEALTH
    """Path that answers 200 when the server is ready."""


def up(state: Path, host: str, port: int) -> str:
    """Start a server unless one runs; returns when it answers."""
    command = [sys.executable, "-m", "aws_standin", "serve", "--host", host, "--port", str(port)]
    return start(state, command, (host, port))


def start(
    state: Path,
    command: list[str],
    address: tuple[str, int],
    *,
    health: str = HEALTH,
    environment: dict[str, str] | None = None,
) -> str:
    """Start any server at an address unless it runs; returns when it answers."""
    host, port = address
    url = f"http://{host}:{port}"
    server = _read(state)
    if server is not None:
        if server.url != url:
            raise BackgroundError(f"a server runs already at {server.url}; end it with `aws down`")
        return f"runs already at {url} (pid {server.pid})"
    if _answers(url + health):
        raise BackgroundError(f"another program answers at {url}; choose another --port")
    _check_address(host, port)
    state.mkdir(parents=True, exist_ok=True)
    with _log(state).open("wb") as log:
        child = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = _start_time(child.pid)
    if started is not None:
        child_server = Running(child.pid, started, url, health)
        _pid_file(state).write_text(json.dumps(asdict(child_server)) + "\n")
    _await_ready(child, url + health, state)
    return f"runs at {url} (pid {child.pid}, log {_log(state)})"


def running(state: Path) -> Running:
    """The server that runs."""
    found = _read(state)
    if found is None:
        raise BackgroundError("no server runs")
    return found


def down(state: Path) -> str:
    """End the server, if one runs."""
    server = _read(state)
    if server is None:
        _pid_file(state).unlink(missing_ok=True)
        return "does not run"
    deadline = time.monotonic() + END_SECONDS
    with suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGTERM)
        while _start_time(server.pid) == server.started:
            if time.monotonic() > deadline:
                os.kill(server.pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)
    _pid_file(state).unlink(missing_ok=True)
    return f"ended (pid {server.pid})"


def status(state: Path) -> tuple[str, bool]:
    """Say whether a server runs."""
    server = _read(state)
    if server is None:
        return "does not run", False
    if not _answers(server.url + server.health):
        return f"pid {server.pid} does not answer at {server.url}; see {_log(state)}", False
    return f"runs at {server.url} (pid {server.pid})", True


def _check_address(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = error.strerror or error
        raise BackgroundError(f"cannot listen on {host}, port {port}: {reason}") from None


def _await_ready(child: subprocess.Popen[bytes], url: str, state: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(url):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            child.wait()
            _pid_file(state).unlink(missing_ok=True)
            last = _log(state).read_text(errors="replace").strip().splitlines()[-3:]
            raise BackgroundError(f"the server did not start: {' / '.join(last)}")
        time.sleep(_POLL_SECONDS)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _read(state: Path) -> Running | None:
    try:
        server = Running(**json.loads(_pid_file(state).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return server if _start_time(server.pid) == server.started else None


def _start_time(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[_START_TIME_FIELD])


def _pid_file(state: Path) -> Path:
    return state / "server.json"


def _log(state: Path) -> Path:
    return state / "server.log"
