"""CloudWatch on the wire: limits, pages, tokens, retention, and agreement with the ledger."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3

from tests import cbor_client
from tests.asking import all_desktops, ids, refusal
from tests.conftest import ACCOUNT, KEYS, NOON, REGION, Standin

NOW = datetime.fromisoformat(NOON.replace("Z", "+00:00"))
DAY = timedelta(days=1)


def query(
    identity: str, metric: str = "UserConnected", name: str = "WorkspaceId", **more: Any
) -> dict[str, Any]:
    dimension = {"Name": name, "Value": identity}
    stat = {"Namespace": "AWS/WorkSpaces", "MetricName": metric, "Dimensions": [dimension]}
    wanted = {"Metric": stat, "Period": 300, "Stat": "Maximum", **more}
    return {"Id": "q_" + identity.replace("-", "_") + metric, "MetricStat": wanted}


def everything(client: Any, **params: Any) -> list[dict[str, Any]]:
    """Results of all pages, put together by id."""
    joined: dict[str, dict[str, Any]] = {}
    token: dict[str, str] = {}
    while True:
        page = client.get_metric_data(**params, **token)
        for result in page["MetricDataResults"]:
            known = joined.setdefault(result["Id"], {"Timestamps": [], "Values": []})
            known["Timestamps"] += result["Timestamps"]
            known["Values"] += result["Values"]
            known["StatusCode"] = result["StatusCode"]
        if "NextToken" not in page:
            return list(joined.values())
        token = {"NextToken": page["NextToken"]}


def connected_slots(fleet: Standin, start: datetime, end: datetime) -> dict[str, set[datetime]]:
    """Per desktop, the slots its ledger's connected spans are made of."""
    interval = f"from={start:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"
    place = f"account={ACCOUNT}&region={REGION}"
    slots: dict[str, set[datetime]] = {}
    for line in fleet.control(f"ledger?type=connected&{place}&{interval}"):
        at = datetime.fromisoformat(line["start"].replace("Z", "+00:00"))
        until = datetime.fromisoformat(line["end"].replace("Z", "+00:00"))
        while at < until:
            slots.setdefault(line["workspaceId"], set()).add(at)
            at += timedelta(minutes=5)
    return slots


def test_what_cloudwatch_says_is_what_the_ledger_says(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    desktops = ids(all_desktops(fleet.client("workspaces")))
    expected = connected_slots(fleet, NOW - DAY, NOW)
    results = client.get_metric_data(
        MetricDataQueries=[query(one) for one in desktops], StartTime=NOW - DAY, EndTime=NOW
    )["MetricDataResults"]
    assert len(results) == len(desktops) == 130
    found = {}
    for identity, result in zip(desktops, results, strict=True):
        points = zip(result["Timestamps"], result["Values"], strict=True)
        connected = {time for time, value in points if value == 1}
        if connected:
            found[identity] = connected
    assert found == expected
    assert len(found) > 40


def test_cbor_and_json_say_the_same(fleet: Standin) -> None:
    desktops = ids(all_desktops(fleet.client("workspaces")))[:30]
    params: dict[str, Any] = {
        "MetricDataQueries": [query(one, "CPUUsage", Stat="Average") for one in desktops],
        "StartTime": NOW - DAY,
        "EndTime": NOW,
        "MaxDatapoints": 500,
    }
    plain = fleet.client("cloudwatch").get_metric_data(**params)
    answer = cbor_client.ask(fleet, "cloudwatch", "GetMetricData", **params)
    assert answer["MetricDataResults"] == plain["MetricDataResults"]
    assert answer["NextToken"] == plain["NextToken"]
    listed = cbor_client.ask(fleet, "cloudwatch", "ListMetrics", Namespace="AWS/WorkSpaces")
    plain = fleet.client("cloudwatch").list_metrics(Namespace="AWS/WorkSpaces")
    assert listed["Metrics"] == plain["Metrics"]


def test_the_query_format_is_spoken_too(fleet: Standin) -> None:
    form = "Action=ListMetrics&Version=2010-08-01&MetricName=Stopped"
    scope = f"{KEYS[ACCOUNT]}/20260304/{REGION}/monitoring/aws4_request"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0",
    }
    http = urllib3.PoolManager(retries=False)
    answer = http.request("POST", fleet.url, body=form, headers=headers)
    assert answer.status == 200
    assert b"<MetricName>Stopped</MetricName>" in answer.data
    wrong = http.request("POST", fleet.url, body=form + "&RecentlyActive=PT4H", headers=headers)
    assert b"<Code>ValidationError</Code>" in wrong.data


@pytest.mark.parametrize("most", [1, 7, 100, 2999])
@pytest.mark.parametrize("order", ["TimestampAscending", "TimestampDescending"])
def test_pages_put_together_are_the_whole(fleet: Standin, most: int, order: str) -> None:
    client = fleet.client("cloudwatch")
    desktops = ids(all_desktops(fleet.client("workspaces")))[:12]
    params = {
        "MetricDataQueries": [query(one) for one in desktops],
        "StartTime": NOW - timedelta(hours=3 if most < 10 else 24),
        "EndTime": NOW,
        "ScanBy": order,
    }
    whole = everything(client, **params)
    assert everything(client, **params, MaxDatapoints=most) == whole
    for result in whole:
        times = result["Timestamps"]
        assert times == sorted(times, reverse=order == "TimestampDescending")
        assert len(set(times)) == len(times)


def test_a_page_that_was_cut_says_partial_data(fleet: Standin) -> None:
    desktops = ids(all_desktops(fleet.client("workspaces")))
    page = fleet.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query(one, "Stopped") for one in desktops],
        StartTime=NOW - DAY,
        EndTime=NOW,
        MaxDatapoints=1000,
    )
    results = page["MetricDataResults"]
    assert len(results) == len(desktops)
    assert sum(len(result["Values"]) for result in results) == 1000
    states = [result["StatusCode"] for result in results]
    assert states == sorted(states)  # first Complete, then PartialData
    assert set(states) == {"Complete", "PartialData"}


def test_points_that_arrive_between_two_pages_are_in_neither(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    desktops = ids(all_desktops(fleet.client("workspaces")))[:5]
    params = {
        "MetricDataQueries": [query(one, "Stopped") for one in desktops],
        "StartTime": NOW - timedelta(hours=2),
        "EndTime": NOW + DAY,
        "MaxDatapoints": 30,
    }
    first = client.get_metric_data(**params)
    fleet.control("clock", {"advanceSeconds": 3600})
    second = client.get_metric_data(**params, NextToken=first["NextToken"])
    for page in (first, second):
        for result in page["MetricDataResults"]:
            assert all(time < NOW for time in result["Timestamps"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"MetricDataQueries": []}, "must not have a size"),
        ({"MetricDataQueries": [query(f"ws-{n:09}") for n in range(501)]}, "size greater than 500"),
        ({"MetricDataQueries": [query("ws-123456789")] * 2}, "not unique"),
        ({"MetricDataQueries": [{**query("ws-123456789"), "Id": "Q1"}]}, "Id is not matching"),
        ({"MetricDataQueries": [query("ws-123456789", Period=90)]}, "multiple of 60"),
        ({"MetricDataQueries": [query("ws-123456789", Stat="Mean")]}, "Stat is not valid"),
        ({"MetricDataQueries": [query("ws-123456789", Unit="Parsec")]}, "enum value set"),
        ({"MetricDataQueries": [{"Id": "a"}]}, "either MetricStat or Expression"),
        ({"MetricDataQueries": [{"Id": "a", "Expression": "b + 1"}]}, "does not serve expressions"),
        ({"EndTime": NOW - DAY}, "StartTime must be less than"),
        ({"MaxDatapoints": 0}, "MaxDatapoints"),
        ({"ScanBy": "Sideways"}, "enum value set"),
    ],
)
def test_requests_beyond_the_limits_are_refused(
    standin: Standin, change: dict[str, Any], words: str
) -> None:
    params: dict[str, Any] = {
        "MetricDataQueries": [query("ws-123456789")],
        "StartTime": NOW - DAY,
        "EndTime": NOW,
    }
    client = standin.client("cloudwatch")
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.get_metric_data(**{**params, **change})
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationError"
    assert words in error["Message"]


def test_a_token_belongs_to_its_request(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    one, other = ids(all_desktops(fleet.client("workspaces")))[:2]
    times = {"StartTime": NOW - DAY, "EndTime": NOW, "MaxDatapoints": 3}
    queries = {"MetricDataQueries": [query(one, "Stopped")]}
    token = client.get_metric_data(**queries, **times)["NextToken"]
    assert client.get_metric_data(**queries, **times, NextToken=token)["MetricDataResults"]
    for wrong in (
        {"MetricDataQueries": [query(other, "Stopped")], **times, "NextToken": token},
        {**queries, **times, "EndTime": NOW - timedelta(hours=1), "NextToken": token},
        {**queries, **times, "NextToken": "made up"},
    ):
        assert refusal(client.get_metric_data, **wrong) == "InvalidNextToken"
    listed = client.list_metrics()["NextToken"]
    assert refusal(client.get_metric_data, **queries, **times, NextToken=listed) == (
        "InvalidNextToken"
    )
    assert refusal(client.list_metrics, NextToken="made up") == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("days", "period", "there"),
    [(10, 60, True), (20, 60, False), (20, 300, True), (70, 300, False), (70, 3600, True),
     (470, 3600, False)],
)  # fmt: skip
def test_old_points_are_there_only_in_long_periods(
    fleet: Standin, days: int, period: int, there: bool
) -> None:
    client = fleet.client("cloudwatch")
    desktops = ids(all_desktops(fleet.client("workspaces")))
    fleet.control("clock", {"set": "2026-11-04T12:00:00Z"})
    start = datetime(2026, 11, 4, 12, tzinfo=UTC) - days * DAY
    results = client.get_metric_data(
        MetricDataQueries=[query(one, "Stopped", Period=period) for one in desktops[:40]],
        StartTime=start,
        EndTime=start + timedelta(hours=2),
    )["MetricDataResults"]
    assert any(result["Values"] for result in results) == there


def test_however_long_the_range_only_what_is_kept_is_reckoned(fleet: Standin) -> None:
    one = ids(all_desktops(fleet.client("workspaces")))[0]
    for period, most in ((300, 63 * 288), (86_400, 456)):
        metric = query(one, "Stopped", Period=period)
        raw = {"MetricDataQueries": [metric], "StartTime": 0, "EndTime": 10**15}
        answer = fleet.aws("cloudwatch", "GetMetricData", json.dumps(raw).encode())
        times = json.loads(answer.data)["MetricDataResults"][0]["Timestamps"]
        assert 0.8 * most < len(times) <= most + 1
        assert max(times) < NOW.timestamp()


@pytest.mark.parametrize("time", [float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(fleet: Standin, time: float) -> None:
    raw = {"MetricDataQueries": [query("ws-123456789")], "StartTime": 0, "EndTime": time}
    answer = fleet.aws("cloudwatch", "GetMetricData", json.dumps(raw).encode())
    assert json.loads(answer.data)["__type"] == "ValidationException"


def test_what_was_never_published_has_no_points_and_is_no_error(fleet: Standin) -> None:
    one = ids(all_desktops(fleet.client("workspaces")))[0]
    wrong_space = query(one, "Stopped")
    wrong_space["MetricStat"]["Metric"]["Namespace"] = "AWS/EC2"
    queries = [
        query("ws-nobodyhas"),
        query(one, "Happiness"),
        query(one, "Stopped", Unit="Percent"),
        wrong_space,
    ]
    for number, asked in enumerate(queries):
        asked["Id"] = f"q{number}"
    results = fleet.client("cloudwatch").get_metric_data(
        MetricDataQueries=queries, StartTime=NOW - DAY, EndTime=NOW
    )["MetricDataResults"]
    assert [(r["Values"], r["StatusCode"]) for r in results] == [([], "Complete")] * 4


def test_periods_begin_at_the_start_that_was_asked_for(fleet: Standin) -> None:
    one = ids(all_desktops(fleet.client("workspaces")))[0]
    start = NOW - DAY + timedelta(minutes=3, seconds=20)
    (result,) = fleet.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query(one, "Stopped", Period=3600)],
        StartTime=start,
        EndTime=NOW,
        ScanBy="TimestampAscending",
    )["MetricDataResults"]
    assert result["Timestamps"][0] == start.replace(second=0)
    assert {time.minute for time in result["Timestamps"]} == {3}


def test_a_directory_is_the_sum_of_its_desktops(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    rows = all_desktops(fleet.client("workspaces"))
    directory = rows[0]["DirectoryId"]
    own = [row["WorkspaceId"] for row in rows if row["DirectoryId"] == directory]
    times = {"StartTime": NOW - DAY / 4, "EndTime": NOW}
    singles = everything(
        client, MetricDataQueries=[query(one, Stat="Sum", Period=900) for one in own], **times
    )
    asked = [query(directory, name="DirectoryId", Stat="Sum", Period=900)]
    (whole,) = everything(client, MetricDataQueries=asked, **times)
    sums: dict[datetime, float] = {}
    for single in singles:
        for time, value in zip(single["Timestamps"], single["Values"], strict=True):
            sums[time] = sums.get(time, 0) + value
    assert dict(zip(whole["Timestamps"], whole["Values"], strict=True)) == sums
    assert sum(sums.values()) > 20


def test_metrics_are_listed_500_a_page(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    pages = list(client.get_paginator("list_metrics").paginate(Namespace="AWS/WorkSpaces"))
    rows = [row for page in pages for row in page["Metrics"]]
    assert [len(page["Metrics"]) for page in pages[:-1]] == [500] * (len(pages) - 1)
    keys = [json.dumps(row, sort_keys=True) for row in rows]
    assert len(set(keys)) == len(keys) > 1500
    assert {row["Dimensions"][0]["Name"] for row in rows} == {"DirectoryId", "WorkspaceId"}
    assert client.list_metrics(Namespace="AWS/EC2")["Metrics"] == []


def test_a_listed_metric_has_points_and_the_active_ones_are_fewer(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    wanted = {"MetricName": "UserConnected", "Dimensions": [{"Name": "WorkspaceId"}]}
    everyone = client.list_metrics(**wanted)["Metrics"]
    active = client.list_metrics(**wanted, RecentlyActive="PT3H")["Metrics"]
    assert 0 < len(active) < len(everyone) < 130
    queries = [query(row["Dimensions"][0]["Value"]) for row in active]
    results = everything(
        client, MetricDataQueries=queries, StartTime=NOW - timedelta(hours=3), EndTime=NOW
    )
    assert all(result["Values"] for result in results)
    one = everyone[0]["Dimensions"][0]["Value"]
    (row,) = client.list_metrics(
        MetricName="UserConnected", Dimensions=[{"Name": "WorkspaceId", "Value": one}]
    )["Metrics"]
    assert row == everyone[0]


def test_what_stopped_desktops_report_is_a_control_rule(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    stopped = [
        row["WorkspaceId"]
        for row in all_desktops(fleet.client("workspaces"))
        if row["State"] == "STOPPED"
    ]
    params = {"StartTime": NOW - timedelta(minutes=10), "EndTime": NOW}

    def values(metric: str) -> int:
        queries = [query(one, metric) for one in stopped]
        found = everything(client, MetricDataQueries=queries, **params)
        return sum(len(result["Values"]) for result in found)

    assert (values("UserConnected") < 3, values("Stopped") > len(stopped)) == (True, True)
    fleet.control("presence", {"metricsWhileStopped": "zero"})
    assert values("UserConnected") > len(stopped)
    fleet.control("presence", {"metricsWhileStopped": "none"})
    assert (values("UserConnected") < 3, values("Stopped")) == (True, 0)


def test_points_can_be_made_no_number(fleet: Standin) -> None:
    fleet.control("metrics", {"nanShare": 0.5})
    desktops = ids(all_desktops(fleet.client("workspaces")))[:20]
    found = cbor_client.ask(
        fleet,
        "cloudwatch",
        "GetMetricData",
        MetricDataQueries=[query(one, "Stopped") for one in desktops],
        StartTime=NOW - DAY,
        EndTime=NOW,
    )
    values = [value for result in found["MetricDataResults"] for value in result["Values"]]
    ill = sum(math.isnan(value) for value in values)
    assert 0.3 * len(values) < ill < 0.7 * len(values)


def test_points_come_as_late_as_the_control_rule_says(fleet: Standin) -> None:
    client = fleet.client("cloudwatch")
    desktops = ids(all_desktops(fleet.client("workspaces")))
    params = {
        "MetricDataQueries": [query(one, "Stopped") for one in desktops],
        "StartTime": NOW - timedelta(hours=4),
        "EndTime": NOW,
    }

    def points() -> list[datetime]:
        return [time for result in everything(client, **params) for time in result["Timestamps"]]

    whole = points()
    assert max(whole) == NOW - timedelta(minutes=5)
    fleet.control("metrics", {"delaySeconds": 1800})
    assert max(points()) == NOW - timedelta(minutes=35)
    fleet.control("metrics", {"lateShare": 0.3, "lateSeconds": 7200})
    some = points()
    assert 0.5 * len(whole) < len(some) < len(whole)
    fleet.control("clock", {"advanceSeconds": 7200})
    assert sorted(points()) == sorted(whole)
