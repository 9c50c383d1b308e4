"""GetCostAndUsage, and the same by resource for the last two weeks.

A page holds so many groups; a day's groups may go on on the next page. Days that the provider has
not told yet are there and empty. `Estimated` is true until the month is final. By resource, AWS
asks for a filter or a group of RESOURCE_ID, and for an account that has switched it on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aws_standin.billing.ledger import months_between
from aws_standin.billing.line import Line
from aws_standin.billing.visibility import final_from
from aws_standin.errors import AwsError
from aws_standin.services.call import Call
from aws_standin.services.cost_explorer.asking import (
    Period,
    check_history,
    check_place,
    lines_between,
    period_of,
    today,
)
from aws_standin.services.cost_explorer.filters import needs_resources, predicate
from aws_standin.services.cost_explorer.grouping import (
    Grouping,
    Keys,
    amounts,
    grouping_of,
    metrics_of,
)
from aws_standin.services.cost_explorer.pages import page_of
from aws_standin.services.cost_explorer.spoiling import spoiled

RESOURCE_DAYS = 14


@dataclass(frozen=True, slots=True)
class _Row:
    """A group of a period, or a period without groups (keys of None)."""

    period: Period
    keys: Keys | None
    lines: list[Line]


def get_cost_and_usage(call: Call) -> dict[str, Any]:
    """Tell costs and usage by day or month."""
    check_place(call)
    check_history(call, period_of(call))
    return _answer(call)


def get_cost_and_usage_with_resources(call: Call) -> dict[str, Any]:
    """Tell the same by resource."""
    check_place(call)
    switch = call.world.bill.rules.resources
    if switch == "denied":
        raise AwsError("AccessDeniedException", "The account may not see resource-level data.")
    if switch == "unavailable":
        raise AwsError("DataUnavailableException", "Resource-level data is not enabled.")
    period, grouping = period_of(call), grouping_of(call.params)
    if period.start < today(call) - timedelta(days=RESOURCE_DAYS):
        raise AwsError("ValidationException", "Data is available for the last 14 days only.")
    if not (grouping.by("RESOURCE_ID") or "RESOURCE_ID" in str(call.params["Filter"])):
        raise AwsError("ValidationException", "Filter or group by RESOURCE_ID.")
    return _answer(call)


def _answer(call: Call) -> dict[str, Any]:
    granularity = call.params["Granularity"]
    if granularity == "HOURLY":
        raise AwsError("ValidationException", "Hourly data is not enabled for this account.")
    grouping, metrics = grouping_of(call.params), metrics_of(call.params)
    periods = list(_periods(period_of(call), granularity, today(call)))
    rows = list(_rows(call, periods, grouping))
    page, following = page_of(call, list(enumerate(rows)), call.world.bill.rules.page_groups)
    answer: dict[str, Any] = {"ResultsByTime": _results(call, page, metrics), **following}
    if grouping.definitions:
        answer["GroupDefinitions"] = grouping.definitions
    answer["DimensionValueAttributes"] = _attributes(grouping, [row for _, row in page])
    return answer


def _periods(whole: Period, granularity: str, now: date) -> Iterator[Period]:
    """The days or months of the request, as far as they have begun."""
    end = min(whole.end, now + timedelta(days=1))
    if granularity == "DAILY":
        for number in range((end - whole.start).days):
            day = whole.start + timedelta(days=number)
            yield Period(day, day + timedelta(days=1))
        return
    for month in months_between(whole.start, end):
        following = (month + timedelta(days=32)).replace(day=1)
        yield Period(max(month, whole.start), min(following, whole.end))


def _rows(call: Call, periods: list[Period], grouping: Grouping) -> Iterator[_Row]:
    expression = call.params.get("Filter")
    by_resource = grouping.needs_resources or needs_resources(expression)
    fits = predicate(expression)
    if not periods:
        return
    whole = Period(periods[0].start, periods[-1].end)
    starts = {period.start: period for period in periods}
    found: dict[date, dict[Keys, list[Line]]] = {start: defaultdict(list) for start in starts}
    for line in lines_between(call, whole, by_resource=by_resource, fits=fits):
        start = line.day if line.day in starts else _start_of(line.day, periods)
        found[start][grouping.keys(line)].append(line)
    for start, groups in found.items():
        if not grouping.definitions:
            yield _Row(starts[start], None, groups.get((), []))
        elif not groups:
            yield _Row(starts[start], None, [])
        for keys in sorted(groups) if grouping.definitions else ():
            yield _Row(starts[start], keys, groups[keys])


def _start_of(day: date, periods: list[Period]) -> date:
    return next(period.start for period in periods if period.start <= day < period.end)


def _results(call: Call, page: Any, metrics: list[str]) -> list[dict[str, Any]]:
    """The page's rows under their periods."""
    results: dict[date, dict[str, Any]] = {}
    grouped = bool(call.params.get("GroupBy"))
    malformed = call.world.bill.rules.malformed
    for number, row in page:
        result = results.setdefault(row.period.start, {
            "TimePeriod": {
                "Start": row.period.start.isoformat(), "End": row.period.end.isoformat(),
            },
            "Total": {},
            "Groups": [],
            "Estimated": final_from(row.period.end - timedelta(days=1)) > call.now,
        })  # fmt: skip
        values = spoiled(amounts(row.lines, metrics), number, malformed)
        if row.keys is not None:
            result["Groups"].append({"Keys": list(row.keys), "Metrics": values})
        elif not grouped:
            result["Total"] = values
    return list(results.values())


def _attributes(grouping: Grouping, rows: list[_Row]) -> list[dict[str, Any]]:
    """Names of the accounts in the answer."""
    for place, definition in enumerate(grouping.definitions):
        if definition.get("Key") == "LINKED_ACCOUNT":
            accounts = sorted({row.keys[place] for row in rows if row.keys is not None})
            return [
                {"Value": account, "Attributes": {"description": f"desks-{account[:3]}"}}
                for account in accounts
            ]
    return []
