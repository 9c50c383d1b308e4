"""Fast enough for fleets of tens of thousands: bounds on CPU, several times what is measured."""

from __future__ import annotations

import io
import json
import time
from typing import Any

from aws_standin.fleet.spec import FleetSpec
from aws_standin.gateway import Gateway
from aws_standin.world import World
from tests.conftest import ACCOUNT, KEYS, REGION

MOST_CPU_SECONDS = 6.0
NOON = 1_772_625_600
METRICS = "GraniteServiceVersion20100801.GetMetricData"


def test_ten_thousand_desktops_in_validated_pages() -> None:
    world = World()
    account = {"id": "123456789012", "regions": [REGION]}
    world.make_fleet(
        FleetSpec.model_validate({"seed": 3, "accounts": [account], "desktops": 10_000})
    )
    gateway = Gateway(world)
    began = time.process_time()
    params: dict[str, str] = {}
    pages = desktops = 0
    while True:
        page = _ask(gateway, params)
        pages += 1
        desktops += len(page["Workspaces"])
        if "NextToken" not in page:
            break
        params = {"NextToken": page["NextToken"]}
    assert (desktops, pages) == (10_000, 400)
    assert time.process_time() - began < MOST_CPU_SECONDS


def _ask(
    gateway: Gateway,
    params: dict[str, Any],
    target: str = "WorkspacesService.DescribeWorkspaces",
    service: str = "workspaces",
) -> Any:
    body = json.dumps(params).encode()
    scope = f"{KEYS[ACCOUNT]}/20260304/{REGION}/{service}/aws4_request"
    environ = {
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
    answer = gateway.answer(environ)
    assert answer.http.status == 200, answer.http.body
    return json.loads(answer.http.body)


def test_five_hundred_metrics_of_two_hundred_points_each() -> None:
    world = World()
    account = {"id": "123456789012", "regions": [REGION]}
    world.make_fleet(FleetSpec.model_validate({"seed": 3, "accounts": [account], "desktops": 500}))
    world.clock.set(NOON, running=False)
    ids = world.fleet("123456789012", REGION).listing(NOON)
    call = {
        "MetricDataQueries": [_query(number, identity) for number, identity in enumerate(ids)],
        "StartTime": NOON - 200 * 300,
        "EndTime": NOON,
    }
    gateway = Gateway(world)
    _ask(gateway, call, METRICS, "monitoring")
    began = time.process_time()
    answer = _ask(gateway, call, METRICS, "monitoring")
    assert time.process_time() - began < MOST_CPU_SECONDS / 6
    assert sum(len(result["Values"]) for result in answer["MetricDataResults"]) > 95_000


def _query(number: int, identity: str) -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/WorkSpaces",
        "MetricName": "Stopped",
        "Dimensions": [{"Name": "WorkspaceId", "Value": identity}],
    }
    wanted = {"Metric": metric, "Period": 300, "Stat": "Maximum"}
    return {"Id": f"q{number}", "MetricStat": wanted}
