"""The HTTP server: waitress, with threads and kept-alive connections, on one address."""

from __future__ import annotations

from typing import Any

import waitress

from aws_standin.application import Application
from aws_standin.world import World

THREADS = 32
"""Enough for the slow answers of fault rules beside the quick ones; the work itself is one core."""


def make_server(world: World, host: str, port: int) -> Any:
    """A server bound to its address, not yet running; port 0 takes a free one."""
    return waitress.create_server(
        Application(world),
        host=host,
        port=port,
        threads=THREADS,
        ident="aws-standin",
        channel_timeout=120,
        connection_limit=1000,
        max_request_body_size=16 << 20,
    )


def serve(host: str, port: int) -> None:
    """Serve a fresh world until the process is ended."""
    server = make_server(World(), host, port)
    print(f"aws stand-in listens on http://{host}:{server.effective_port}", flush=True)
    server.run()
