"""The command line: up, status, fleet and down, with a pid file that is never believed blindly."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aws_standin import background
from aws_standin.command_line import main
from tests.conftest import Standin


@dataclass
class Finished:
    """A command that has run."""

    status: int
    out: str
    err: str


Aws = Callable[..., Finished]


@pytest.fixture
def aws(capsys: pytest.CaptureFixture[str]) -> Aws:
    """Runs one command line in this process; the server of `up` is a process of its own."""

    def run(*arguments: str) -> Finished:
        status = main(list(arguments))
        said = capsys.readouterr()
        return Finished(status, said.out, said.err)

    return run


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    background.down(tmp_path)


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def test_a_server_in_the_background_comes_and_goes(aws: Aws, state: Path) -> None:
    where, port = ("--state", str(state)), free_port()
    assert aws("status", *where).status == 3
    up = aws("up", "--port", port, *where)
    assert up.status == 0, up.err
    assert "runs already" in aws("up", "--port", port, *where).out
    refused = aws("up", "--port", free_port(), *where)
    assert refused.status == 1
    assert "runs already" in refused.err
    assert aws("status", *where).status == 0
    assert "ended" in aws("down", *where).out
    assert aws("status", *where).status == 3
    assert "does not run" in aws("down", *where).out


def test_another_process_with_the_same_pid_is_never_ended(aws: Aws, state: Path) -> None:
    stale = {"pid": os.getpid(), "started": 1, "url": "http://127.0.0.1:1"}
    (state / "server.json").write_text(json.dumps(stale))
    assert "does not run" in aws("down", "--state", str(state)).out


def test_an_address_that_is_taken_is_named(aws: Aws, state: Path, standin: Standin) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        failed = aws("up", "--port", port, "--state", str(state))
    assert failed.status == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in failed.err
    occupied = standin.url.rsplit(":", 1)[1]
    failed = aws("up", "--port", occupied, "--state", str(state))
    assert "another program answers" in failed.err


def test_a_server_that_does_not_start_leaves_nothing_behind(
    aws: Aws, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    failed = aws("up", "--port", free_port(), "--state", str(state))
    assert failed.status == 1
    assert "did not start" in failed.err
    assert aws("status", "--state", str(state)).status == 3


def test_the_fleet_command_makes_all_a_client_needs(aws: Aws, standin: Standin) -> None:
    made = aws("fleet", "--endpoint", standin.url, "--desktops", "90", "--seed", "5")
    assert made.status == 0, made.err
    summary = json.loads(made.out)
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
    assert json.loads(again.out) == summary


def test_the_benchmark_measures_a_server_of_its_own(aws: Aws) -> None:
    measured = aws("bench", "--desktops", "60")
    assert measured.status == 0, measured.err
    lines = measured.out.splitlines()
    assert len(lines) == 16
    assert lines[1].startswith("DescribeWorkspaces, first time")
    assert lines[1].split()[-4] == "3"


def test_the_fleet_command_says_what_is_wrong(aws: Aws) -> None:
    failed = aws("fleet", "--endpoint", "http://127.0.0.1:1")
    assert failed.status == 1
    assert "does not answer" in failed.err
