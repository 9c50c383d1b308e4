"""Control endpoints that change the world: fleet, credentials, clock, traffic, desktops."""

from __future__ import annotations

from collections.abc import Iterable

from aws_standin.billing.rules import BillingRules
from aws_standin.control.documents import (
    ClockSpec,
    FaultSpec,
    ListingSpec,
    Mutation,
    QueueMessage,
    ThrottleSpec,
)
from aws_standin.control.request import ControlError, ControlRequest, Reply
from aws_standin.control.truth import show_clock, show_fleet
from aws_standin.credentials import CredentialsSpec
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.spec import FleetSpec
from aws_standin.fleet.store import DuplicateIdError, SiteFleet
from aws_standin.metrics.arrival import Arrival
from aws_standin.services.moto_bridge import MOTO_SERVICES, reset_moto
from aws_standin.trail.rules import TrailRules


def reset(request: ControlRequest) -> Reply:
    """Forget everything."""
    request.world.reset()
    for service in MOTO_SERVICES:
        reset_moto(service)
    return {}


def make_fleet(request: ControlRequest) -> Reply:
    """Make the fleet, replacing the one there is."""
    spec = request.read(FleetSpec)
    try:
        request.world.make_fleet(spec)
    except DuplicateIdError:
        raise ControlError(409, f"Seed {spec.seed} draws an id twice; take another seed.") from None
    return show_fleet(request)


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


def set_throttle(request: ControlRequest) -> Reply:
    """Replace the rates."""
    spec = request.read(ThrottleSpec)
    request.world.throttles.replace(spec.rules, aws_limits=spec.aws_limits)
    return {"rules": len(spec.rules)}


def put_message(request: ControlRequest) -> Reply:
    """Put a message into a queue of access events."""
    spec = request.read(QueueMessage)
    world = request.world
    queue = world.queue(spec.account, spec.region)
    return {"messageId": queue.put(int(world.clock.now()), spec.body)}


def add_faults(request: ControlRequest) -> Reply:
    """Queue faults."""
    rules = request.read(FaultSpec).rules
    request.world.faults.add(rules)
    return {"added": len(rules)}


def clear_faults(request: ControlRequest) -> Reply:
    """Drop all faults."""
    request.world.faults.clear()
    return {}


def set_listings(request: ControlRequest) -> Reply:
    """Replace what listings tell otherwise than it is."""
    rules = request.read(ListingSpec).rules
    request.world.listings.replace(rules)
    return {"rules": len(rules)}


def set_presence(request: ControlRequest) -> Reply:
    """Say how complete answers are."""
    request.world.presence = request.read(Presence)
    return request.world.presence.model_dump(by_alias=True)


def set_arrival(request: ControlRequest) -> Reply:
    """Say when the points of metrics can be read."""
    request.world.arrival = request.read(Arrival)
    return request.world.arrival.model_dump(by_alias=True)


def set_trail(request: ControlRequest) -> Reply:
    """Say how busy, late and hostile the trail is."""
    rules = request.read(TrailRules)
    request.world.trail.set_rules(rules)
    return rules.model_dump(by_alias=True)


def set_billing(request: ControlRequest) -> Reply:
    """Say how usage becomes money, and how a provider tells it."""
    rules = request.read(BillingRules)
    request.world.bill.set_rules(rules)
    return rules.model_dump(by_alias=True, mode="json")


def mutate(request: ControlRequest) -> Reply:
    """Remove, add and change desktops of one account and region."""
    wanted = request.read(Mutation)
    fleet = request.world.fleet(wanted.account, wanted.region)
    now = request.world.clock.now()
    _chosen(fleet, wanted.desktops, now)  # an unknown id is refused before anything changes
    removed = _chosen(fleet, wanted.remove, now)
    fleet.remove(removed)
    added = fleet.add(wanted.add)
    changed = _chosen(fleet, wanted.desktops, now)
    for one in changed:
        fleet.change(one, wanted.set, set(wanted.drop))
    return {"removed": removed, "added": added, "changed": changed}


def clear_calls(request: ControlRequest) -> Reply:
    """Forget the calls."""
    request.world.log.clear(request.world.monotonic())
    return {}


def _chosen(fleet: SiteFleet, which: int | list[str], now: int) -> list[str]:
    if isinstance(which, int):
        return list(fleet.listing(now)[:which])
    unknown: Iterable[str] = sorted(one for one in which if fleet.find(one) is None)
    if unknown:
        raise ControlError(404, f"No such desktops: {', '.join(unknown)}.")
    return which
