"""LookupEvents and the truth behind it: pages, attributes, lateness, consequences."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.asking import all_desktops, refusal
from tests.conftest import ACCOUNT, NOON, OTHER_ACCOUNT, OTHER_REGION, REGION, Standin
from tests.test_contract import EXAMPLES

START = datetime(2026, 2, 2, tzinfo=UTC)
END = datetime(2026, 3, 4, tzinfo=UTC)
HERE = f"account={ACCOUNT}&region={REGION}"


@pytest.fixture
def trail(fleet: Standin) -> Standin:
    """The usual fleet, without the limit of two calls a second."""
    fleet.control("throttle", {"rules": [], "awsLimits": False})
    return fleet


def lookup(standin: Standin, account: str = ACCOUNT, **params: Any) -> list[dict[str, Any]]:
    """Every event of a lookup, page after page."""
    client = standin.client("cloudtrail", account)
    pages = client.get_paginator("lookup_events").paginate(**params)
    return [event for page in pages for event in page["Events"]]


def attribute(key: str, value: str) -> list[dict[str, str]]:
    return [{"AttributeKey": key, "AttributeValue": value}]


def record(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event["CloudTrailEvent"])
    return found


def truth(standin: Standin) -> list[dict[str, Any]]:
    interval = f"from={START:%Y-%m-%dT%H:%M:%SZ}&to={END:%Y-%m-%dT%H:%M:%SZ}"
    lines: list[dict[str, Any]] = standin.control(f"ledger?type=events&{HERE}&{interval}")
    return lines


def test_all_pages_together_are_the_truth_newest_first(trail: Standin) -> None:
    found = lookup(trail, StartTime=START, EndTime=END - timedelta(seconds=1))
    times = [event["EventTime"] for event in found]
    assert times == sorted(times, reverse=True)
    expected = [line["eventId"] for line in truth(trail)]
    assert [event["EventId"] for event in found] == expected[::-1]
    assert len(found) > 100


def test_a_page_has_at_most_fifty_events(trail: Standin) -> None:
    client = trail.client("cloudtrail")
    assert len(client.lookup_events()["Events"]) == 50
    assert len(client.lookup_events(MaxResults=7)["Events"]) == 7


@pytest.mark.parametrize("wanted", [0, 51, -1])
def test_other_page_sizes_are_refused_in_cloudtrails_words(trail: Standin, wanted: int) -> None:
    ask = trail.client("cloudtrail").lookup_events
    assert refusal(ask, MaxResults=wanted) == "InvalidMaxResultsException"


def test_only_the_first_attribute_counts(trail: Standin) -> None:
    first = attribute("EventName", "StartWorkspaces")
    both = first + attribute("ReadOnly", "true")
    assert lookup(trail, LookupAttributes=both) == lookup(trail, LookupAttributes=first)
    names = {event["EventName"] for event in lookup(trail, LookupAttributes=first)}
    assert names == {"StartWorkspaces"}


@pytest.mark.parametrize(
    "key", ["EventId", "EventName", "ReadOnly", "Username", "EventSource", "AccessKeyId"]
)
def test_an_attribute_finds_exactly_its_events(trail: Standin, key: str) -> None:
    everything = lookup(trail, StartTime=START, EndTime=END)
    value = next(event[key] for event in everything if key in event)
    found = lookup(trail, StartTime=START, EndTime=END, LookupAttributes=attribute(key, value))
    assert found == [event for event in everything if event.get(key) == value]


def test_resources_can_be_looked_up(trail: Standin) -> None:
    everything = lookup(trail, StartTime=START, EndTime=END)
    named = next(event for event in everything if event["Resources"])
    (resource, *_) = named["Resources"]
    for key in ("ResourceName", "ResourceType"):
        found = lookup(trail, LookupAttributes=attribute(key, resource[key]))
        assert named["EventId"] in {event["EventId"] for event in found}


def test_a_token_is_bound_to_its_request(trail: Standin) -> None:
    client = trail.client("cloudtrail")
    token = client.lookup_events(StartTime=START, EndTime=END)["NextToken"]
    assert client.lookup_events(StartTime=START, EndTime=END, NextToken=token)["Events"]
    other = trail.client("cloudtrail", OTHER_ACCOUNT)
    for ask, params in (
        (client.lookup_events, {"StartTime": START}),
        (client.lookup_events, {"StartTime": START, "EndTime": END, "MaxResults": 20}),
        (other.lookup_events, {"StartTime": START, "EndTime": END}),
    ):
        assert refusal(ask, NextToken=token, **params) == "InvalidNextTokenException"
    assert refusal(client.lookup_events, NextToken="x") == "InvalidNextTokenException"


def test_a_range_that_ends_before_it_begins_is_refused(trail: Standin) -> None:
    ask = trail.client("cloudtrail").lookup_events
    assert refusal(ask, StartTime=END, EndTime=START) == "InvalidTimeRangeException"
    code = refusal(ask, LookupAttributes=attribute("ReadOnly", "yes"))
    assert code == "InvalidLookupAttributesException"


def test_events_are_kept_ninety_days_and_there_are_no_insights(trail: Standin) -> None:
    oldest = lookup(trail)[-1]["EventTime"]
    assert oldest >= datetime(2025, 12, 4, 12, tzinfo=UTC)
    assert lookup(trail, EventCategory="insight") == []


def test_accounts_and_regions_share_no_event(trail: Standin) -> None:
    here = {event["EventId"] for event in lookup(trail)}
    there = {event["EventId"] for event in lookup(trail, OTHER_ACCOUNT)}
    client = trail.client("cloudtrail", region=OTHER_REGION)
    elsewhere = {event["EventId"] for event in client.lookup_events()["Events"]}
    assert not here & there
    assert not here & elsewhere


def test_two_calls_a_second_are_the_limit_unless_it_is_lifted(fleet: Standin) -> None:
    client = fleet.client("cloudtrail")
    codes = [_code(client) for _ in range(4)]
    assert codes[:2] == ["ok", "ok"]
    assert "ThrottlingException" in codes
    fleet.control("throttle", {"rules": [{"operation": "LookupEvents", "rate": 99, "burst": 9}]})
    assert [_code(client) for _ in range(4)] == ["ok"] * 4


def _code(client: Any) -> str:
    try:
        client.lookup_events()
    except client.exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_an_event_can_be_seen_minutes_after_its_call(trail: Standin) -> None:
    client = trail.client("workspaces")
    desktop = next(w for w in all_desktops(client) if w["State"] == "AVAILABLE")
    one = [{"WorkspaceId": desktop["WorkspaceId"]}]
    client.reboot_workspaces(RebootWorkspaceRequests=one)
    reboots = attribute("EventName", "RebootWorkspaces")

    def own() -> list[dict[str, Any]]:
        found = lookup(trail, LookupAttributes=reboots)
        return [event for event in found if event["Username"] == "deskfleet"]

    assert own() == []
    trail.control("clock", {"advanceSeconds": 3600})
    (event,) = own()
    assert event["EventTime"] == datetime.fromisoformat(NOON)
    assert event["ReadOnly"] == "false"
    told = record(event)
    member = {"rebootWorkspaceRequests": [{"workspaceId": desktop["WorkspaceId"]}]}
    assert told["requestParameters"] == member
    assert told["responseElements"] == {"failedRequests": []}
    assert told["userIdentity"]["type"] == "IAMUser"
    assert told["eventID"] == event["EventId"]


def test_late_events_come_and_nothing_that_was_seen_goes(trail: Standin) -> None:
    trail.control("trail", {"lateShare": 0.5, "lateMinutes": 300})
    span: dict[str, Any] = {"StartTime": START, "EndTime": END + timedelta(hours=12)}
    before = {event["EventId"] for event in lookup(trail, **span)}
    trail.control("clock", {"advanceSeconds": 6 * 3600})
    after = {event["EventId"] for event in lookup(trail, **span)}
    assert before < after


def test_own_reads_drown_a_naive_reader_and_can_be_switched_off(trail: Standin) -> None:
    client = trail.client("workspaces")
    for _ in range(60):
        client.describe_workspaces(Limit=1)
    trail.control("clock", {"advanceSeconds": 3600})
    source = attribute("EventSource", "workspaces.amazonaws.com")
    newest = trail.client("cloudtrail").lookup_events(LookupAttributes=source)["Events"]
    assert {event["ReadOnly"] for event in newest} == {"true"}
    trail.control("trail", {"ownReads": False})
    newest = trail.client("cloudtrail").lookup_events(LookupAttributes=source)["Events"]
    assert "deskfleet" not in {event.get("Username") for event in newest}


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


def test_tokens_can_be_made_to_repeat_or_never_to_end(trail: Standin) -> None:
    client = trail.client("cloudtrail")
    for kind, different in (("repeated", 1), ("endless", 4)):
        trail.control("trail", {"tokens": kind})
        params: dict[str, Any] = {"StartTime": END - timedelta(hours=20), "EndTime": END}
        tokens = []
        for _ in range(4):
            params["NextToken"] = client.lookup_events(**params)["NextToken"]
            tokens.append(params["NextToken"])
        assert len(set(tokens)) == different


def test_the_rest_of_a_trail_can_be_switched_off(trail: Standin) -> None:
    trail.control("trail", {"activity": 0})
    names = {line["name"] for line in truth(trail)}
    assert names <= {"StartWorkspaces", "StopWorkspaces", "ModifyWorkspaceProperties",
                     "CreateWorkspaces", "TerminateWorkspaces"}  # fmt: skip


def test_the_rust_sdk_names_the_operation_in_its_own_way(trail: Standin) -> None:
    answer = trail.aws("cloudtrail", "LookupEvents", b'{"MaxResults":1}')
    assert answer.status == 200
    assert len(json.loads(answer.data)["Events"]) == 1
