"""What events tell: records as AWS writes them, and the truth that they explain."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest

from tests.asking import refusal
from tests.conftest import ACCOUNT, NOON, REGION, Standin
from tests.test_contract import EXAMPLES
from tests.trail_questions import END, HERE, START, attribute, lookup, record, truth


def test_failed_and_refused_calls_are_events_too(trail: Standin) -> None:
    client = trail.client("workspaces")
    refusal(client.modify_workspace_state, WorkspaceId="ws-123456789", WorkspaceState="AVAILABLE")
    nobody = [{"WorkspaceId": "ws-123456789"}]
    client.stop_workspaces(StopWorkspaceRequests=nobody)
    trail.control("clock", {"advanceSeconds": 3600})
    own = {e["EventName"]: record(e) for e in lookup(trail, StartTime=datetime.fromisoformat(NOON))
           if e.get("Username") == "deskfleet"}  # fmt: skip
    assert own["ModifyWorkspaceState"]["errorCode"] == "ResourceNotFoundException"
    assert own["ModifyWorkspaceState"]["responseElements"] is None
    (failed,) = own["StopWorkspaces"]["responseElements"]["failedRequests"]
    assert failed["workspaceId"] == "ws-123456789"
    assert "errorCode" not in own["StopWorkspaces"]


def test_secrets_are_hidden(trail: Standin) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    trail.control("credentials", {"roles": [{"arn": role}]})
    answer = trail.client("sts").assume_role(RoleArn=role, RoleSessionName="test")
    trail.control("clock", {"advanceSeconds": 3600})
    (event,) = lookup(trail, LookupAttributes=attribute("EventName", "AssumeRole"))
    for secret in ("SecretAccessKey", "SessionToken"):
        assert answer["Credentials"][secret] not in event["CloudTrailEvent"]
    assert answer["Credentials"]["AccessKeyId"] in event["CloudTrailEvent"]


def test_records_are_told_as_cloudtrail_tells_them(trail: Standin) -> None:
    kinds: Counter[str] = Counter()
    for event in lookup(trail):
        told = record(event)
        kinds[told["userIdentity"]["type"]] += 1
        assert told["eventID"] == event["EventId"]
        assert told["recipientAccountId"] == ACCOUNT
        assert told["awsRegion"] == REGION
        assert str(told["readOnly"]).lower() == event["ReadOnly"]
        for member in told["requestParameters"] or {}:
            assert member[0].islower()
    assert {"AssumedRole", "IAMUser", "Unknown"} <= set(kinds)


def test_records_have_the_members_of_awss_own_example(trail: Standin) -> None:
    text = (EXAMPLES / "cloudtrail" / "lookup-events.rst").read_text()
    (published,) = json.loads(text.split("Output::")[1])["Events"]
    by_console = {"additionalEventData"}
    example = record(published)
    session = example["userIdentity"]["sessionContext"]
    for event in lookup(trail, StartTime=START, EndTime=END):
        told = record(event)
        assert set(published) <= {*event, "Username", "CloudTrailEvent"}
        assert set(example) - by_console <= set(told)
        if told["userIdentity"]["type"] == "AssumedRole":
            assert set(example["userIdentity"]) <= set(told["userIdentity"])
            own = told["userIdentity"]["sessionContext"]
            assert set(session["sessionIssuer"]) == set(own["sessionIssuer"])
            assert set(session["attributes"]) == set(own["attributes"])


def test_starts_of_the_trail_are_what_ran(trail: Standin) -> None:
    interval = f"from={START:%Y-%m-%dT%H:%M:%SZ}&to={END:%Y-%m-%dT%H:%M:%SZ}"
    running = trail.control(f"ledger?type=running&{HERE}&{interval}")
    begun = {(line["workspaceId"], line["start"]) for line in running}
    starts = [line for line in truth(trail) if line["name"] == "StartWorkspaces"]
    assert {bool(line["failedDesktops"]) for line in starts} == {True, False}
    for line in starts:
        (desktop,) = line["desktops"]
        assert ((desktop, line["at"]) in begun) != bool(line["failedDesktops"])


def test_stops_of_the_trail_end_what_ran(trail: Standin) -> None:
    interval = f"from={START:%Y-%m-%dT%H:%M:%SZ}&to={END:%Y-%m-%dT%H:%M:%SZ}"
    running = trail.control(f"ledger?type=running&{HERE}&{interval}")
    ended = {(line["workspaceId"], line["end"]) for line in running}
    stops = [
        line
        for line in truth(trail)
        if line["name"] == "StopWorkspaces" and not line["failedDesktops"]
    ]
    worked = [line for line in stops if line["errorCode"] is None]
    assert worked
    for line in worked:
        assert (line["desktops"][0], line["at"]) in ended


def test_hires_of_the_listing_were_created_on_the_trail(trail: Standin) -> None:
    lines = trail.control(f"ledger?type=desktops&{HERE}")
    hired = {
        line["workspaceId"] for line in lines if "2026-01-10" <= line["hiredOn"] <= "2026-03-01"
    }
    created = lookup(trail, LookupAttributes=attribute("EventName", "CreateWorkspaces"))
    pending = {
        one["workspaceId"] for event in created
        for one in record(event)["responseElements"]["pendingRequests"]
    }  # fmt: skip
    assert hired <= pending


def test_hostile_and_malformed_records_come_when_asked_for(trail: Standin) -> None:
    trail.control("trail", {"hostileShare": 1, "unknownShare": 1})
    events = lookup(trail, StartTime=START, EndTime=END)
    sizes = [len(event["CloudTrailEvent"]) for event in events]
    assert max(sizes) > 250_000
    assert any(record(event)["requestParameters"] is None for event in events)
    assert "QuiesceWorkspaces" in {event["EventName"] for event in events}
    trail.control("trail", {"malformedShare": 1})
    (event, *_) = lookup(trail, StartTime=START, EndTime=END)
    with pytest.raises(ValueError, match=r".+"):
        record(event)


def test_the_rest_of_a_trail_can_be_switched_off(trail: Standin) -> None:
    trail.control("trail", {"activity": 0})
    names = {line["name"] for line in truth(trail)}
    assert names <= {"StartWorkspaces", "StopWorkspaces", "ModifyWorkspaceProperties",
                     "CreateWorkspaces", "TerminateWorkspaces"}  # fmt: skip
