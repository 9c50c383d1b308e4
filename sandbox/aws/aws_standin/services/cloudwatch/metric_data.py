"""GetMetricData: values of up to 500 metrics, in pages of points.

A page is filled query after query until it holds the points that were allowed; the query that was
cut, and those behind it, are `PartialData`. Every page names every query. The token pins the
instant of the first page, so that points that arrive meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.metrics.arrival import oldest_kept, rounded_start
from aws_standin.metrics.statistics import Periods, Points
from aws_standin.paging import position, token
from aws_standin.services.call import Call
from aws_standin.services.cloudwatch.metric_source import MetricSource
from aws_standin.services.cloudwatch.queries import Query, Request, read

_NO_POINTS: Points = ([], [])


def get_metric_data(call: Call) -> dict[str, Any]:
    """Answer with a page of values."""
    request = read(call.params)
    digest = call.digest()
    at, offset, now = _position(call, digest)
    source = MetricSource(call.fleet, call.world.arrival, call.world.presence, now)
    room = request.most_points
    results = []
    following: str | None = None
    for index, query in enumerate(request.queries):
        times, values = _NO_POINTS
        complete = True
        if following is not None:
            complete = False
        elif index >= at:
            skip = offset if index == at else 0
            if room == 0:
                following, complete = f"{index}:{skip}:{now}", False
            else:
                times, values = _points(source, request, query)
                left = len(times) - skip
                times, values = times[skip : skip + room], values[skip : skip + room]
                if left > room:
                    following, complete = f"{index}:{skip + room}:{now}", False
                room -= len(times) if query.returned else 0
        if query.returned:
            results.append(_result(query, times, values, complete=complete))
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    if following is not None:
        answer["NextToken"] = token(following, digest)
    return answer


def _points(source: MetricSource, request: Request, query: Query) -> Points:
    """All points of a query, in the order that was asked for."""
    if not query.returned:
        return _NO_POINTS
    start = rounded_start(request.start, source.now)
    oldest = oldest_kept(query.period, source.now)
    # Periods that are gone or not begun have no points: there is no need to reckon with them.
    start += max(0, (oldest - start) // query.period) * query.period
    periods = Periods.of(start, max(start, min(request.end, source.now)), query.period)
    times, values = source.points(query, periods, oldest)
    return (times[::-1], values[::-1]) if request.descending else (times, values)


def _result(
    query: Query, times: list[int], values: list[float], *, complete: bool
) -> dict[str, Any]:
    return {
        "Id": query.id,
        "Label": query.label,
        "Timestamps": times,
        "Values": values,
        "StatusCode": "Complete" if complete else "PartialData",
    }


def _position(call: Call, digest: str) -> tuple[int, int, int]:
    """Query and point at which the page begins, and the instant of the first page."""
    key = position(call.params, digest, code="InvalidNextToken")
    if not key:
        return 0, 0, call.now
    try:
        at, offset, now = map(int, key.split(":"))
    except ValueError:
        raise AwsError("InvalidNextToken", "The NextToken is not valid.") from None
    return at, offset, now
