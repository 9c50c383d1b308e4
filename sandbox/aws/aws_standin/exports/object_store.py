"""`aws objects`: a real S3 server on this machine, for exports to lie in.

In: the path of versitygw (the caller builds it), a folder, an address and a key. Out: a server in
the background whose buckets are folders. Its access key is for this machine alone and opens nothing
else. What S3 does and refuses is versitygw's, not ours.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from aws_standin import background

ACCESS_KEY = "AKIADESKFLEETSANDBOX"
SECRET_KEY = "sandbox-secret-that-opens-nothing"  # noqa: S105
PROGRAM = "DESKFLEET_VERSITYGW"
"""Environment variable with the path of the server's program."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where the server listens, and where it keeps what it is given."""

    state: Path
    host: str
    port: int
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY


def up(store: Store) -> str:
    """Start the server unless it runs; returns when it answers."""
    program = os.environ.get(PROGRAM)
    if not program:
        raise background.BackgroundError(f"{PROGRAM} is not set; start it with sandbox/aws/aws")
    for folder in ("buckets", "metadata"):
        (store.state / folder).mkdir(parents=True, exist_ok=True)
    command = [
        program, "--port", f"{store.host}:{store.port}", "--health", "/health", "--quiet",
        # Beside the files, because not every file system keeps attributes.
        "posix", "--sidecar", str(store.state / "metadata"), str(store.state / "buckets"),
    ]  # fmt: skip
    keys = {"ROOT_ACCESS_KEY": store.access_key, "ROOT_SECRET_KEY": store.secret_key}
    address = (store.host, store.port)
    return background.start(store.state, command, address, health="/health", environment=keys)
