"""The control interface under `/_standin/`: makes fleets, sets clocks, breaks things, tells truth.

In: JSON with camelCase names, closed (an unknown field is an error that names it). Out: JSON, or
JSON lines as a stream. `ROUTES` is the list of endpoints. Deliberately absent: authentication;
whoever reaches the address rules the stand-in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qs

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from aws_standin.credentials import CredentialsSpec
from aws_standin.fleet import ledger
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.spec import AccountId, Document, FleetSpec, RegionName
from aws_standin.fleet.store import DuplicateIdError, SiteFleet
from aws_standin.traffic.faults import FaultRule
from aws_standin.traffic.throttle import ThrottleRule
from aws_standin.world import World

PREFIX = "/_standin/"

D = TypeVar("D", bound=BaseModel)


class ControlError(Exception):
    """A request that is refused, with the reason for a person to read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ClockSpec(Document):
    """Body of `POST clock`: jump to an instant, then perhaps ahead."""

    set: AwareDatetime | None = None
    running: bool = False
    """Whether time goes on after `set`; else it stands still."""
    advance_seconds: float = 0


class ThrottleSpec(Document):
    """Body of `POST throttle`: all rules there are from now on."""

    rules: list[ThrottleRule]


class FaultSpec(Document):
    """Body of `POST fault`: rules put behind those there are."""

    rules: list[FaultRule]


class Mutation(Document):
    """Body of `POST mutate`: changes of one account and region."""

    account: AccountId
    region: RegionName
    remove: int | list[str] = 0
    """Ids, or how many from the top of the listing."""
    add: int = Field(default=0, ge=0, le=1_000_000)
    desktops: int | list[str] = 0
    """Which ones `set` and `drop` are about: ids, or how many from the top of the listing."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Values of members of `Workspace` by dotted path; any value, known to AWS or not."""
    drop: list[str] = Field(default_factory=list)
    """Members to leave out, by dotted path."""


class Selection(Document):
    """Query of the ledger: what to tell, of which account and region."""

    type: str = Field(default="desktops", pattern="^(desktops|sessions)$")
    account: AccountId | None = None
    region: RegionName | None = None
    start: AwareDatetime | None = Field(default=None, alias="from")
    end: AwareDatetime | None = Field(default=None, alias="to")
    offset: int = Field(default=0, ge=0)
    limit: int | None = Field(default=None, ge=1)


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A control request, its query with one value a name."""

    world: World
    body: bytes
    query: dict[str, str]

    def read(self, kind: type[D]) -> D:
        """The body as a document."""
        return _validated(lambda: kind.model_validate_json(self.body or b"{}"))


Reply = dict[str, Any] | Iterator[str]
"""A JSON object, or JSON lines."""


def handle(world: World, method: str, path: str, query: str, body: bytes) -> Reply:
    """Answer a control request; raises `ControlError`."""
    name = path.removeprefix(PREFIX).strip("/")
    methods = ROUTES.get(name)
    if methods is None:
        known = ", ".join(sorted(ROUTES))
        raise ControlError(404, f"There is no control endpoint {name!r}; there are: {known}.")
    handler = methods.get(method)
    if handler is None:
        raise ControlError(405, f"{name} takes {' or '.join(methods)}, not {method}.")
    pairs = {key: values[-1] for key, values in parse_qs(query).items()}
    return handler(ControlRequest(world, body, pairs))


def health(request: ControlRequest) -> Reply:
    """Say that the server is ready, and what time the fleet has."""
    return {"status": "ok", "now": ledger.iso(request.world.clock.now())}


def reset(request: ControlRequest) -> Reply:
    """Forget everything."""
    request.world.reset()
    return {}


def make_fleet(request: ControlRequest) -> Reply:
    """Make the fleet, replacing the one there is."""
    spec = request.read(FleetSpec)
    try:
        request.world.make_fleet(spec)
    except DuplicateIdError:
        raise ControlError(409, f"Seed {spec.seed} draws an id twice; take another seed.") from None
    return show_fleet(request)


def show_fleet(request: ControlRequest) -> Reply:
    """Tell what fleet there is."""
    now = request.world.clock.now()
    return {
        "spec": request.world.spec.model_dump(by_alias=True) if request.world.spec else None,
        "sites": [
            {
                "account": fleet.site.account,
                "region": fleet.site.region,
                "desktops": len(fleet.listing(now)),
                "directories": [directory.id for directory in fleet.directories],
            }
            for fleet in request.world.fleets()
        ],
    }


def declare_credentials(request: ControlRequest) -> Reply:
    """Declare access keys and roles."""
    spec = request.read(CredentialsSpec)
    request.world.credentials.declare(spec)
    return {"keys": len(spec.keys), "roles": len(spec.roles), "strict": spec.strict}


def set_clock(request: ControlRequest) -> Reply:
    """Set the fleet's clock, or move it ahead."""
    spec = request.read(ClockSpec)
    if spec.set is not None:
        request.world.clock.set(spec.set.timestamp(), running=spec.running)
    request.world.clock.advance(spec.advance_seconds)
    return show_clock(request)


def show_clock(request: ControlRequest) -> Reply:
    """Tell the fleet's time."""
    return {"now": ledger.iso(request.world.clock.now())}


def set_throttle(request: ControlRequest) -> Reply:
    """Replace the rates."""
    rules = request.read(ThrottleSpec).rules
    request.world.throttles.replace(rules)
    return {"rules": len(rules)}


def add_faults(request: ControlRequest) -> Reply:
    """Queue faults."""
    rules = request.read(FaultSpec).rules
    request.world.faults.add(rules)
    return {"added": len(rules)}


def clear_faults(request: ControlRequest) -> Reply:
    """Drop all faults."""
    request.world.faults.clear()
    return {}


def set_presence(request: ControlRequest) -> Reply:
    """Say how complete answers are."""
    request.world.presence = request.read(Presence)
    return request.world.presence.model_dump(by_alias=True)


def mutate(request: ControlRequest) -> Reply:
    """Remove, add and change desktops of one account and region."""
    wanted = request.read(Mutation)
    fleet = request.world.fleet(wanted.account, wanted.region)
    now = request.world.clock.now()
    removed = _chosen(fleet, wanted.remove, now)
    fleet.remove(removed)
    added = fleet.add(wanted.add)
    changed = _chosen(fleet, wanted.desktops, now)
    for one in changed:
        fleet.change(one, wanted.set, set(wanted.drop))
    return {"removed": removed, "added": added, "changed": changed}


def calls(request: ControlRequest) -> Reply:
    """Count the calls."""
    return {"calls": request.world.log.counts()}


def clear_calls(request: ControlRequest) -> Reply:
    """Forget the calls."""
    request.world.log.clear()
    return {}


def log(request: ControlRequest) -> Reply:
    """Tell every call, as JSON lines."""
    since = request.query.get("since", "0")
    if not since.isdigit():
        raise ControlError(400, "since must be a sequence number.")
    return (json.dumps(call) + "\n" for call in request.world.log.since(int(since)))


def show_ledger(request: ControlRequest) -> Reply:
    """Tell the ground truth, as JSON lines."""
    wanted = _validated(lambda: Selection.model_validate(request.query))
    fleets = request.world.fleets(wanted.account, wanted.region)
    lines = ledger.desktop_lines(fleets)
    if wanted.type == "sessions":
        if wanted.start is None or wanted.end is None:
            raise ControlError(400, "sessions need from and to (RFC 3339 instants).")
        start, end = int(wanted.start.timestamp()), int(wanted.end.timestamp())
        lines = ledger.session_lines(fleets, start, end)
    stop = None if wanted.limit is None else wanted.offset + wanted.limit
    return islice(lines, wanted.offset, stop)


ROUTES: dict[str, dict[str, Callable[[ControlRequest], Reply]]] = {
    "health": {"GET": health},
    "reset": {"POST": reset},
    "fleet": {"POST": make_fleet, "GET": show_fleet},
    "credentials": {"POST": declare_credentials},
    "clock": {"POST": set_clock, "GET": show_clock},
    "throttle": {"POST": set_throttle},
    "fault": {"POST": add_faults, "DELETE": clear_faults},
    "presence": {"POST": set_presence},
    "mutate": {"POST": mutate},
    "calls": {"GET": calls, "DELETE": clear_calls},
    "log": {"GET": log},
    "ledger": {"GET": show_ledger},
}


def _chosen(fleet: SiteFleet, which: int | list[str], now: int) -> list[str]:
    if isinstance(which, int):
        return list(fleet.listing(now)[:which])
    unknown: Iterable[str] = sorted(one for one in which if fleet.find(one) is None)
    if unknown:
        raise ControlError(404, f"No such desktops: {', '.join(unknown)}.")
    return which


def _validated(read: Callable[[], D]) -> D:
    try:
        return read()
    except ValidationError as error:
        reasons = [
            f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()
        ]
        raise ControlError(400, "; ".join(reasons)) from None
