"""The daily rest of a trail: what people and programs do that leaves no trace in the fleet.

In: a site's fleet and a UTC day. Out: events, as many as the site is large and the day is busy.
Each kind of event is a row of `_KINDS` with its rate and a function that makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.store import SiteFleet
from aws_standin.trail.consequences import WORKSPACES, failure
from aws_standin.trail.event import Actor, Hostility, TrailEvent
from aws_standin.trail.people import Cast
from aws_standin.trail.rendering import HIDDEN, event_id
from aws_standin.trail.rules import TrailRules

DAY = 86_400
DIRECTORIES = "ds.amazonaws.com"
_SUNDAY_SHARE = 0.15
_HOSTILITIES: tuple[Hostility, ...] = ("big", "unicode", "null", "deep")
_UNKNOWN = ("QuiesceWorkspaces", "ModifyWorkspaceGravity", "PromoteStandbyWorkspace2")
_HEX = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Moment:
    """Where an event is being made: its draws, instant and desktop."""

    draws: Draws
    at: int
    desktop: Desktop
    cast: Cast

    @property
    def administrator(self) -> Actor:
        """A person of the account."""
        return self.cast.administrator(self.draws, self.at)


@dataclass(frozen=True, slots=True)
class Sketch:
    """An event without its place and time."""

    name: str
    actor: Actor
    parameters: Any
    response: Any = None
    source: str = WORKSPACES
    error: tuple[str, str] | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """Makes the routine events of one site."""

    fleet: SiteFleet
    cast: Cast

    def of_day(self, day: int, rules: TrailRules) -> Iterator[TrailEvent]:
        """Events of a day, counted in days since 1970, in no order."""
        size = self.fleet.site.desktops
        if not size or not self.fleet.directories:
            return
        busy = rules.activity * (1 if (day + 3) % 7 < 5 else _SUNDAY_SHARE)  # noqa: PLR2004
        for kind, (per_day, per_desktop, sketch) in enumerate(_KINDS):
            draws = self._draws("how-many", kind, day)
            wanted = busy * (per_day + per_desktop * size)
            for number in range(int(wanted) + draws.chance(wanted % 1)):
                yield self._event(sketch, (kind, day, number), rules)

    def _event(
        self, sketch: Callable[[Moment], Sketch], path: tuple[int, int, int], rules: TrailRules
    ) -> TrailEvent:
        site = self.fleet.site
        draws = self._draws("event", *path)
        at = path[1] * DAY + draws.between(6 * 3600, 19 * 3600)
        desktop = self.fleet.original(draws.below(site.desktops))
        made = sketch(Moment(draws, at, desktop, self.cast))
        event = TrailEvent(
            id=event_id("routine", site.seed, site.account, site.region, *path),
            at=at, account=site.account, region=site.region, source=made.source, name=made.name,
            actor=made.actor, parameters=made.parameters, response=made.response,
            read_only=made.read_only, error=made.error,
            resources=_resources(desktop, made, draws),
        )  # fmt: skip
        if not made.read_only and draws.chance(rules.unknown_share):
            event = replace(event, name=draws.pick(_UNKNOWN))
        if draws.chance(rules.hostile_share):
            event = replace(event, hostility=draws.pick(_HOSTILITIES))
        return event

    def _draws(self, *path: object) -> Draws:
        site = self.fleet.site
        return Draws(site.seed, "routine", site.account, site.region, *path)


def _resources(desktop: Desktop, made: Sketch, draws: Draws) -> tuple[tuple[str, str], ...]:
    """Few events carry resources; those that do name the desktop by its ARN."""
    if made.source != WORKSPACES or not draws.chance(0.2):
        return ()
    arn = f"arn:aws:workspaces:{desktop.region}:{desktop.account}:workspace/{desktop.id}"
    return (("AWS::WorkSpaces::Workspace", arn),)


def _own_reboot(m: Moment) -> Sketch:
    member = {"rebootWorkspaceRequests": [{"workspaceId": m.desktop.id}]}
    return Sketch("RebootWorkspaces", m.cast.end_user(m.desktop), member, {"failedRequests": []})


def _reboots(m: Moment) -> Sketch:
    member = {"rebootWorkspaceRequests": [{"workspaceId": m.desktop.id}]}
    failed = [failure(m.desktop, "reboot")] if m.draws.chance(0.2) else []
    return Sketch("RebootWorkspaces", m.administrator, member, {"failedRequests": failed})


def _rebuild(m: Moment) -> Sketch:
    member = {"rebuildWorkspaceRequests": [{"workspaceId": m.desktop.id}]}
    return Sketch("RebuildWorkspaces", m.administrator, member, {"failedRequests": []})


def _restore(m: Moment) -> Sketch:
    return Sketch("RestoreWorkspace", m.administrator, {"workspaceId": m.desktop.id})


def _tag(m: Moment) -> Sketch:
    tags = [{"key": key, "value": value} for key, value in m.desktop.tags]
    parameters = {"resourceId": m.desktop.id, "tags": tags or [{"key": "Owner", "value": "IT"}]}
    return Sketch("CreateTags", m.cast.scheduler(m.at), parameters)


def _denied(m: Moment) -> Sketch:
    name = m.draws.pick(("TerminateWorkspaces", "ModifyWorkspaceProperties", "StopWorkspaces"))
    actor = m.cast.scheduler(m.at)
    message = (
        f"User: {actor.identity['arn']} is not authorized to perform: workspaces:{name} because "
        "no identity-based policy allows the action"
    )
    return Sketch(name, actor, None, error=("AccessDenied", message))


def _not_found(m: Moment) -> Sketch:
    parameters = {"workspaceId": "ws-" + m.draws.text(_HEX, 9), "workspaceState": "AVAILABLE"}
    error = ("ResourceNotFoundException", "The resource could not be found.")
    return Sketch("ModifyWorkspaceState", m.administrator, parameters, error=error)


def _busy(m: Moment) -> Sketch:
    wanted = {"runningMode": m.desktop.running_mode}
    parameters = {"workspaceId": m.desktop.id, "workspaceProperties": wanted}
    error = ("OperationInProgressException", "The properties of this WorkSpace are being changed.")
    actor = m.cast.optimizer(m.desktop.region, m.at)
    return Sketch("ModifyWorkspaceProperties", actor, parameters, error=error)


def _ip_rules(m: Moment) -> Sketch:
    network = f"203.0.113.{m.draws.below(16) * 16}/28"
    rules = [{"ipRule": network, "ruleDesc": m.draws.pick(("office", "vpn", "temporary"))}]
    parameters = {"groupId": "wsipg-" + m.draws.text(_HEX, 9), "userRules": rules}
    return Sketch("AuthorizeIpRules", m.administrator, parameters)


def _access(m: Moment) -> Sketch:
    properties = {"deviceTypeWeb": m.draws.pick(("ALLOW", "DENY"))}
    parameters = {
        "resourceId": m.desktop.directory.id, "workspaceAccessProperties": properties,
    }  # fmt: skip
    return Sketch("ModifyWorkspaceAccessProperties", m.administrator, parameters)


def _image(m: Moment) -> Sketch:
    parameters = {
        "name": f"corp-{m.at // DAY}", "description": "nightly", "workspaceId": m.desktop.id,
    }  # fmt: skip
    image = {"imageId": "wsi-" + m.draws.text(_HEX, 9), "state": "PENDING"}
    return Sketch("CreateWorkspaceImage", m.cast.pipeline(m.at), parameters, image)


def _pool(m: Moment) -> Sketch:
    capacity = {"desiredUserSessions": m.draws.between(1, 40)}
    parameters = {"poolId": "wspool-" + m.draws.text(_HEX, 9), "capacity": capacity}
    actor = m.cast.service_linked(m.at) if m.draws.chance(0.3) else m.cast.scheduler(m.at)
    return Sketch("UpdateWorkspacesPool", actor, parameters)


def _account(m: Moment) -> Sketch:
    parameters = {"dedicatedTenancySupport": "ENABLED"}
    return Sketch("ModifyAccount", m.cast.root(m.at), parameters)


def _password(m: Moment) -> Sketch:
    parameters = {
        "directoryId": m.desktop.directory.id, "userName": m.desktop.user_name,
        "newPassword": HIDDEN,
    }  # fmt: skip
    return Sketch("ResetUserPassword", m.administrator, parameters, source=DIRECTORIES)


def _radius(m: Moment) -> Sketch:
    settings = {"radiusServers": ["10.0.0.8"], "radiusPort": 1812, "sharedSecret": HIDDEN}
    parameters = {"directoryId": m.desktop.directory.id, "radiusSettings": settings}
    actor = m.cast.iam_user("dana.ruiz", m.at)
    return Sketch("UpdateRadius", actor, parameters, source=DIRECTORIES)


def _controller(m: Moment) -> Sketch:
    return Sketch("CreateComputer", m.cast.service("workspaces"), None, source=DIRECTORIES)


def _console(m: Moment) -> Sketch:
    parameters = {"directoryId": m.desktop.directory.id, "limit": 25}
    return Sketch("DescribeWorkspaces", m.administrator, parameters, read_only=True)


_KINDS: tuple[tuple[float, float, Callable[[Moment], Sketch]], ...] = (
    (0, 0.006, _own_reboot),
    (0.5, 0.002, _reboots),
    (0.1, 0.0008, _rebuild),
    (0.05, 0.0003, _restore),
    (0.5, 0.002, _tag),
    (0.4, 0.0003, _denied),
    (0.2, 0, _not_found),
    (0.1, 0.0005, _busy),
    (0.2, 0, _ip_rules),
    (0.1, 0, _access),
    (0.3, 0, _image),
    (2, 0, _pool),
    (0.03, 0, _account),
    (0.3, 0.0005, _password),
    (0.05, 0, _radius),
    (0.2, 0.0005, _controller),
    (3, 0.002, _console),
)
"""Events a working day: of a site, and for each of its desktops."""
