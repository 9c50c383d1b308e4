"""The laws of the audit chain, held to every row: what no reader can know, and all can prove.

In: the rows of `audit_event` in the order of their chains, with the keys of the people in them, and
the whole event that each row must tell. Out: differences in words. A sequence without gaps, hashes
over hash and record, an HMAC under the people's keys for each personal value, and none left over.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

from expectation import moment_of
from history import Json
from trail_event import actor_name, people

COLUMNS = ("sequence", "recorded_at", "actor_id", "person_ids", "record", "hash", "personal")
Whole = Callable[[Json], Json | None]
"""The event that a row must tell; None where only a part of it is kept."""
_ZERO = "\\x" + "00" * 32


def faults(rows: list[Json], whole: Whole) -> Iterator[tuple[Json, str, str]]:
    """What breaks a law: the row, the column, and how."""
    ends: dict[str, Json] = {}
    for row in sorted(rows, key=lambda row: (row["account_id"], row["sequence"])):
        last = ends.get(row["account_id"], {"sequence": 0, "hash": _ZERO, "recorded_at": None})
        empty = [column for column in COLUMNS if row[column] is None and column != "actor_id"]
        if empty:
            yield row, empty[0], "is null"
            continue
        yield from ((row, column, how) for column, how in _of_chain(row, last))
        yield from ((row, column, how) for column, how in _of_people(row, whole(row)))
        ends[row["account_id"]] = row


def _of_chain(row: Json, last: Json) -> Iterator[tuple[str, str]]:
    if row["sequence"] != last["sequence"] + 1:
        yield "sequence", f"is {row['sequence']}, after {last['sequence']}"
    if last["recorded_at"] and moment_of(row["recorded_at"]) < moment_of(last["recorded_at"]):
        yield "recorded_at", f"is {row['recorded_at']}, before that of the event before"
    digest = hashlib.sha256(bytes.fromhex(last["hash"][2:]) + row["record"].encode()).hexdigest()
    if row["hash"] != f"\\x{digest}":
        yield "hash", f"is {row['hash']}, the record and the hash before make {digest}"
    record = json.loads(row["record"])
    if record["account"] != row["account_id"] or record["sequence"] != row["sequence"]:
        yield "record", f"is that of {record['account']}/{record['sequence']}"
    if moment_of(record["recordedAt"]) != moment_of(row["recorded_at"]):
        yield "recorded_at", f"is {row['recorded_at']}, in the record {record['recordedAt']}"


def _of_people(row: Json, whole: Json | None) -> Iterator[tuple[str, str]]:
    record, keys = json.loads(row["record"]), row["keys"] or {}
    numbers = sorted(map(int, record["people"]))
    if row["person_ids"] != numbers:
        yield "person_ids", f"is {row['person_ids']}, the record names {numbers}"
    if row["actor_id"] != record.get("actor"):
        yield "actor_id", f"is {row['actor_id']}, in the record {record.get('actor')}"
    for number, told in record["people"].items():
        name = json.dumps(keys[number]["person"], ensure_ascii=False)
        if _hmac(name, [int(number)], keys) != told:
            yield "record", f"has an HMAC of person {number} that their key does not make"
    yield from _of_values(row, record, keys)
    if whole is not None:
        yield from _of_event(row, record, whole)


def _of_values(row: Json, record: Json, keys: Json) -> Iterator[tuple[str, str]]:
    values = {one["at"]: one for one in row["personal"]}
    if values.keys() != record["sealed"].keys() or len(values) != len(row["personal"]):
        yield "personal", f"has {sorted(values)}, sealed are {sorted(record['sealed'])}"
    for at, seal in record["sealed"].items():
        if at in values and _hmac(values[at]["value"], seal["of"], keys) != seal["hmac"]:
            yield "personal", f"has a value at {at} that its seal is not of"
        if _place(record["event"], at)[0] is not None:
            yield "record", f"has a personal value at {at}"


def _of_event(row: Json, record: Json, whole: Json) -> Iterator[tuple[str, str]]:
    opened = copy.deepcopy(record["event"])
    for one in row["personal"]:
        _, put = _place(opened, one["at"])
        put(json.loads(one["value"]))
    for member in whole.keys() | opened.keys():
        told, wanted = _sorted(opened.get(member)), _sorted(whole.get(member))
        if told != wanted:
            yield "record", f"has {member} {told!r}, must have {wanted!r}"
    names = {one["person"] for one in (row["keys"] or {}).values()}
    if names != people(whole):
        yield "person_ids", f"are {sorted(names)}, must be {sorted(people(whole))}"
    actor = (row["keys"] or {}).get(str(row["actor_id"]), {}).get("person")
    if actor != actor_name(whole):
        yield "actor_id", f"is {actor!r}, must be {actor_name(whole)!r}"
    for text in _secret_texts(whole):
        if json.dumps(text, ensure_ascii=False) in row["record"]:
            yield "record", f"tells the personal value {text!r}"


def _secret_texts(whole: Json) -> set[str]:
    """Texts of a person that may stand nowhere in a record."""
    if actor_name(whole) is None:
        return set()
    actor = whole["actor"]
    names = [actor.get(one) for one in ("person", "arn", "sessionName", "accessKeyId")]
    # A role may have the name of its session, and a service that of the one it calls.
    plain = {actor.get("role"), whole["eventSource"]}
    return {one for one in (*names, whole["sourceIp"], whole["userAgent"]) if one} - plain


def _sorted(value: Any) -> Any:
    """Lists of objects in one order: AWS promises none."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return sorted(value, key=lambda one: json.dumps(one, sort_keys=True))
    return value


def _hmac(value: str, of: list[int], keys: Json) -> str:
    message = value.encode()
    for number in of:
        key = bytes.fromhex(keys[str(number)]["key"])
        message = hmac.new(key, message, hashlib.sha256).digest()
    return message.hex()


def _place(event: Any, pointer: str) -> tuple[Any, Callable[[Any], None]]:
    """What is at a JSON pointer, and how to put something else there."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    holder = event
    for part in parts[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    key: Any = int(parts[-1]) if isinstance(holder, list) else parts[-1]

    def put(value: Any) -> None:
        holder[key] = value

    return holder[key], put
