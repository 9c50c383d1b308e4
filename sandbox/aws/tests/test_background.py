"""The command line: up, status, fleet and down, with a pid file that is never believed blindly."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Standin


def aws(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aws_standin", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    aws("down", "--state", str(tmp_path))


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def test_a_server_in_the_background_comes_and_goes(state: Path) -> None:
    where, port = ("--state", str(state)), free_port()
    assert aws("status", *where).returncode == 3
    up = aws("up", "--port", port, *where)
    assert up.returncode == 0, up.stderr
    assert "runs already" in aws("up", "--port", port, *where).stdout
    refused = aws("up", "--port", free_port(), *where)
    assert refused.returncode == 1
    assert "runs already" in refused.stderr
    assert aws("status", *where).returncode == 0
    assert "ended" in aws("down", *where).stdout
    assert aws("status", *where).returncode == 3
    assert "does not run" in aws("down", *where).stdout


def test_another_process_with_the_same_pid_is_never_ended(state: Path) -> None:
    stale = {"pid": os.getpid(), "started": 1, "url": "http://127.0.0.1:1"}
    (state / "server.json").write_text(json.dumps(stale))
    assert "does not run" in aws("down", "--state", str(state)).stdout


def test_a_server_that_cannot_start_says_why(state: Path, standin: Standin) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        failed = aws("up", "--port", port, "--state", str(state))
    assert failed.returncode == 1
    assert "did not start" in failed.stderr
    occupied = standin.url.rsplit(":", 1)[1]
    failed = aws("up", "--port", occupied, "--state", str(state))
    assert "another program answers" in failed.stderr


def test_the_fleet_command_makes_all_a_client_needs(standin: Standin) -> None:
    made = aws("fleet", "--endpoint", standin.url, "--desktops", "90", "--seed", "5")
    assert made.returncode == 0, made.stderr
    summary = json.loads(made.stdout)
    first, second = summary["accounts"]
    sts = standin.client(
        "sts",
        aws_access_key_id=first["accessKeyId"],
        aws_secret_access_key=first["secretAccessKey"],
    )
    assert sts.get_caller_identity()["Account"] == first["account"]
    session = sts.assume_role(
        RoleArn=second["roleArn"], RoleSessionName="demo", ExternalId=second["externalId"]
    )
    assert session["AssumedRoleUser"]["Arn"].split(":")[4] == second["account"]
    assert len(standin.control("ledger")) == 90
    again = aws("fleet", "--endpoint", standin.url, "--desktops", "90", "--seed", "5")
    assert json.loads(again.stdout) == summary


def test_the_fleet_command_says_what_is_wrong() -> None:
    failed = aws("fleet", "--endpoint", "http://127.0.0.1:1")
    assert failed.returncode == 1
    assert "does not answer" in failed.stderr
