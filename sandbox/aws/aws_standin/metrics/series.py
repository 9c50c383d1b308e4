"""From evidence to the points of one metric: in which slots there is one, and its value.

In: a desktop's `Evidence` and a metric. Out: a `Series`. Values follow from (seed, desktop, metric,
slot) alone, whatever range is asked for. A desktop that does not run reports nothing but
`Stopped` = 1, unless `WhileStopped` says otherwise, as nobody has seen yet what AWS does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.evidence import Evidence
from aws_standin.fleet.gaps import SILENT_STATES
from aws_standin.fleet.presence import WhileStopped
from aws_standin.fleet.slots import SLOT, all_slots, slots_touched
from aws_standin.metrics.catalogue import Metric
from aws_standin.metrics.gauges import gauge

_ILL = frozenset({"UNHEALTHY", "IMPAIRED"})
_MAINTAINED = frozenset({"MAINTENANCE", "ADMIN_MAINTENANCE"})
_FAILURES = 0.04
"""Probability that a session needs a second attempt."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points in a range of slots."""

    present: int
    """Map of the slots that have a point."""
    ones: int | None
    """For a flag, the map of those whose value is 1."""
    values: Sequence[float]
    """Else a value for every slot of the range, meaningful where there is a point."""


def series(desktop: Desktop, seen: Evidence, metric: Metric, while_stopped: WhileStopped) -> Series:
    """A metric's points, before it is asked whether they have arrived."""
    present = present_in(desktop, seen, metric, while_stopped)
    if metric.kind == "flag":
        return Series(present, _ones(desktop, seen, metric) & present, ())
    if metric.kind == "count":
        return Series(present, None, _counts(desktop, seen, metric))
    return Series(present, None, gauge(desktop, seen, metric.name))


def present_in(
    desktop: Desktop, seen: Evidence, metric: Metric, while_stopped: WhileStopped
) -> int:
    """The map of slots in which the metric has a point."""
    if not _ever_reports(desktop, metric):
        return 0
    reports = seen.running & seen.observed & seen.exists
    stopped = seen.exists & ~seen.running
    if metric.present == "stopped":
        return 0 if while_stopped == "none" else reports | stopped
    if metric.present == "connected":
        return reports & seen.connected
    if metric.present == "launch":
        begins = ((s.start, s.start + 1) for s in seen.sessions)
        return reports & slots_touched(begins, seen.first, seen.length)
    if metric.name == "UserConnected" and while_stopped == "zero":
        return reports | stopped
    return reports


def _ever_reports(desktop: Desktop, metric: Metric) -> bool:
    if desktop.abnormal_state in SILENT_STATES:
        return False
    if metric.name == "GPUUsage":
        return desktop.bundle.compute.startswith("GRAPHICS")
    return True


def _ones(desktop: Desktop, seen: Evidence, metric: Metric) -> int:
    everything = all_slots(seen.length)
    ill = everything if desktop.abnormal_state in _ILL else 0
    maintained = everything if desktop.abnormal_state in _MAINTAINED else seen.maintenance
    return {
        "UserConnected": seen.connected & seen.running,
        "Stopped": everything ^ seen.running,
        "Available": everything ^ ill,
        "Unhealthy": ill,
        "Maintenance": maintained,
    }[metric.name]


def _counts(desktop: Desktop, seen: Evidence, metric: Metric) -> list[float]:
    happened = [0.0] * seen.length
    for session in seen.sessions:
        failed = Draws(desktop.worker.seed, "failed", desktop.id, session.start).chance(_FAILURES)
        number = {
            "ConnectionAttempt": 1 + failed,
            "ConnectionSuccess": 1,
            "ConnectionFailure": int(failed),
            "SessionDisconnect": 1,
        }[metric.name]
        at = session.end - 1 if metric.name == "SessionDisconnect" else session.start
        slot = at // SLOT - seen.first
        if 0 <= slot < seen.length:
            happened[slot] += number
    return happened
