"""The ledger's measurements are the points that CloudWatch tells of the same day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.asking import all_desktops, ids
from tests.conftest import ACCOUNT, NOON, REGION, Standin

NIGHT = datetime.fromisoformat(NOON.replace("Z", "+00:00")).replace(hour=0)
METRICS = ("CPUUsage", "SessionLaunchTime", "UpTime", "ConnectionAttempt", "UserVolumeDiskUsage")


@pytest.mark.parametrize("metric", METRICS)
def test_measurements_are_points(fleet: Standin, metric: str) -> None:
    start, end = NIGHT - timedelta(days=2), NIGHT
    desktops = ids(all_desktops(fleet.client("workspaces")))[:100]
    answer = fleet.client("cloudwatch").get_metric_data(
        MetricDataQueries=[_query(identity, metric) for identity in desktops],
        StartTime=start,
        EndTime=end,
    )
    told = {
        (identity, at): value
        for identity, result in zip(desktops, answer["MetricDataResults"], strict=True)
        for at, value in zip(result["Timestamps"], result["Values"], strict=True)
    }
    interval = f"from={start:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"
    place = f"account={ACCOUNT}&region={REGION}"
    lines = fleet.control(f"ledger?type=measurements&{place}&{interval}")
    found = {
        point: value
        for line in lines
        if line["metric"] == metric and line["workspaceId"] in desktops
        for point, value in _points(line)
    }
    assert found == told
    assert len(found) > 100


def _points(line: dict[str, Any]) -> list[tuple[tuple[str, datetime], float]]:
    day = datetime.fromisoformat(line["day"] + "T00:00:00+00:00")
    slots = f"{int(line['slots'], 16):0288b}"
    times = [day + timedelta(minutes=5 * at) for at, one in enumerate(slots) if one == "1"]
    points = zip(times, line["values"], strict=True)
    return [((line["workspaceId"], at), value) for at, value in points]


def _query(identity: str, metric: str) -> dict[str, Any]:
    dimension = {"Name": "WorkspaceId", "Value": identity}
    named = {"Namespace": "AWS/WorkSpaces", "MetricName": metric, "Dimensions": [dimension]}
    wanted = {"Metric": named, "Period": 300, "Stat": "Sum"}
    return {"Id": "q_" + identity.replace("-", "_"), "MetricStat": wanted}
