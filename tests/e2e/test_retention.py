"""Retention as installed: the chart's CronJob removes what is older than the account keeps it."""

import uuid
from collections.abc import Iterator

import pytest

from installation import Installation

RUN = "insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, sources, regions, started_at, outcome, finished_at)"


@pytest.fixture
def old_run(synced: Installation) -> Iterator[str]:
    """The id of a run of two hundred days ago, of an account that exists."""
    run, account = str(uuid.uuid4()), synced.state["accounts"][0]["id"]
    ended = "now() - interval '200 days', 'complete', now() - interval '200 days'"
    synced.sql(f"{RUN} values ('{run}', 'deskfleet', 'of-old', '{account}', 'schedule', '{{inventory}}', '{{us-east-1}}', {ended}) returning run_id")
    yield run
    synced.sql(f"delete from run where run_id = '{run}' returning run_id")


def test_the_cron_job_removes_what_is_over_and_nothing_else(synced: Installation, old_run: str) -> None:
    runs = "select run_id from run"
    before = {row["run_id"] for row in synced.sql(runs)}
    job = f"retain-{uuid.uuid4().hex[:6]}"
    synced.kubectl("create", "job", job, "--from=cronjob/deskfleet-retain")
    try:
        synced.kubectl("wait", "--for=condition=Complete", f"job/{job}", "--timeout=120s")
        log = synced.kubectl("logs", f"job/{job}").stdout
        assert "1 of run" in log, log
        gone = before - {row["run_id"] for row in synced.sql(runs)}
        assert gone == {old_run}, "other schedules may have added runs, none lost any"
    finally:
        synced.kubectl("delete", "job", job, "--ignore-not-found")
