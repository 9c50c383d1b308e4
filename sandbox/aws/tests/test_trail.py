"""LookupEvents: pages, attributes, tokens, lateness, and what a client sees of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.asking import all_desktops, refusal
from tests.conftest import NOON, OTHER_ACCOUNT, OTHER_REGION, Standin
from tests.trail_questions import END, START, attribute, lookup, record, truth


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


def test_the_rust_sdk_names_the_operation_in_its_own_way(trail: Standin) -> None:
    answer = trail.aws("cloudtrail", "LookupEvents", b'{"MaxResults":1}')
    assert answer.status == 200
    assert len(json.loads(answer.data)["Events"]) == 1
