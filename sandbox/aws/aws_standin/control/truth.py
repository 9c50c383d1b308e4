"""Control endpoints that tell what is so: fleet, clock, calls, and the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice

from aws_standin.billing.ledger import BillSelection, bill_lines, price_lines
from aws_standin.control.documents import Selection
from aws_standin.control.request import ControlError, ControlRequest, Reply
from aws_standin.fleet import evidence_ledger, inventory_ledger, ledger
from aws_standin.metrics.ledger import measurement_lines
from aws_standin.trail.ledger import event_lines


def health(request: ControlRequest) -> Reply:
    """Say that the server is ready, and what time the fleet has."""
    return {"status": "ok", "now": ledger.iso(request.world.clock.now())}


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


def show_clock(request: ControlRequest) -> Reply:
    """Tell the fleet's time."""
    return {"now": ledger.iso(request.world.clock.now())}


def faults(request: ControlRequest) -> Reply:
    """Tell what the fault rules have still to do."""
    return {"rules": request.world.faults.left()}


def calls(request: ControlRequest) -> Reply:
    """Count the calls."""
    return {"calls": request.world.log.counts()}


def log(request: ControlRequest) -> Reply:
    """Tell every call, as JSON lines."""
    since = request.query.get("since", "0")
    if not since.isdigit():
        raise ControlError(400, "since must be a sequence number.")
    return (json.dumps(call) + "\n" for call in request.world.log.since(int(since)))


def show_ledger(request: ControlRequest) -> Reply:
    """Tell the ground truth, as JSON lines."""
    wanted = request.read_query(Selection)
    stop = None if wanted.limit is None else wanted.offset + wanted.limit
    return islice(_lines(request, wanted), wanted.offset, stop)


def _lines(request: ControlRequest, wanted: Selection) -> Iterator[str]:
    fleets = request.world.fleets(wanted.account, wanted.region)
    if wanted.type == "desktops":
        return ledger.desktop_lines(fleets, request.world.clock.now())
    if wanted.start is None or wanted.end is None:
        raise ControlError(400, f"{wanted.type} need from and to (RFC 3339 instants).")
    if wanted.type in {"bill", "costs", "prices"}:
        return _money_lines(request, wanted, wanted.start.date(), wanted.end.date())
    between = int(wanted.start.timestamp()), int(wanted.end.timestamp())
    if wanted.type == "events":
        return event_lines(request.world.trail, fleets, *between)
    return _TELLERS[wanted.type](fleets, *between)


def _money_lines(
    request: ControlRequest, wanted: Selection, first: date, end: date
) -> Iterator[str]:
    world = request.world
    fleets = list(world.fleets())
    if wanted.type == "prices":
        regions = {wanted.region} if wanted.region else {one.site.region for one in fleets}
        return price_lines(sorted(regions), first, end)
    as_of = int(wanted.as_of.timestamp()) if wanted.as_of else world.clock.now()
    selection = BillSelection(first, end, as_of, wanted.account, wanted.region)
    return bill_lines(world.bill, fleets, selection, by_resource=wanted.type == "bill")


_TELLERS = {
    "sessions": ledger.session_lines,
    "running": ledger.running_lines,
    **evidence_ledger.TELLERS,
    **inventory_ledger.TELLERS,
    "measurements": measurement_lines,
}
"""What tells of an interval, by the ledger's type."""
