"""Cost Explorer beyond sums: by resource, dimensions, forecasts, and answers that are wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.asking import refusal
from tests.conftest import Standin
from tests.cost_questions import (
    BOTH,
    FEBRUARY,
    NOTHING,
    USAGE,
    WORKSPACES,
    ask,
    client,
    ledger,
)

RESOURCES = {
    "TimePeriod": {"Start": "2026-02-20", "End": "2026-03-01"}, "Granularity": "DAILY",
    "Metrics": ["UnblendedCost"], "Filter": WORKSPACES,
    "GroupBy": [{"Type": "DIMENSION", "Key": "RESOURCE_ID"}, USAGE],
}  # fmt: skip


def test_costs_come_by_resource_for_two_weeks(costs: Standin) -> None:
    page = client(costs).get_cost_and_usage_with_resources(**RESOURCES)
    arns = {group["Keys"][0] for result in page["ResultsByTime"] for group in result["Groups"]}
    assert any(":workspace/ws-" in arn for arn in arns)
    ask_resources = client(costs).get_cost_and_usage_with_resources
    old = {**RESOURCES, "TimePeriod": FEBRUARY}
    assert refusal(ask_resources, **old) == "ValidationException"
    assert refusal(ask_resources, **{**RESOURCES, "GroupBy": [USAGE]}) == "ValidationException"


@pytest.mark.parametrize(
    ("switch", "code"),
    [("denied", "AccessDeniedException"), ("unavailable", "DataUnavailableException")],
)
def test_costs_by_resource_can_be_switched_off(costs: Standin, switch: str, code: str) -> None:
    costs.control("billing", {"resources": switch})
    assert refusal(client(costs).get_cost_and_usage_with_resources, **RESOURCES) == code


def test_dimension_values_are_searched_and_paged(costs: Standin) -> None:
    values = client(costs).get_dimension_values(
        TimePeriod=FEBRUARY, Dimension="SERVICE", SearchString="workspaces"
    )
    names = [one["Value"] for one in values["DimensionValues"]]
    assert names == ["Amazon WorkSpaces", "Amazon WorkSpaces Thin Client"]
    page = client(costs).get_dimension_values(
        TimePeriod=FEBRUARY, Dimension="USAGE_TYPE", MaxResults=5
    )
    assert page["ReturnSize"] == 5 < page["TotalSize"]
    assert "NextPageToken" in page


FORECAST = {
    "TimePeriod": {"Start": "2026-03-04", "End": "2026-04-01"}, "Metric": "UNBLENDED_COST",
    "Granularity": "DAILY",
}  # fmt: skip


def test_a_forecast_has_an_interval_that_widens_with_its_level(costs: Standin) -> None:
    narrow = client(costs).get_cost_forecast(**FORECAST, PredictionIntervalLevel=60)
    wide = client(costs).get_cost_forecast(**FORECAST, PredictionIntervalLevel=95)
    days = narrow["ForecastResultsByTime"]
    assert len(days) == 28
    assert sum(Decimal(one["MeanValue"]) for one in days) == Decimal(narrow["Total"]["Amount"])
    for one, other in zip(days, wide["ForecastResultsByTime"], strict=True):
        low, high = (
            Decimal(other[f"PredictionInterval{side}Bound"]) for side in ("Lower", "Upper")
        )
        assert low < Decimal(one["PredictionIntervalLowerBound"]) < Decimal(one["MeanValue"]) < high


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"TimePeriod": {"Start": "2026-03-05", "End": "2026-04-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-03-04", "End": "2026-09-01"}}, "ValidationException"),
        ({"Filter": {"Dimensions": NOTHING}}, "DataUnavailableException"),
        ({"PredictionIntervalLevel": 50}, "ValidationException"),
    ],
)  # fmt: skip
def test_forecasts_that_aws_refuses(costs: Standin, params: dict[str, Any], code: str) -> None:
    assert refusal(client(costs).get_cost_forecast, **{**FORECAST, **params}) == code


def test_a_short_history_has_no_forecast(costs: Standin) -> None:
    costs.control("clock", {"set": "2025-02-10T00:00:00Z"})
    wanted = {**FORECAST, "TimePeriod": {"Start": "2025-02-10", "End": "2025-03-01"}}
    assert refusal(client(costs).get_cost_forecast, **wanted) == "DataUnavailableException"


def test_amounts_can_be_made_wrong_on_purpose(costs: Standin) -> None:
    costs.control("billing", {"malformed": ["negative-costs", "other-currencies"]})
    metrics = [group["Metrics"]["UnblendedCost"] for result in ask(costs, GroupBy=[USAGE])
               for group in result["Groups"]]  # fmt: skip
    assert {"EUR", "USD"} == {metric["Unit"] for metric in metrics}
    costs.control("billing", {"malformed": ["not-numbers"]})
    texts = {group["Metrics"]["UnblendedCost"]["Amount"]
             for result in ask(costs, GroupBy=[USAGE]) for group in result["Groups"]}  # fmt: skip
    assert {"NaN", "", "1,234.50"} <= texts


@pytest.mark.parametrize("kind", ["repeated-token", "endless-tokens"])
def test_tokens_can_be_made_to_repeat_or_never_to_end(costs: Standin, kind: str) -> None:
    costs.control("billing", {"malformed": [kind], "pageGroups": 5000})
    wanted: dict[str, Any] = {
        "TimePeriod": FEBRUARY, "Granularity": "MONTHLY", "Metrics": BOTH, "GroupBy": [USAGE],
    }  # fmt: skip
    tokens = []
    for _ in range(5):
        page = client(costs).get_cost_and_usage(**wanted)
        tokens.append(page["NextPageToken"])
        wanted["NextPageToken"] = page["NextPageToken"]
    assert len(set(tokens)) == (1 if kind == "repeated-token" else 5)


def test_the_ledger_by_resource_adds_up_to_the_summed_one(costs: Standin) -> None:
    sums = {kind: sum(Decimal(line["unblended"]) for line in ledger(costs, kind))
            for kind in ("bill", "costs")}  # fmt: skip
    assert sums["bill"] == sums["costs"]
    later = sum(Decimal(line["unblended"])
                for line in ledger(costs, "costs", "&asOf=2026-04-01T00:00:00Z"))  # fmt: skip
    assert later != sums["costs"]
    assert {line["region"] for line in ledger(costs, "prices")} <= {"eu-central-1", "us-east-1"}
