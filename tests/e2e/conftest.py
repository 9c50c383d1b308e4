"""Fixtures: the installation under test, seen only from outside.

Nothing of deskfleet is imported here. The installation is reached as its users reach it:
kubectl, the HTTPS API, SQL in the database's own pod; AWS's answers are read with boto3.
"""

import json
import os
import pathlib

import pytest

from installation import Installation

SCHEDULED = "select run_id from run where trigger = 'schedule' and outcome = 'complete'"
RUNNING = "select run_id from run where outcome = 'running'"


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The installation that `sandbox/demo/demo up` described in its state file."""
    state = pathlib.Path(os.environ["DESKFLEET_DEMO_STATE"])
    return Installation(json.loads(state.read_text()))


@pytest.fixture(scope="session")
def synced(installation: Installation) -> Installation:
    """The installation after a run by the clock and, with the fleet's clock standing still,
    a run of every schedule on request; from then on runs happen on request only."""
    installation.eventually(lambda: installation.sql(SCHEDULED), "a complete run by the clock")
    installation.suspend_schedules()
    installation.eventually(lambda: not installation.sql(RUNNING), "no run in hand")
    installation.stop_the_clock()
    for schedule in installation.schedules():
        run = installation.request_run(schedule)
        assert run["outcome"] == "Complete", run
    return installation
