"""Cost Explorer against the ledger: periods, groups, filters, pages, and days that settle."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from tests.asking import refusal
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, Standin
from tests.cost_questions import (
    BOTH,
    FEBRUARY,
    LINKED,
    NOTHING,
    USAGE,
    WORKSPACES,
    ask,
    client,
    ledger,
    total,
)


def test_groups_are_those_of_the_ledger_to_the_last_digit(costs: Standin) -> None:
    expected: dict[Any, Decimal] = defaultdict(Decimal)
    for line in ledger(costs):
        expected[line["day"], line["usageType"], line["account"]] += Decimal(line["unblended"])
    found = {
        (result["TimePeriod"]["Start"], *group["Keys"]): Decimal(
            group["Metrics"]["UnblendedCost"]["Amount"]
        )
        for result in ask(costs, GroupBy=[USAGE, LINKED])
        for group in result["Groups"]
    }
    assert found == dict(expected)


@pytest.mark.parametrize("granularity", ["DAILY", "MONTHLY"])
def test_groups_add_up_to_the_total(costs: Standin, granularity: str) -> None:
    whole = ask(costs, Granularity=granularity)
    for key in ("USAGE_TYPE", "LINKED_ACCOUNT", "RECORD_TYPE", "SERVICE"):
        groups = [{"Type": "DIMENSION", "Key": key}]
        grouped = ask(costs, Granularity=granularity, GroupBy=groups)
        for metric in BOTH:
            assert total(grouped, metric) == total(whole, metric)


def test_days_add_up_to_the_month_however_it_is_cut(costs: Standin) -> None:
    whole = total(ask(costs, Granularity="MONTHLY"))
    for cut in ("2026-02-02", "2026-02-17"):
        parts = [{"Start": "2026-02-01", "End": cut}, {"Start": cut, "End": "2026-03-01"}]
        assert sum(total(ask(costs, TimePeriod=part)) for part in parts) == whole


def test_the_end_is_exclusive_and_every_day_is_there(costs: Standin) -> None:
    results = ask(costs, GroupBy=[USAGE])
    days = [result["TimePeriod"]["Start"] for result in results]
    assert days == [f"2026-02-{day:02d}" for day in range(1, 29)]
    assert results[0]["TimePeriod"]["End"] == "2026-02-02"


def test_the_payer_sees_all_and_a_member_itself(costs: Standin) -> None:
    accounts = {
        who: {group["Keys"][0] for result in ask(costs, who, GroupBy=[LINKED])
              for group in result["Groups"]}
        for who in (ACCOUNT, OTHER_ACCOUNT)
    }  # fmt: skip
    assert accounts == {ACCOUNT: {ACCOUNT, OTHER_ACCOUNT}, OTHER_ACCOUNT: {OTHER_ACCOUNT}}


def test_pages_hold_so_many_groups_and_are_bound_to_their_request(costs: Standin) -> None:
    whole = ask(costs, GroupBy=[USAGE])
    costs.control("billing", {"pageGroups": 150})
    assert ask(costs, GroupBy=[USAGE]) == whole
    wanted = {"TimePeriod": FEBRUARY, "Granularity": "DAILY", "Metrics": BOTH, "GroupBy": [USAGE]}
    page = client(costs).get_cost_and_usage(**wanted)
    assert sum(len(result["Groups"]) for result in page["ResultsByTime"]) == 150
    changed = {**wanted, "Granularity": "MONTHLY", "NextPageToken": page["NextPageToken"]}
    assert refusal(client(costs).get_cost_and_usage, **changed) == "RequestChangedException"
    made_up = {**wanted, "NextPageToken": "bm90IG91cnM="}
    assert refusal(client(costs).get_cost_and_usage, **made_up) == "InvalidNextTokenException"
    calls = costs.control("calls")["calls"]
    counted = sum(one["calls"] for one in calls if one["operation"] == "GetCostAndUsage")
    assert counted > 5


CREDIT = {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}


def test_filters_cut_the_bill_in_two(costs: Standin) -> None:
    whole = total(ask(costs))
    people = {"Tags": {"Key": "Department", "Values": ["IT"]}}
    both = {"And": [WORKSPACES, {"Not": CREDIT}]}
    for expression in (WORKSPACES, CREDIT, both, {"Or": [CREDIT, people]}):
        part, rest = ask(costs, Filter=expression), ask(costs, Filter={"Not": expression})
        assert total(part) + total(rest) == whole
        assert total(part) != 0


def test_tags_can_be_grouped_and_absent(costs: Standin) -> None:
    groups = [{"Type": "TAG", "Key": "CostCentre"}]
    keys = {group["Keys"][0] for result in ask(costs, GroupBy=groups, Granularity="MONTHLY")
            for group in result["Groups"]}  # fmt: skip
    assert "CostCentre$" in keys
    assert any(key.startswith("CostCentre$cc-") for key in keys)
    absent = {"Tags": {"Key": "CostCentre", "MatchOptions": ["ABSENT"]}}
    some = total(ask(costs, Filter=absent))
    assert 0 < some < total(ask(costs, Filter=WORKSPACES)) * 2


@pytest.mark.parametrize(
    "params",
    [
        {"Metrics": ["Cost"]},
        {"Metrics": []},
        {"Granularity": "HOURLY"},
        {"TimePeriod": {"Start": "2026-03-01", "End": "2026-03-01"}},
        {"TimePeriod": {"Start": "2024-01-01", "End": "2026-03-01"}},
        {"TimePeriod": {"Start": "2026-13-01", "End": "2026-03-01"}},
        {"GroupBy": [USAGE, LINKED, {"Type": "DIMENSION", "Key": "SERVICE"}]},
        {"GroupBy": [{"Type": "DIMENSION", "Key": "AZ"}]},
        {"Filter": {"And": [WORKSPACES]}},
        {"Filter": {**WORKSPACES, "Not": WORKSPACES}},
        {"Filter": {"Dimensions": {"Key": "SERVICE", "Values": []}}},
        {"Filter": {"Dimensions": {**NOTHING, "MatchOptions": ["CONTAINS"]}}},
    ],
)  # fmt: skip
def test_what_aws_refuses_is_refused(costs: Standin, params: dict[str, Any]) -> None:
    wanted = {"TimePeriod": FEBRUARY, "Granularity": "DAILY", "Metrics": BOTH, **params}
    assert refusal(client(costs).get_cost_and_usage, **wanted) == "ValidationException"


def test_other_regions_have_no_cost_explorer(costs: Standin) -> None:
    elsewhere = costs.client("ce", region="eu-central-1").get_cost_and_usage
    wanted = {"TimePeriod": FEBRUARY, "Granularity": "DAILY", "Metrics": BOTH}
    assert refusal(elsewhere, **wanted) == "InvalidSignatureException"


def test_its_throttle_has_a_name_of_its_own(costs: Standin) -> None:
    costs.control("throttle", {"rules": [{"operation": "GetCostAndUsage", "rate": 1, "burst": 1}]})
    wanted = {"TimePeriod": FEBRUARY, "Granularity": "MONTHLY", "Metrics": BOTH}
    client(costs).get_cost_and_usage(**wanted)
    codes = {refusal(client(costs).get_cost_and_usage, **wanted) for _ in range(2)}
    assert codes == {"LimitExceededException"}


def test_a_month_is_estimated_until_the_seventh_and_then_final(costs: Standin) -> None:
    first = ask(costs, GroupBy=[USAGE])
    assert {result["Estimated"] for result in first} == {True}
    costs.control("clock", {"set": "2026-03-07T00:00:00Z"})
    final = ask(costs, GroupBy=[USAGE])
    assert {result["Estimated"] for result in final} == {False}
    assert final != first
    costs.control("clock", {"set": "2026-09-07T00:00:00Z"})
    assert ask(costs, GroupBy=[USAGE]) == final


def test_yesterday_is_partial_and_today_empty(costs: Standin) -> None:
    days = {"Start": "2026-03-01", "End": "2026-03-06"}
    hours = {"Tags": {"Key": "CostCentre", "MatchOptions": ["ABSENT"]}}
    results = ask(costs, TimePeriod=days, Filter={"And": [WORKSPACES, {"Not": hours}]},
                  Metrics=["UsageQuantity"])  # fmt: skip
    told = [Decimal(result["Total"]["UsageQuantity"]["Amount"]) for result in results]
    assert len(told) == 4
    assert told[1] > told[2] > told[3] == 0


def test_keys_vanish_when_they_are_corrected(costs: Standin) -> None:
    def keys() -> set[tuple[str, ...]]:
        return {(result["TimePeriod"]["Start"], *group["Keys"])
                for result in ask(costs, GroupBy=[USAGE, LINKED])
                for group in result["Groups"]}  # fmt: skip

    costs.control("billing", {"vanishingShare": 1})
    before = keys()
    costs.control("clock", {"set": "2026-03-07T00:00:00Z"})
    assert before - keys()


def test_quantities_of_one_usage_type_have_its_unit(costs: Standin) -> None:
    for result in ask(costs, GroupBy=[USAGE], Granularity="MONTHLY", Filter=WORKSPACES):
        for group in result["Groups"]:
            unit = group["Metrics"]["UsageQuantity"]["Unit"]
            assert unit == "Hour" or "AutoStop-Usage" not in group["Keys"][0]
    (whole,) = ask(costs, Granularity="MONTHLY")
    assert whole["Total"]["UsageQuantity"]["Unit"] == "N/A"
