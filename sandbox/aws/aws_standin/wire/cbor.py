"""RPCv2-CBOR: a path that names service and operation, and a CBOR map each way.

In: bytes of a client. Out: parameters with times as UTC seconds, and answers. botocore's own reader
and writer do the work; the writer is taught to write long lists of numbers and times at once, as
an answer of CloudWatch holds 100,000 of each.
"""

from __future__ import annotations

import re
import struct
from datetime import datetime
from typing import Any

from botocore.parsers import BaseCBORParser, ResponseParserError
from botocore.serialize import CBORSerializer

from aws_standin.contract.models import Service
from aws_standin.errors import AwsError
from aws_standin.wire.answer import HttpAnswer
from aws_standin.wire.query_codes import query_error_header

PATH = re.compile(r"^/service/([^/]+)/operation/([^/]+)$")
"""Service (its target prefix) and operation of a request."""
PROTOCOL = "rpc-v2-cbor"
"""What the header `smithy-protocol` says, both ways."""

_CONTENT_TYPE = "application/cbor"
_HEADERS = (("smithy-protocol", PROTOCOL),)
_EMPTY = b"\xbf\xff"
_DOUBLE = 0xFB
_TIME = 0xC1
"""Tag 1: seconds since 1970. AWS's specification wants a double behind it."""


def decode(body: bytes) -> dict[str, Any]:
    """Parameters of a request."""
    if not body:
        return {}
    stream = _READER.get_peekable_stream_from_bytes(body)
    try:
        params = _READER.parse_data_item(stream)
        rest = stream.read(1)
    except (ResponseParserError, ValueError, TypeError, RecursionError, struct.error):
        raise AwsError("SerializationException", "The body is not CBOR") from None
    if not isinstance(params, dict) or rest:
        raise AwsError("SerializationException", "The body is not one CBOR map")
    return params


def encode(answer: dict[str, Any], shape: Any) -> HttpAnswer:
    """A good answer; `shape` is the operation's output structure, None if it has none."""
    written = bytearray()
    if shape is None:
        written += _EMPTY
    else:
        _WRITER._serialize_data_item(written, answer, shape)
    return HttpAnswer(200, _CONTENT_TYPE, bytes(written), headers=_HEADERS)


def encode_error(service: Service | None, error: AwsError) -> HttpAnswer:
    """An error: its type is an absolute shape name here."""
    namespace = f"com.amazonaws.{service.name}" if service else "com.amazon.coral.service"
    members = {
        "__type": f"{namespace}#{error.code}",
        "message": error.message,
        **error.members,
    }
    written = bytearray([0xA0 | len(members)])
    for text in (part for pair in members.items() for part in pair):
        _WRITER._serialize_type_string(written, text, None, None)
    return HttpAnswer(
        error.status,
        _CONTENT_TYPE,
        bytes(written),
        error.code,
        _HEADERS + query_error_header(service, error),
    )


# botocore's types leave the inner methods of these two out.
_BaseReader: Any = BaseCBORParser
_BaseWriter: Any = CBORSerializer


class _Reader(_BaseReader):  # type: ignore[misc]
    """botocore's reader, which takes texts only as keys of a map."""

    def _parse_key_value_pair(self, stream: Any, items: dict[str, Any]) -> None:
        key = self.parse_data_item(stream)
        if not isinstance(key, str):
            raise TypeError(f"{key!r} is not the name of a member")
        value = self.parse_data_item(stream)
        if value is not None:
            items[key] = value


class _Writer(_BaseWriter):  # type: ignore[misc]
    """botocore's writer, with times as doubles and lists of numbers written at once."""

    def _serialize_type_timestamp(
        self, serialized: bytearray, value: Any, _shape: Any, _key: Any
    ) -> None:
        serialized += struct.pack(">BBd", _TIME, _DOUBLE, _seconds(value))

    def _serialize_type_list(
        self, serialized: bytearray, value: list[Any], shape: Any, key: Any
    ) -> None:
        kind = shape.member.type_name
        if kind not in {"double", "timestamp"}:
            super()._serialize_type_list(serialized, value, shape, key)
            return
        info, size = self._get_additional_info_and_num_bytes(len(value))
        serialized += self._get_initial_byte(self.LIST_MAJOR_TYPE, info)
        if size:
            serialized += len(value).to_bytes(size, "big")
        head = bytes([_DOUBLE]) if kind == "double" else bytes([_TIME, _DOUBLE])
        numbers = value if kind == "double" else [_seconds(one) for one in value]
        serialized += _interleaved(head, numbers)


def _interleaved(head: bytes, numbers: list[float]) -> bytes:
    """Every number as eight bytes, each behind the same head."""
    width = len(head) + 8
    packed = struct.pack(f">{len(numbers)}d", *numbers)
    written = bytearray(width * len(numbers))
    for offset, byte in enumerate(head):
        written[offset::width] = bytes([byte]) * len(numbers)
    for offset in range(8):
        written[len(head) + offset :: width] = packed[offset::8]
    return bytes(written)


def _seconds(value: float | datetime) -> float:
    return value.timestamp() if isinstance(value, datetime) else value


_WRITER: Any = _Writer()
_READER: Any = _Reader(timestamp_parser=lambda seconds: seconds)
