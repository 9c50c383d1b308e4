"""One delivery of an export: which objects there are, what they are called, and the manifest.

In: rows of a billing period and what was ordered. Out: objects by key. Keys are AWS's:
`PREFIX/NAME/data/BILLING_PERIOD=2026-03/NAME-00001.csv.gz` and `.../metadata/...-Manifest.json`;
where versions are kept, a folder with the execution stands before the files. Members of the
manifest beyond `dataFiles` are our choice: AWS publishes no list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from aws_standin.exports.columns import COLUMNS, Row
from aws_standin.exports.tables import csv_gz, parquet

Format = Literal["csv", "parquet"]
Fault = Literal["truncated", "missing-file", "not-numbers"]
_ENDINGS = {"csv": "csv.gz", "parquet": "snappy.parquet"}


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered: where to, in which format, and what is to be wrong with it."""

    bucket: str
    prefix: str
    name: str
    payer: str
    format: Format
    keep_versions: bool = False
    rows_per_file: int = 50_000
    fault: Fault | None = None
    """`truncated`: the last file ends too early. `missing-file`: the manifest names one that is
    not there. `not-numbers`: amounts that are none (CSV only)."""


def objects_of(order: Order, month: date, as_of: datetime, rows: Sequence[Row]) -> dict[str, bytes]:
    """Every object of a delivery, the manifest last."""
    version = _version(order, month, as_of)
    folder = f"BILLING_PERIOD={month:%Y-%m}" + (f"/{version}" if order.keep_versions else "")
    home = "/".join(part for part in (order.prefix, order.name) if part)
    parts = [
        rows[at : at + order.rows_per_file]
        for at in range(0, max(1, len(rows)), order.rows_per_file)
    ]
    data = {
        f"{home}/data/{folder}/{order.name}-{number:05d}.{_ENDINGS[order.format]}": _file(
            order, part, last=number == len(parts)
        )
        for number, part in enumerate(parts, start=1)
    }
    files = list(data)
    if order.fault == "missing-file":
        files.append(f"{home}/data/{folder}/{order.name}-99999.{_ENDINGS[order.format]}")
    manifest = {
        "dataFiles": [f"s3://{order.bucket}/{key}" for key in files],
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{order.payer}:export/{order.name}",
        "executionId": version,
        "createdAt": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "billingPeriod": f"{month:%Y-%m}",
        "format": "PARQUET" if order.format == "parquet" else "TEXT_OR_CSV",
        "compression": "PARQUET" if order.format == "parquet" else "GZIP",
        "columns": [{"name": name, "type": kind} for name, kind in COLUMNS.items()],
    }
    key = f"{home}/metadata/{folder}/{order.name}-Manifest.json"
    return {**data, key: json.dumps(manifest, indent=2).encode()}


def _file(order: Order, rows: Sequence[Row], *, last: bool) -> bytes:
    if order.fault == "not-numbers":
        rows = [{**row, "line_item_unblended_cost": "NaN"} for row in rows]
    content = parquet(rows) if order.format == "parquet" else csv_gz(rows)
    return content[: len(content) * 2 // 3] if order.fault == "truncated" and last else content


def _version(order: Order, month: date, as_of: datetime) -> str:
    """The execution: when it was, and an id that follows from what it is about."""
    path = f"{order.name}|{month}|{as_of}|{order.format}"
    digest = hashlib.sha256(path.encode()).hexdigest()
    return f"{as_of:%Y-%m-%dT%H:%M:%S}.000Z-{digest[:8]}-{digest[8:12]}-{digest[12:24]}"
