"""The queries of a GetMetricData request: parsed, or refused as AWS refuses them.

In: a call's parameters. Out: `Request` with its `Query`s, times in UTC seconds. Deliberately not
served: expressions (metric maths, SEARCH, Metrics Insights) and trimmed statistics.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.metrics.statistics import is_statistic

MOST_QUERIES = 500
MOST_POINTS = 100_800
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
_STEP = 60


@dataclass(frozen=True, slots=True)
class Query:
    """One metric, period and statistic."""

    id: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    period: int
    """Seconds."""
    statistic: str
    unit: str | None
    label: str
    returned: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A GetMetricData request."""

    queries: tuple[Query, ...]
    start: int
    end: int
    descending: bool
    most_points: int


def read(params: dict[str, Any]) -> Request:
    """The request in these parameters; raises the error AWS sends."""
    asked: list[dict[str, Any]] = params["MetricDataQueries"]
    if not 0 < len(asked) <= MOST_QUERIES:
        raise _refused(
            "The collection MetricDataQueries must not have a size greater than "
            f"{MOST_QUERIES} or be empty."
        )
    queries = tuple(_query(index, one) for index, one in enumerate(asked, start=1))
    if len({query.id for query in queries}) != len(queries):
        raise _refused("The values for parameter id in MetricDataQueries are not unique.")
    start, end = instant(params["StartTime"]), instant(params["EndTime"])
    if start >= end:
        raise _refused("The parameter StartTime must be less than the parameter EndTime.")
    most = params.get("MaxDatapoints", MOST_POINTS)
    if most < 1:
        raise _refused("The parameter MaxDatapoints must be greater than or equal to 1.")
    return Request(
        queries,
        start,
        end,
        descending=params.get("ScanBy") != "TimestampAscending",
        most_points=min(most, MOST_POINTS),
    )


def instant(value: float | datetime) -> int:
    """A time of any wire format as whole UTC seconds."""
    try:
        return int(value.timestamp() if isinstance(value, datetime) else value)
    except (ValueError, OverflowError):
        raise _refused(f"The timestamp {value} is not valid.") from None


def _query(index: int, asked: dict[str, Any]) -> Query:
    where = f"MetricDataQueries.member.{index}"
    if _ID.fullmatch(asked["Id"]) is None:
        raise _refused(f"The value {asked['Id']} for parameter {where}.Id is not matching {_ID}.")
    if ("MetricStat" in asked) == ("Expression" in asked):
        raise _refused(f"{where}: either MetricStat or Expression must be given, and not both.")
    if "Expression" in asked:
        raise _refused(f"{where}.Expression: the stand-in does not serve expressions.")
    wanted = asked["MetricStat"]
    metric, period, statistic = wanted["Metric"], wanted["Period"], wanted["Stat"]
    if period % _STEP:
        raise _refused(f"{where}.MetricStat.Period must be a multiple of {_STEP}.")
    if not is_statistic(statistic):
        raise _refused(f"The value {statistic} for parameter {where}.MetricStat.Stat is not valid.")
    dimensions = tuple(sorted((d["Name"], d["Value"]) for d in metric.get("Dimensions", ())))
    default = " ".join([*(value for _, value in dimensions), metric.get("MetricName", "")])
    return Query(
        id=asked["Id"],
        namespace=metric.get("Namespace", ""),
        metric=metric.get("MetricName", ""),
        dimensions=dimensions,
        period=period,
        statistic=statistic,
        unit=wanted.get("Unit"),
        label=asked.get("Label", default),
        returned=asked.get("ReturnData", True),
    )


def _refused(message: str) -> AwsError:
    return AwsError("ValidationException", message)
