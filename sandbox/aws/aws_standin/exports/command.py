"""`aws export`: deliver months of a running stand-in's bill into a bucket, or into a folder.

In: months, an instant as of which to tell them, and an order. Out: objects, and their keys in JSON.
Delivered again with a later instant, the same months read as they were restated.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aws_standin.billing.visibility import final_from
from aws_standin.exports.columns import Period, row_of
from aws_standin.exports.delivery import Order, objects_of


class ExportError(Exception):
    """The stand-in or the store refused, or did not answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where objects go: a folder, or an S3 endpoint with a key."""

    folder: Path | None
    s3: str
    access_key: str
    secret_key: str


def deliver(
    endpoint: str, months: list[date], as_of: datetime | None, order: Order, target: Target
) -> str:
    """Deliver every month; answers with the keys as JSON."""
    instant = as_of or _now(endpoint)
    keys = []
    for month in months:
        period = Period(month, order.payer, instant.timestamp() >= final_from(month))
        rows = [row_of(line, period) for line in _lines(endpoint, month, instant)]
        objects = objects_of(order, month, instant, rows)
        _put(objects, order.bucket, target)
        keys += list(objects)
    return json.dumps({"bucket": order.bucket, "asOf": instant.isoformat(), "keys": keys}, indent=2)


def payer_of(endpoint: str) -> str:
    """The first account of the stand-in's fleet."""
    spec = _ask(endpoint, "fleet", {}).decode()
    document: Any = json.loads(spec)
    if document["spec"] is None:
        raise ExportError(f"{endpoint} has no fleet; make one with `aws fleet`")
    return str(document["spec"]["accounts"][0]["id"])


def _lines(endpoint: str, month: date, as_of: datetime) -> list[dict[str, Any]]:
    following = (month + timedelta(days=32)).replace(day=1)
    wanted = {
        "type": "bill",
        "from": f"{month}T00:00:00Z",
        "to": f"{following}T00:00:00Z",
        "asOf": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    answer = _ask(endpoint, "ledger", wanted)
    return [json.loads(line) for line in answer.splitlines()]


def _now(endpoint: str) -> datetime:
    told = json.loads(_ask(endpoint, "clock", {}))["now"]
    return datetime.fromisoformat(told).astimezone(UTC)


def _ask(endpoint: str, name: str, query: dict[str, str]) -> bytes:
    url = f"{endpoint}/_standin/{name}?{urlencode(query)}"
    try:
        with urllib.request.urlopen(url, timeout=600) as answer:  # noqa: S310
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise ExportError(error.read().decode()) from None
    except OSError as error:
        raise ExportError(f"{endpoint} does not answer: {error}") from None


def _put(objects: dict[str, bytes], bucket: str, target: Target) -> None:
    if target.folder is not None:
        for key, content in objects.items():
            path = target.folder / bucket / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return
    import boto3  # noqa: PLC0415 (half a second that a folder need not wait for)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    client = boto3.client(
        "s3",
        endpoint_url=target.s3,
        region_name="us-east-1",
        aws_access_key_id=target.access_key,
        aws_secret_access_key=target.secret_key,
    )
    try:
        if bucket not in {one["Name"] for one in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=bucket)
        for key, content in objects.items():
            client.put_object(Bucket=bucket, Key=key, Body=content)
    except (BotoCoreError, ClientError) as error:
        raise ExportError(f"{target.s3} refused {bucket}: {error}") from None
