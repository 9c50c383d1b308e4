"""`aws fleet`: a fleet with everything a client needs to read it, in a running server.

In: accounts, regions, a number and a seed. Out: the fleet in the server, in strict mode, with an
access key for each account and a role in each, and their names as JSON. Everything follows from
the seed; the secrets open nothing.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from aws_standin.fleet.draws import Draws

_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET_ALPHABET = _KEY_ALPHABET + _KEY_ALPHABET.lower()
_KEY_MEMBERS = ("accessKeyId", "secretAccessKey", "account")
ROLE = "deskfleet-read"


class FleetError(Exception):
    """The server refused, or did not answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What fleet to make, and where."""

    endpoint: str
    accounts: list[str]
    regions: list[str]
    desktops: int
    """In all accounts and regions together."""
    seed: int
    hub: str | None
    """Account that assumes the roles of the others; the first one by default."""
    pools: int = 0
    """In each account and region."""


def create(wanted: Wanted) -> str:
    """Make the fleet, and return what a client needs as JSON."""
    hub = wanted.hub or wanted.accounts[0]
    accounts = [_account(wanted, account, hub) for account in wanted.accounts]
    _post(wanted, "fleet", {
        "seed": wanted.seed,
        "desktops": wanted.desktops,
        "accounts": [
            {"id": account, "regions": wanted.regions, "poolsPerRegion": wanted.pools}
            for account in wanted.accounts
        ],
    })  # fmt: skip
    _post(wanted, "credentials", {
        "strict": True,
        "keys": [{name: one[name] for name in _KEY_MEMBERS} for one in accounts],
        "roles": [
            {"arn": one["roleArn"], "externalId": one["externalId"], "trustedAccounts": [hub]}
            for one in accounts
        ],
    })  # fmt: skip
    summary = {
        "endpoint": wanted.endpoint,
        "seed": wanted.seed,
        "desktops": wanted.desktops,
        "regions": wanted.regions,
        "accounts": accounts,
    }
    return json.dumps(summary, indent=2)


def _account(wanted: Wanted, account: str, hub: str) -> dict[str, Any]:
    draws = Draws(wanted.seed, "access-key", account)
    return {
        "account": account,
        "hub": account == hub,
        "accessKeyId": "AKIA" + draws.text(_KEY_ALPHABET, 16),
        "secretAccessKey": draws.text(_SECRET_ALPHABET, 40),
        "roleArn": f"arn:aws:iam::{account}:role/{ROLE}",
        "externalId": "ext-" + draws.text(_SECRET_ALPHABET, 12),
    }


def _post(wanted: Wanted, name: str, document: dict[str, Any]) -> None:
    request = urllib.request.Request(  # noqa: S310
        f"{wanted.endpoint}/_standin/{name}",
        data=json.dumps(document).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60):  # noqa: S310
            pass
    except urllib.error.HTTPError as error:
        raise FleetError(json.load(error)["error"]) from None
    except OSError as error:
        raise FleetError(f"{wanted.endpoint} does not answer: {error}") from None
