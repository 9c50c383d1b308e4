"""Rates, faults and the log: what is put in a client's way, and what the client then did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from threading import Event, Semaphore
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError

from aws_standin.traffic.scope import CallSite
from aws_standin.traffic.throttle import ThrottleRule, Throttles
from tests.asking import refusal
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, Standin

SITE = CallSite(ACCOUNT, REGION, "DescribeWorkspaces")


@given(
    rate=st.floats(0.1, 50),
    burst=st.integers(1, 20),
    gaps=st.lists(st.floats(0, 2), min_size=1, max_size=80),
)
def test_in_every_window_accepted_calls_are_within_rate_and_burst(
    rate: float, burst: int, gaps: list[float]
) -> None:
    now = 0.0
    throttles = Throttles(lambda: now)
    throttles.replace([ThrottleRule(rate=rate, burst=burst)])
    accepted = []
    for gap in gaps:
        now += gap
        if throttles.allows(SITE):
            accepted.append(now)
    for first, begin in enumerate(accepted):
        for count, end in enumerate(accepted[first:], start=1):
            assert count <= rate * (end - begin) + burst + 1e-6


@given(st.integers(1, 20), st.floats(0.5, 20))
def test_a_full_bucket_takes_exactly_its_burst_at_once(burst: int, rate: float) -> None:
    throttles = Throttles(lambda: 0.0)
    throttles.replace([ThrottleRule(rate=rate, burst=burst)])
    assert [throttles.allows(SITE) for _ in range(burst + 3)] == [True] * burst + [False] * 3


def test_each_account_region_and_operation_has_its_own_bucket() -> None:
    throttles = Throttles(lambda: 0.0)
    throttles.replace([ThrottleRule(rate=1, burst=1)])
    sites = [
        CallSite(account, region, operation)
        for account in (ACCOUNT, OTHER_ACCOUNT)
        for region in (REGION, OTHER_REGION)
        for operation in ("DescribeWorkspaces", "DescribeTags")
    ]
    assert all(throttles.allows(site) for site in sites)
    assert not any(throttles.allows(site) for site in sites)


def test_the_most_specific_rule_counts() -> None:
    throttles = Throttles(lambda: 0.0)
    rules = [
        ThrottleRule(rate=1, burst=9),
        ThrottleRule(operation="DescribeWorkspaces", region=REGION, rate=1, burst=2),
        ThrottleRule(operation="DescribeWorkspaces", rate=1, burst=5),
    ]
    throttles.replace(rules)
    assert sum(throttles.allows(SITE) for _ in range(20)) == 2


def test_a_call_above_the_rate_is_throttled_as_aws_does_it(fleet: Standin) -> None:
    rule = {"rate": 0.001, "burst": 2}
    fleet.control("throttle", {"rules": [rule]})
    ask = fleet.client("workspaces").describe_workspaces
    ask()
    ask()
    with pytest.raises(ClientError, match="Rate exceeded") as caught:
        ask()
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    fleet.client("workspaces", region=OTHER_REGION).describe_workspaces()
    fleet.control("throttle", {"rules": []})
    ask()


def test_the_query_protocol_has_its_own_code_for_it(fleet: Standin) -> None:
    fleet.control("throttle", {"rules": [{"rate": 0.001, "burst": 1}]})
    ask = fleet.client("sts").get_caller_identity
    ask()
    assert refusal(ask) == "Throttling"


def test_a_fault_strikes_the_calls_it_is_about_and_no_others(fleet: Standin) -> None:
    rule = {
        "operation": "DescribeWorkspaces",
        "region": REGION,
        "after": 1,
        "count": 2,
        "status": 503,
        "code": "ServiceUnavailable",
    }
    fleet.control("fault", {"rules": [rule]})
    ask = fleet.client("workspaces").describe_workspaces
    fleet.client("workspaces", region=OTHER_REGION).describe_workspaces()
    ask()
    assert [refusal(ask), refusal(ask)] == ["ServiceUnavailable"] * 2
    ask()


def test_a_fault_of_the_query_protocol_is_xml(fleet: Standin) -> None:
    fleet.control("fault", {"rules": [{"code": "InternalFailure", "status": 500}]})
    assert refusal(fleet.client("sts").get_caller_identity) == "InternalFailure"


def test_a_delay_holds_up_nobody_else(fleet: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, gate = Semaphore(0), Event()
    asked: list[float] = []

    def sleep(seconds: float) -> None:
        asked.append(seconds)
        waiting.release()
        gate.wait()

    monkeypatch.setattr(fleet.world, "sleep", sleep)
    slow = {"operation": "DescribeTags", "delayMs": 1500, "count": 8, "code": "InternalFailure"}
    fleet.control("fault", {"rules": [slow]})
    client = fleet.client("workspaces")
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(refusal, client.describe_tags, ResourceId="ws-123456789") for _ in range(8)
        ]
        for _ in calls:
            waiting.acquire()
        for _ in range(5):
            client.describe_workspaces()
        gate.set()
        assert {call.result() for call in calls} == {"InternalFailure"}
    assert asked == [1.5] * 8


def test_a_broken_body_reaches_the_client_broken(fleet: Standin) -> None:
    """Read without an SDK: boto3 takes a body that is cut short for an answer without members."""
    ask = partial(fleet.aws, "workspaces", "DescribeWorkspaces", b"{}")
    bodies = [{"body": "garbage"}, {"body": "empty"}, {"body": "truncate"}]
    fleet.control("fault", {"rules": bodies})
    garbage, empty = ask(), ask()
    assert garbage.status == empty.status == 200
    assert empty.data == b""
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        garbage.json()
    with pytest.raises(ProtocolError, match="IncompleteRead"):
        ask()
    assert len(ask().json()["Workspaces"]) == 25


def test_faults_can_be_taken_back(fleet: Standin) -> None:
    fleet.control("fault", {"rules": [{"code": "InternalFailure", "count": 1000}]})
    status, _ = fleet.raw_control("fault", method="DELETE")
    assert status == 200
    fleet.client("workspaces").describe_workspaces()


def test_faults_that_are_taken_back_hold_nobody_up_any_more(fleet: Standin) -> None:
    slow = {"operation": "DescribeTags", "delayMs": 600_000, "code": "InternalFailure"}
    fleet.control("fault", {"rules": [slow]})
    client = fleet.client("workspaces")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(refusal, client.describe_tags, ResourceId="ws-123456789")
        while fleet.control("fault")["rules"][0]["count"]:
            pass
        fleet.raw_control("fault", method="DELETE")
        assert call.result(timeout=30) == "InternalFailure"


def test_it_can_be_asked_what_a_fault_has_still_to_do(fleet: Standin) -> None:
    rule = {"operation": "DescribeTags", "after": 1, "count": 2, "code": "InternalFailure"}
    fleet.control("fault", {"rules": [rule]})
    client = fleet.client("workspaces")
    told = []
    for _ in range(3):
        told.append(fleet.control("fault")["rules"][0])
        refusal(client.describe_tags, ResourceId="ws-123456789")
    assert [(one["after"], one["count"]) for one in told] == [(1, 2), (0, 2), (0, 1)]
    assert fleet.control("fault")["rules"][0]["count"] == 0


def test_a_call_that_was_under_way_when_the_log_was_cleared_is_not_in_it(
    fleet: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, gate = Semaphore(0), Event()

    def sleep(_seconds: float) -> None:
        waiting.release()
        gate.wait()

    monkeypatch.setattr(fleet.world, "sleep", sleep)
    fleet.control("fault", {"rules": [{"operation": "DescribeWorkspaces", "delayMs": 1}]})
    client = fleet.client("workspaces")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client.describe_workspaces)
        waiting.acquire()
        fleet.raw_control("calls", method="DELETE")
        gate.set()
        slow.result()
    client.describe_workspace_directories()
    assert fleet.control("log")["operation"] == "DescribeWorkspaceDirectories"


def test_the_log_tells_every_call_with_its_outcome(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    request_id = client.describe_workspaces()["ResponseMetadata"]["RequestId"]
    refusal(client.describe_workspaces, Limit=26)
    fleet.control("fault", {"rules": [{"code": "InternalFailure"}]})
    refusal(client.describe_workspaces)
    fleet.client("sts", OTHER_ACCOUNT).get_caller_identity()
    calls = fleet.control("log")
    assert [call["outcome"] for call in calls] == [
        "ok",
        "ValidationException",
        "InternalFailure",
        "ok",
    ]
    assert calls[0]["request_id"] == request_id
    assert [call["fault"] for call in calls] == [False, False, True, False]
    assert [call["status"] for call in calls] == [200, 400, 500, 200]
    assert calls[3]["account"] == OTHER_ACCOUNT
    assert all(later["monotonic"] >= earlier["monotonic"] for earlier, later in pairwise(calls))
    assert fleet.control(f"log?since={calls[3]['sequence']}") == calls[3]


def test_counts_are_the_log_added_up(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    for _ in range(3):
        client.describe_workspaces()
    refusal(client.describe_workspaces, Limit=26)
    counts: list[dict[str, Any]] = fleet.control("calls")["calls"]
    assert {row["outcome"]: row["calls"] for row in counts} == {"ok": 3, "ValidationException": 1}
    assert {row["operation"] for row in counts} == {"DescribeWorkspaces"}
