"""An account that goes with its rows: first what it read, then the object, and nothing of others.

The account is one of its own with an empty fleet, so that no other test misses it.
"""

import uuid
from collections.abc import Iterator

import pytest

from installation import Installation

ACCOUNT = "888888888888"
GROUP = "deskfleet.dev/v1alpha1"
TABLES = (
    "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid "
    "where a.attname = 'account_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition "
    "and c.relnamespace = 'public'::regnamespace and c.relname not like 'audit%' order by 1"
)


def rows(installation: Installation, where: str) -> dict[str, str]:
    """Rows of each table that knows accounts, as far as `where` says; tables without any are left out."""
    tables = [table["name"] for table in installation.sql(TABLES)]
    assert len(tables) > 5, tables
    counts = " union all ".join(f"select '{table}' as name, count(*) as n from {table} where {where}" for table in tables)
    return {row["name"]: row["n"] for row in installation.sql(counts) if row["n"] != "0"}


@pytest.fixture
def doomed(synced: Installation) -> Iterator[str]:
    """The name of an account object that has been proven and read once."""
    name, key = f"doomed-{uuid.uuid4().hex[:6]}", f"AKIA{uuid.uuid4().hex[:16].upper()}"
    secret = f"deskfleet-{name}"
    synced.control("credentials", {"strict": True, "keys": [{"accessKeyId": key, "account": ACCOUNT, "secretAccessKey": "s" * 40}]})
    first = synced.get("workspaceaccount", synced.state["accounts"][0]["object"])["spec"]
    spec = {
        "accountId": ACCOUNT,
        "regions": first["regions"][:1],
        "endpointUrl": first["endpointUrl"],
        "credentials": {"secretRef": {"name": secret}},
        "deletionPolicy": "Delete",
    }
    schedule = {"accountRef": {"name": name}, "sources": ["Inventory"], "schedule": "@yearly"}
    synced.apply(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": secret}, "stringData": {"accessKeyId": key, "secretAccessKey": "s" * 40}},
        {"apiVersion": GROUP, "kind": "WorkspaceAccount", "metadata": {"name": name}, "spec": spec},
        {"apiVersion": GROUP, "kind": "SyncSchedule", "metadata": {"name": name}, "spec": schedule},
    )
    synced.kubectl("wait", "--for=condition=Ready", f"workspaceaccount/{name}", "--timeout=120s")
    assert synced.request_run(name)["outcome"] == "Complete"
    yield name
    for kind, thing in (("syncschedule", name), ("workspaceaccount", name), ("secret", secret)):
        synced.kubectl("delete", kind, thing, "--ignore-not-found", "--timeout=120s")


def test_an_account_deleted_with_its_rows_leaves_none_and_takes_no_others(synced: Installation, doomed: str) -> None:
    mine, others = f"account_id = '{ACCOUNT}'", f"account_id is distinct from '{ACCOUNT}'"
    assert "run" in rows(synced, mine)
    before = rows(synced, others)
    finalizers = synced.get("workspaceaccount", doomed)["metadata"]["finalizers"]
    assert finalizers == ["deskfleet.dev/purge"]

    # Returns when the object is gone, which it is when the rows are.
    synced.kubectl("delete", "workspaceaccount", doomed, "--timeout=120s")
    # How long the audit trail is kept stays with the trail, which is kept.
    assert rows(synced, mine) == {"account_retention": "1"}
    assert rows(synced, others) == before
    events = synced.get("events", "--field-selector=reason=RowsPurged")["items"]
    assert any(event["regarding" if "regarding" in event else "involvedObject"]["name"] == doomed for event in events), events
    assert synced.condition("syncschedule", doomed, "Ready")["reason"] == "AccountNotFound"
