"""The stand-in for AWS over plain HTTP: its control interface, and AWS itself as a client sees it.

In: an address, and documents as the stand-in's README describes them. Out: JSON. Requests to AWS
carry no more than a header of a signature, which the stand-in takes from keys without a secret.
Deliberately absent: any library of AWS's, and any code of the stand-in.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

Json = dict[str, Any]

_TIMEOUT = 300


class Standin:
    """The control interface."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def post(self, name: str, document: Json) -> Json:
        """Send a document to an endpoint."""
        return self._ask("POST", name, document)

    def delete(self, name: str) -> None:
        """Empty what an endpoint holds."""
        self._ask("DELETE", name, None)

    def ledger(self, kind: str, **query: Any) -> Iterator[Json]:
        """Lines of the ledger; instants are given in UTC seconds."""
        words = {
            name.rstrip("_"): instant(value) if name in {"from_", "to"} else value
            for name, value in query.items()
        }
        return self._lines(f"ledger?{urlencode({'type': kind, **words})}")

    def log(self, since: int) -> list[Json]:
        """Every call of AWS from a sequence number on."""
        return list(self._lines(f"log?since={since}"))

    def _lines(self, name: str) -> Iterator[Json]:
        with urllib.request.urlopen(f"{self.url}/_standin/{name}", timeout=_TIMEOUT) as answer:
            for line in answer:
                yield json.loads(line)

    def _ask(self, method: str, name: str, document: Json | None) -> Json:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.url}/_standin/{name}", body, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            found: Json = json.load(answer)
            return found


class Account:
    """AWS as one account sees it, by operations that answer in JSON."""

    _TARGETS: ClassVar[dict[str, tuple[str, str]]] = {
        "workspaces": ("WorkspacesService", "1.1"),
        "ds": ("DirectoryService_20150416", "1.1"),
        "monitoring": ("GraniteServiceVersion20100801", "1.0"),
        "ce": ("AWSInsightsIndexService", "1.1"),
        "pricing": ("AWSPriceListService", "1.1"),
        "servicequotas": ("ServiceQuotasV20190624", "1.1"),
        "cloudtrail": ("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "1.1"),
        "tagging": ("ResourceGroupsTaggingAPI_20170126", "1.1"),
    }

    def __init__(self, url: str, access_key: str) -> None:
        self._url = url
        self._key = access_key

    def call(self, region: str, service: str, operation: str, **params: Any) -> Json:
        """One call."""
        target, version = self._TARGETS[service]
        now = datetime.now(UTC)
        scope = f"{self._key}/{now:%Y%m%d}/{region}/{service}/aws4_request"
        signed = f"Credential={scope}, SignedHeaders=host, Signature=0"
        headers = {
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": f"{target}.{operation}",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "Authorization": f"AWS4-HMAC-SHA256 {signed}",
        }
        request = urllib.request.Request(self._url, json.dumps(params).encode(), headers)
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            found: Json = json.load(answer)
            return found

    def pages(
        self, region: str, service: str, operation: str, rows: str, **params: Any
    ) -> list[Json]:
        """All rows of a listing."""
        token = "PaginationToken" if service == "tagging" else "NextToken"
        found: list[Json] = []
        while True:
            answer = self.call(region, service, operation, **params)
            found += answer[rows]
            if not answer.get(token):
                return found
            params[token] = answer[token]


def instant(seconds: float) -> str:
    """UTC seconds as RFC 3339."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> int:
    """RFC 3339 as UTC seconds."""
    return int(datetime.fromisoformat(text).timestamp())


def wall() -> float:
    """The present in UTC seconds, as Postgres on this machine has it."""
    return time.time()
