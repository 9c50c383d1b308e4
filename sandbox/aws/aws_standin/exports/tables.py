"""The two file formats of an export: gzipped CSV, and Parquet with Snappy.

In: rows. Out: bytes, the same for the same rows. CSV holds decimals as text, exact; Parquet holds
them as doubles, as AWS's files do, so a reader has to round to cents. Parquet needs pyarrow, which
only the command `export` installs.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from aws_standin.billing.ledger import plain
from aws_standin.exports.columns import COLUMNS, Kind, Row


def csv_gz(rows: Sequence[Row]) -> bytes:
    """A CSV file with a head line, gzipped without a time in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(kind, row[name]) for name, kind in COLUMNS.items()])
    return gzip.compress(text.getvalue().encode(), mtime=0)


def parquet(rows: Sequence[Row]) -> bytes:
    """A Parquet file with Snappy."""
    import pyarrow  # noqa: PLC0415 (an optional requirement)
    import pyarrow.parquet  # noqa: PLC0415

    types = {
        "text": pyarrow.string(),
        "amount": pyarrow.float64(),
        "time": pyarrow.timestamp("ms"),
        "map": pyarrow.map_(pyarrow.string(), pyarrow.string()),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    columns = [
        pyarrow.array([_value(kind, row[name]) for row in rows], types[kind])
        for name, kind in COLUMNS.items()
    ]
    file = io.BytesIO()
    table = pyarrow.Table.from_arrays(columns, schema=schema)
    pyarrow.parquet.write_table(table, file, compression="snappy")
    return file.getvalue()


def _cell(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return json.dumps(value, sort_keys=True) if kind == "map" else str(value)


def _value(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind == "amount":
        return float(value)
    if kind == "time":
        return value.replace(tzinfo=None)
    return list(value.items()) if kind == "map" else value
