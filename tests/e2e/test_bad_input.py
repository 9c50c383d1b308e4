"""What cannot be right is refused with a sentence; what turns out wrong is Stalled and says so.

In every case the fleet that was there stays as it was.
"""

import copy
import json
import uuid
from collections.abc import Callable, Iterator

import pytest

from installation import Installation

GROUP = "deskfleet.dev/v1alpha1"


def an_account(installation: Installation, **changes: object) -> dict:
    """A WorkspaceAccount like the demo's first, under a name of its own."""
    first = installation.get("workspaceaccount", installation.state["accounts"][0]["object"])
    spec = copy.deepcopy(first["spec"]) | changes
    return {"apiVersion": GROUP, "kind": "WorkspaceAccount", "metadata": {"name": f"bad-{uuid.uuid4().hex[:8]}"}, "spec": spec}


def a_schedule(installation: Installation, **changes: object) -> dict:
    """A SyncSchedule like the demo's first, under a name of its own."""
    first = installation.get("syncschedule", installation.schedules()[0])
    spec = copy.deepcopy(first["spec"]) | changes
    return {"apiVersion": GROUP, "kind": "SyncSchedule", "metadata": {"name": f"bad-{uuid.uuid4().hex[:8]}"}, "spec": spec}


@pytest.fixture
def fleet(synced: Installation) -> Iterator[Callable[[dict], dict]]:
    """Fails when the test lost or invented a desktop; removes what the test applied."""
    count = "select count(*) as n, count(gone_at) as gone from workspace"
    before = synced.sql(count)
    applied: list[dict] = []

    def apply(thing: dict) -> dict:
        applied.append(thing)
        synced.apply(thing)
        return thing

    yield apply
    for thing in reversed(applied):
        synced.kubectl("delete", thing["kind"].lower(), thing["metadata"]["name"], "--ignore-not-found")
    assert synced.sql(count) == before


def stalled(installation: Installation, thing: dict) -> dict:
    """Waits for condition Stalled and returns it."""
    kind, name = thing["kind"].lower(), thing["metadata"]["name"]

    def probe() -> dict | None:
        condition = installation.condition(kind, name, "Stalled")
        return condition if condition.get("status") == "True" else None

    return installation.eventually(probe, f"{kind}/{name} Stalled")


def not_ready(installation: Installation, thing: dict, reason: str) -> dict:
    """Waits for Ready=False with a reason and returns the condition."""
    kind, name = thing["kind"].lower(), thing["metadata"]["name"]

    def probe() -> dict | None:
        condition = installation.condition(kind, name, "Ready")
        return condition if condition.get("status") == "False" and condition.get("reason") == reason else None

    return installation.eventually(probe, f"{kind}/{name} not ready because {reason}")


def free_account_id(installation: Installation) -> str:
    return "999999999999"


def test_an_account_id_with_eleven_digits_is_refused(installation: Installation) -> None:
    message = installation.refusal(an_account(installation, accountId="12345678901"))
    assert "accountId" in message and "12" in message


def test_an_unknown_region_is_refused(installation: Installation) -> None:
    message = installation.refusal(an_account(installation, regions=["mars-north-1"]))
    assert "regions" in message


def test_a_wrong_account_id_stalls_the_account(installation: Installation, fleet) -> None:
    thing = fleet(an_account(installation, accountId=free_account_id(installation)))
    condition = not_ready(installation, thing, "WrongAccount")
    assert installation.state["accounts"][0]["id"] in condition["message"]


def test_a_missing_secret_is_named(installation: Installation, fleet) -> None:
    name = f"deskfleet-missing-{uuid.uuid4().hex[:6]}"
    thing = fleet(
        an_account(installation, accountId=free_account_id(installation), credentials={"secretRef": {"name": name}})
    )
    assert name in not_ready(installation, thing, "SecretMissing")["message"]


def test_no_account_makes_pods_run_as_the_installation(installation: Installation, fleet) -> None:
    own = next(
        thing["spec"]["template"]["spec"]["serviceAccountName"]
        for thing in installation.get("deployments")["items"]
        if thing["metadata"]["labels"]["app.kubernetes.io/component"] == "operator"
    )
    ambient = {"ambient": {"serviceAccountName": own}}
    thing = fleet(an_account(installation, accountId=free_account_id(installation), credentials=ambient))
    assert own in not_ready(installation, thing, "ServiceAccountNotAllowed")["message"]
    name = thing["metadata"]["name"]
    assert installation.get("jobs", "-l", f"deskfleet.dev/kind=WorkspaceAccount,deskfleet.dev/name={name}")["items"] == []


def test_what_other_controllers_act_on_is_not_passed_to_pods(installation: Installation, fleet) -> None:
    message = installation.refusal(a_schedule(installation, podLabels={"sidecar.istio.io/inject": "true"}))
    assert "podLabels" in message
    thing = fleet(a_schedule(installation, podAnnotations={"vault.hashicorp.com/agent-inject": "true"}))
    message = stalled(installation, thing)["message"]
    assert "spec.podAnnotations" in message and "--allowed-pod-annotations" in message


def test_a_wrong_external_id_is_told_apart(installation: Installation, fleet) -> None:
    account = free_account_id(installation)
    role = f"arn:aws:iam::{account}:role/deskfleet-read"
    installation.control("credentials", {"strict": True, "roles": [{"arn": role, "externalId": "the-right-one"}]})
    secret = f"deskfleet-external-{uuid.uuid4().hex[:6]}"
    metadata = {"name": secret}
    installation.apply({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"externalId": "a-wrong-one"}})
    try:
        assume = {"roleArn": role, "externalIdSecretRef": {"name": secret}, "from": {"secretRef": {"name": "deskfleet-aws-keys"}}}
        thing = fleet(an_account(installation, accountId=account, credentials={"assumeRole": assume}))
        message = not_ready(installation, thing, "AssumeRoleDenied")["message"]
        assert "external id" in message.lower()
        assert "wrong-one" not in message
    finally:
        installation.kubectl("delete", "secret", secret)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"schedule": "61 * * * *"}, "spec.schedule"), ({"schedule": "every now and then"}, "spec.schedule"), ({"timeZone": "Mars/Olympus"}, "spec.timeZone")],
)
def test_nonsense_in_a_schedule_is_told_with_its_field(installation: Installation, fleet, change: dict, field: str) -> None:
    thing = a_schedule(installation, **change)
    done = installation.kubectl("apply", "-f", "-", stdin=json.dumps(thing), check=False)
    if done.returncode != 0:
        assert field in done.stderr, done.stderr
        return
    try:
        assert field in stalled(installation, thing)["message"]
        assert installation.kubectl("get", "cronjob", f"ss-{thing['metadata']['name']}", check=False).returncode != 0
    finally:
        installation.kubectl("delete", "syncschedule", thing["metadata"]["name"])


def test_an_account_that_is_not_there_is_waited_for(installation: Installation, fleet) -> None:
    thing = fleet(a_schedule(installation, accountRef={"name": "nobody"}))
    assert "nobody" in not_ready(installation, thing, "AccountNotFound")["message"]
