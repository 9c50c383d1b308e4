"""Deliveries of a cost export into a bucket of the S3 server, and what the ledger says of them.

In: the stand-in, an S3 server, months as told at an instant. Out: a `Delivery` each,
with the ledger's lines of its month. The files are made by `sandbox/aws/aws export`, as a program.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from history import Json
from plans import HUB
from standin import Standin, instant, seconds, wall

KEY = ("AKIADESKFLEETSANDBOX", "sandbox-secret-that-opens-nothing")
"""The key of the S3 server; it opens nothing else."""
NAME = "desks"
_PROGRAM = Path(__file__).parents[2] / "sandbox/aws/aws"


@dataclass(frozen=True)
class Delivery:
    """A month as it was delivered."""

    month: date
    as_of: int
    """UTC seconds of the fleet."""
    began: float
    ended: float
    """Between these instants of the real clock it was written."""
    lines: list[Json] = field(default_factory=list)


@dataclass
class Bucket:
    """A bucket of this story's own; it is made with the first delivery."""

    standin: Standin
    server: str
    name: str = field(default_factory=lambda: f"collect-{uuid.uuid4()}")

    def plan(self) -> Json:
        """Where deskfleet finds it."""
        return {
            "bucket": self.name,
            "prefix": "cur",
            "exportName": NAME,
            "region": "us-east-1",
            "endpointUrl": self.server,
        }

    def deliver(self, months: list[date], as_of: int, kind: str) -> list[Delivery]:
        """Deliver months as they were told at an instant, in a format."""
        command = [str(_PROGRAM), "export", "--endpoint", self.standin.url, "--s3", self.server]
        command += ["--bucket", self.name, "--name", NAME, "--payer", HUB, "--format", kind]
        command += ["--months", ",".join(f"{one:%Y-%m}" for one in months)]
        command += ["--as-of", instant(as_of)]
        began = wall()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"the export ended with {done.returncode}: {done.stderr[-2000:]}")
        ended = wall()
        return [Delivery(month, as_of, began, ended, self._lines(month, as_of)) for month in months]

    def _lines(self, month: date, as_of: int) -> list[Json]:
        first, end = (
            seconds(f"{day}T00:00:00Z")
            for day in (month, (month + timedelta(days=32)).replace(day=1))
        )
        return list(self.standin.ledger("bill", from_=first, to=end, asOf=instant(as_of)))


def server() -> str:
    """The address of the S3 server."""
    found = os.environ.get("DESKFLEET_TEST_S3_URL")
    if not found:
        raise RuntimeError(
            "DESKFLEET_TEST_S3_URL is not set: `make test` sets it; by hand start "
            "`sandbox/aws/aws objects up` and set it to http://127.0.0.1:7070"
        )
    return found
