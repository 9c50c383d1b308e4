"""A stand-in on a free loopback port, its control interface, and clients that reach only it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config
from hypothesis import settings

from aws_standin.contract.models import by_name
from aws_standin.server import make_server
from aws_standin.world import World

ACCOUNT = "111111111111"
OTHER_ACCOUNT = "222222222222"
REGION = "eu-central-1"
OTHER_REGION = "us-east-1"
KEYS = {ACCOUNT: "AKIAAAAAAAAAAAAAAAA1", OTHER_ACCOUNT: "AKIAAAAAAAAAAAAAAAA2"}
NOON = "2026-03-04T12:00:00Z"
"""A Wednesday."""


# The same examples every time, however slow the machine: a failure is never bad luck.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reaches out, stand-in or client, fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"a connection to {address} was tried"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[ACCOUNT])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "opens nothing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@dataclass
class Standin:
    """A running stand-in."""

    url: str
    world: World

    def control(self, name: str, document: dict[str, Any] | None = None) -> Any:
        """A control request that succeeds: POST with a document, else GET."""
        status, body = self.raw_control(name, document)
        assert status == 200, body
        lines = body.decode().splitlines()
        return json.loads(body) if len(lines) == 1 else [json.loads(line) for line in lines]

    def raw_control(
        self, name: str, document: dict[str, Any] | None = None, method: str | None = None
    ) -> tuple[int, bytes]:
        """A control request, with its status."""
        method = method or ("GET" if document is None else "POST")
        body = None if document is None else json.dumps(document)
        answer = _POOL.request(method, f"{self.url}/_standin/{name}", body=body)
        return answer.status, answer.data

    def fleet(self, desktops: int = 130, seed: int = 7, **more: Any) -> None:
        """A fleet of two accounts and two regions, with keys, in strict mode, at noon."""
        accounts = [{"id": account, "regions": [REGION, OTHER_REGION], **more} for account in KEYS]
        keys = [{"accessKeyId": key, "account": account} for account, key in KEYS.items()]
        self.control("fleet", {"seed": seed, "accounts": accounts, "desktopsPerRegion": desktops})
        self.control("credentials", {"keys": keys})
        self.control("clock", {"set": NOON})

    def aws(self, service: str, operation: str, body: bytes, **headers: str) -> Any:
        """An AWS request written by hand, for what no SDK would send."""
        known = by_name(service)
        assert known is not None
        scope = f"{KEYS[ACCOUNT]}/20260304/{REGION}/{known.signing_name}/aws4_request"
        signed = {
            "X-Amz-Target": f"{known.target}.{operation}",
            "Content-Type": f"application/x-amz-json-{known.json_version}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0",
        }
        return _POOL.request("POST", self.url, body=body, headers={**signed, **headers})

    def client(
        self, service: str, account: str = ACCOUNT, region: str = REGION, **more: Any
    ) -> Any:
        """A boto3 client that does not retry."""
        make: Callable[..., Any] = boto3.client
        return make(
            service,
            **{
                "region_name": region,
                "endpoint_url": self.url,
                "aws_access_key_id": KEYS[account],
                "aws_secret_access_key": "opens nothing",
                "config": Config(retries={"total_max_attempts": 1}, parameter_validation=False),
                **more,
            },
        )


_POOL = urllib3.PoolManager(retries=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Standin]:
    world = World()
    http = make_server(world, "127.0.0.1", 0)
    thread = threading.Thread(target=http.run, daemon=True)
    thread.start()
    yield Standin(f"http://127.0.0.1:{http.effective_port}", world)
    http.close()


@pytest.fixture
def standin(server: Standin) -> Standin:
    """An empty stand-in."""
    server.control("reset", {})
    return server


@pytest.fixture
def fleet(standin: Standin) -> Standin:
    """A stand-in with the usual fleet."""
    standin.fleet()
    return standin


@pytest.fixture
def trail(fleet: Standin) -> Standin:
    """The usual fleet, without the limit of two calls a second."""
    fleet.control("throttle", {"rules": [], "awsLimits": False})
    return fleet


@pytest.fixture
def costs(standin: Standin) -> Standin:
    """A small fleet on the 4th of March 2026, with pools."""
    standin.fleet(desktops=15, poolsPerRegion=1)
    return standin
