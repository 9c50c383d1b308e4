"""The programs under test, run as Kubernetes would run them.

`deskfleet-store migrate`, and Jobs of `deskfleet-sync run`, each with its plan, its mounted Secrets
and its retries. In: plans. Out: exit codes and reports. Deliberately absent: Kubernetes itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standin import instant, wall

Json = dict[str, Any]

_RETRIED = frozenset({10, 30, 40})
"""Exit codes after which a Job makes another pod."""
_MOST_ATTEMPTS = 4


@dataclass(frozen=True)
class Finished:
    """A Job that is over."""

    run_id: str
    exit_code: int
    report: Json
    attempts: int
    began: float
    ended: float
    log: str


class Programs:
    """The programs and a folder for what is mounted into them."""

    def __init__(self, binaries: Path, folder: Path, database_url: str) -> None:
        self._binaries = binaries
        self._folder = folder
        self.put("database/url", database_url)

    def put(self, path: str, text: str) -> None:
        """Mount a file."""
        where = self._folder / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)

    def migrate(self) -> None:
        """Make the schema."""
        command = [str(self._binaries / "deskfleet-store"), "migrate"]
        done = subprocess.run(
            command, env=self._environment({}), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"migrate ended with {done.returncode}: {done.stderr[-2000:]}")

    def sync(self, plan: Json, now: int) -> Finished:
        """Run a Job to its end, with the fleet's instant `now` as the present."""
        run_id = str(uuid.uuid4())
        began, attempts = wall(), 0
        while True:
            attempts += 1
            code, log = self._pod(plan, run_id, now)
            if code not in _RETRIED or attempts >= _MOST_ATTEMPTS:
                break
        message = (self._folder / f"termination-{run_id}").read_text()
        return Finished(run_id, code, json.loads(message), attempts, began, wall(), log)

    def _pod(self, plan: Json, run_id: str, now: int) -> tuple[int, str]:
        command = [str(self._binaries / "deskfleet-sync"), "run", "--log-format", "text"]
        own = {
            "DESKFLEET_PLAN": json.dumps(plan),
            "DESKFLEET_RUN_ID": run_id,
            "DESKFLEET_JOB_NAME": f"ss-{plan['schedule']['name']}-{run_id[:8]}",
            "DESKFLEET_SYNC_NOW": instant(now),
            "DESKFLEET_AWS_KEYS_DIR": str(self._folder / "keys"),
            "DESKFLEET_EXTERNAL_ID_DIR": str(self._folder / "external-id"),
            "DESKFLEET_TERMINATION_LOG": str(self._folder / f"termination-{run_id}"),
        }
        done = subprocess.run(
            command, env=self._environment(own), capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def _environment(self, own: dict[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "DESKFLEET_DATABASE_URL_FILE": str(self._folder / "database/url"),
            "DESKFLEET_DATABASE_WAIT_SECONDS": "5",
            "AWS_EC2_METADATA_DISABLED": "true",
            **own,
        }
