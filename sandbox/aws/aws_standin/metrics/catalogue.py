"""The metrics that WorkSpaces publishes: unit, and in which slots there is a point.

A flag is 1 or 0 in each slot, and can be added up over a directory. A gauge has a value that
follows from the desktop and the slot. A count says how often something happened in the slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NAMESPACE = "AWS/WorkSpaces"

Kind = Literal["flag", "gauge", "count"]
Presence = Literal["running", "stopped", "connected", "launch"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    name: str
    unit: str
    kind: Kind
    present: Presence = "running"
    """`running`: in slots in which the desktop runs and can report. `stopped`: in those, and in
    all in which it does not run. `connected`: in slots of a session. `launch`: where one begins."""


METRICS: tuple[Metric, ...] = (
    Metric("UserConnected", "Count", "flag"),
    Metric("Stopped", "Count", "flag", "stopped"),
    Metric("Available", "Count", "flag"),
    Metric("Unhealthy", "Count", "flag"),
    Metric("Maintenance", "Count", "flag"),
    Metric("ConnectionAttempt", "Count", "count"),
    Metric("ConnectionSuccess", "Count", "count"),
    Metric("ConnectionFailure", "Count", "count"),
    Metric("SessionDisconnect", "Count", "count"),
    Metric("SessionLaunchTime", "Seconds", "gauge", "launch"),
    Metric("InSessionLatency", "Milliseconds", "gauge", "connected"),
    Metric("UDPPacketLossRate", "Percent", "gauge", "connected"),
    Metric("CPUUsage", "Percent", "gauge"),
    Metric("MemoryUsage", "Percent", "gauge"),
    Metric("RootVolumeDiskUsage", "Percent", "gauge"),
    Metric("UserVolumeDiskUsage", "Percent", "gauge"),
    Metric("GPUUsage", "Percent", "gauge"),
    Metric("UpTime", "Seconds", "gauge"),
)
"""In the order of ListMetrics."""

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
FLAGS = tuple(metric for metric in METRICS if metric.kind == "flag")
