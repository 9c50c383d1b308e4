"""The events that explain the fleet's truth: without them the fleet would be another one.

In: a site's fleet and a month. Out: its creations, terminations, switches of the running mode,
grown volumes, and administrators' starts and stops. A start or stop that could have no effect was
tried all the same: AWS answered 200 with the desktop in `failedRequests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.interventions import DAY, plan_of, stopped_at
from aws_standin.fleet.lifecycle import RESUME
from aws_standin.fleet.mode_history import drawn_switches, in_force
from aws_standin.fleet.provisioning import Tenure
from aws_standin.fleet.running import runs
from aws_standin.fleet.sessions import sessions_between
from aws_standin.fleet.store import SiteFleet
from aws_standin.fleet.volume_history import growths
from aws_standin.trail.event import Actor, TrailEvent
from aws_standin.trail.people import Cast
from aws_standin.trail.rendering import event_id

WORKSPACES = "workspaces.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Explainer:
    """Tells the consequences of one site, a month at a time."""

    fleet: SiteFleet
    cast: Cast

    def of_month(self, month: date) -> Iterator[TrailEvent]:
        """Events of the month that begins on this day, in no order."""
        start = _midnight(month)
        end = _midnight((month + timedelta(days=32)).replace(day=1))
        for index in range(self.fleet.site.desktops):
            desktop = self.fleet.original(index)
            for event in self._of_desktop(desktop, month):
                if start <= event.at < end:
                    yield event
        for tenure in self.fleet.tenures(start, end):
            for event in self._of_tenure(tenure):
                if start <= event.at < end:
                    yield event

    def _of_desktop(self, desktop: Desktop, month: date) -> Iterator[TrailEvent]:
        plan = plan_of(desktop, month)
        if plan.start is not None:
            yield self._start(desktop, plan.start.at)
        if plan.stop_day is not None:
            yield self._stop(desktop, plan.stop_day)
        for switch in drawn_switches(desktop):
            actor = self.cast.optimizer(desktop.region, switch.at)
            wanted: dict[str, Any] = {"runningMode": switch.mode}
            if switch.mode == "AUTO_STOP":
                wanted["runningModeAutoStopTimeoutInMinutes"] = switch.timeout
            yield self._modify(desktop, switch.at, actor, wanted)
        for one in growths(desktop):
            actor = self.cast.administrator(self._draws("growth", desktop.id), one.at)
            lower = one.volume[:1].lower() + one.volume[1:]
            yield self._modify(desktop, one.at, actor, {lower: one.after})
        if desktop.worker.left_on is not None:
            yield from self._leaving(desktop, desktop.worker.left_on)

    def _start(self, desktop: Desktop, at: int) -> TrailEvent:
        switches = drawn_switches(desktop)
        mode = in_force(desktop, switches, at).mode
        worked = mode == "AUTO_STOP" and any(
            run.start == at for run in runs(desktop, switches, (), at, at + 1)
        )
        return self._power("StartWorkspaces", desktop, at, None if worked else "start")

    def _stop(self, desktop: Desktop, day: int) -> TrailEvent:
        at = self._stopped(desktop, day)
        if at is not None:
            return self._power("StopWorkspaces", desktop, at, None)
        return self._power("StopWorkspaces", desktop, day * DAY + 18 * 3600, "stop")

    def _stopped(self, desktop: Desktop, day: int) -> int | None:
        """When the day's stop cut a run short; None if it found nothing to stop."""
        current = in_force(desktop, drawn_switches(desktop), day * DAY)
        linger = 60 * current.timeout
        if current.mode != "AUTO_STOP":
            return None
        ended = [s.end for s in sessions_between(desktop.worker, day * DAY, (day + 1) * DAY)
                 if s.end // DAY == day]  # fmt: skip
        for end in reversed(ended):
            following = sessions_between(desktop.worker, end + 1, end + linger + RESUME + 1)
            if not any(following):
                return stopped_at(desktop, end, linger)
        return None

    def _power(self, name: str, desktop: Desktop, at: int, refused: str | None) -> TrailEvent:
        member = name[:1].lower() + name[1:-1] + "Requests"
        actor = self.cast.administrator(self._draws(name, desktop.id, at), at)
        failed = [] if refused is None else [failure(desktop, refused)]
        return self._event(
            desktop, at, name, actor, {member: [{"workspaceId": desktop.id}]},
            {"failedRequests": failed},
        )  # fmt: skip

    def _modify(
        self, desktop: Desktop, at: int, actor: Actor, wanted: dict[str, Any]
    ) -> TrailEvent:
        parameters = {"workspaceId": desktop.id, "workspaceProperties": wanted}
        return self._event(desktop, at, "ModifyWorkspaceProperties", actor, parameters, None)

    def _leaving(self, desktop: Desktop, left_on: date) -> Iterator[TrailEvent]:
        """Some leavers' desktops were to be terminated, which failed: orphans ever since."""
        draws = self._draws("leaving", desktop.id)
        if draws.chance(0.3):
            at = _midnight(left_on) + draws.between(1, 5) * DAY + draws.between(8, 16) * 3600
            member = {"terminateWorkspaceRequests": [{"workspaceId": desktop.id}]}
            yield self._event(
                desktop, at, "TerminateWorkspaces", self.cast.administrator(draws, at), member,
                {"failedRequests": [failure(desktop, "terminate")]},
            )  # fmt: skip

    def _of_tenure(self, tenure: Tenure) -> Iterator[TrailEvent]:
        desktop = tenure.desktop
        if tenure.created is not None:
            yield self._creation(tenure, desktop, tenure.created)
        if tenure.terminated is not None and tenure.reason != "call":
            actor = self._provisioner(tenure, tenure.terminated)
            member = {"terminateWorkspaceRequests": [{"workspaceId": desktop.id}]}
            yield self._event(
                desktop, tenure.terminated, "TerminateWorkspaces", actor, member,
                {"failedRequests": []},
            )  # fmt: skip

    def _creation(self, tenure: Tenure, desktop: Desktop, at: int) -> TrailEvent:
        wanted = {
            "directoryId": desktop.directory.id,
            "userName": desktop.user_name,
            "bundleId": desktop.bundle.id,
        }
        properties = {"runningMode": desktop.running_mode}
        tags = [{"key": key, "value": value} for key, value in desktop.tags]
        pending = {**wanted, "workspaceId": desktop.id, "state": "PENDING"}
        return self._event(
            desktop, at, "CreateWorkspaces", self._provisioner(tenure, at),
            {"workspaces": [{**wanted, "workspaceProperties": properties, "tags": tags}]},
            {"failedRequests": [], "pendingRequests": [pending]},
        )  # fmt: skip

    def _provisioner(self, tenure: Tenure, at: int) -> Actor:
        if tenure.reason == "trial":
            return self.cast.pipeline(at)
        draws = self._draws("provisioner", tenure.desktop.id)
        if draws.chance(0.5):
            return self.cast.scheduler(at)
        return self.cast.administrator(draws, at)

    def _event(
        self, desktop: Desktop, at: int, name: str, actor: Actor, *bodies: dict[str, Any] | None
    ) -> TrailEvent:
        parameters, response = bodies
        return TrailEvent(
            id=event_id("consequence", name, desktop.id, at),
            at=at, account=desktop.account, region=desktop.region, source=WORKSPACES, name=name,
            actor=actor, parameters=parameters, response=response,
        )  # fmt: skip

    def _draws(self, *path: object) -> Draws:
        return Draws(self.fleet.site.seed, "consequence", *path)


def failure(desktop: Desktop, action: str) -> dict[str, str]:
    """A desktop in `failedRequests`."""
    return {
        "workspaceId": desktop.id,
        "errorCode": "InvalidResourceState",
        "errorMessage": f"The specified WorkSpace has an invalid state for {action}.",
    }


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
