"""Which control endpoints there are, and the way from a path to one of them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from aws_standin.control import changes, truth
from aws_standin.control.request import ControlError, ControlRequest, Reply
from aws_standin.world import World

PREFIX = "/_standin/"


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


ROUTES: dict[str, dict[str, Callable[[ControlRequest], Reply]]] = {
    "health": {"GET": truth.health},
    "reset": {"POST": changes.reset},
    "fleet": {"POST": changes.make_fleet, "GET": truth.show_fleet},
    "credentials": {"POST": changes.declare_credentials},
    "clock": {"POST": changes.set_clock, "GET": truth.show_clock},
    "throttle": {"POST": changes.set_throttle},
    "fault": {
        "POST": changes.add_faults,
        "GET": truth.faults,
        "DELETE": changes.clear_faults,
    },
    "listing": {"POST": changes.set_listings},
    "presence": {"POST": changes.set_presence},
    "metrics": {"POST": changes.set_arrival},
    "billing": {"POST": changes.set_billing},
    "trail": {"POST": changes.set_trail},
    "mutate": {"POST": changes.mutate},
    "message": {"POST": changes.put_message},
    "calls": {"GET": truth.calls, "DELETE": changes.clear_calls},
    "log": {"GET": truth.log},
    "ledger": {"GET": truth.show_ledger},
}
