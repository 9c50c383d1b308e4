"""The event that a row of CloudTrail becomes, worked out from AWS's documents of its records.

In: a row of `LookupEvents`, the region, what listings knew of desktops. Out: the event as the trail
shows it when its personal values are put back, and the people in it. Deliberately absent: events of
which only a part is kept (huge, nested without end, broken letters); their columns are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import trail
from history import Json

Before = Callable[[str, str, int], Any]
"""What was known of a desktop's property at an instant: id, property, UTC seconds."""

_KINDS = {
    "IAMUser": "iam_user",
    "AssumedRole": "assumed_role",
    "Root": "root",
    "AWSService": "aws_service",
}
_NOBODY = frozenset({"Root", "AWSService"})
_DESKTOP = re.compile(r"(?<!\w)ws-[0-9a-z]{8,63}(?!\w)")
_THINGS = (
    (re.compile(r"ws-[0-9a-z]{8,63}"), "workspace"),
    (re.compile(r"wsb-[0-9a-z]{8,63}"), "bundle"),
    (re.compile(r"wsi-[0-9a-z]{8,63}"), "image"),
    (re.compile(r"wspool-[0-9a-z]{8,63}"), "pool"),
    (re.compile(r"wsipg-[0-9a-z]{8,63}"), "ip_group"),
    (re.compile(r"wsca-[0-9a-z]{8,63}"), "connection_alias"),
    (re.compile(r"wsd-[0-9a-z]{8,63}|d-[0-9a-z]{10}"), "directory"),
    (re.compile(r"t-[0-9a-z]{10}"), "trust"),
    (re.compile(r"s-[0-9a-z]{10}"), "directory_snapshot"),
)
_SECRET = re.compile("password|secret", re.IGNORECASE)
_NAMES = frozenset({"username", "user", "userid", "customerusername"})
_TOLD_OF_PEOPLE = _NAMES | {"owner", "contact", "createdby", "emailaddress"}
_SETS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ModifyWorkspaceProperties": ("workspaceId", ("workspaceProperties",), ()),
    "ModifyWorkspaceState": ("workspaceId", (), ("workspaceState",)),
    "ModifyWorkspaceAccessProperties": ("resourceId", ("workspaceAccessProperties",), ()),
    "UpdateWorkspacesPool": (
        "poolId",
        ("capacity", "timeoutSettings"),
        ("bundleId", "directoryId", "description", "runningMode"),
    ),
    "UpdateRadius": ("directoryId", ("radiusSettings",), ()),
}
"""What an operation sets: of which thing, members of which objects, and which members."""
_LISTS = {
    "CreateTags": ("resourceId", "tags", "key", "value"),
    "DeleteTags": ("resourceId", "tagKeys", "", ""),
    "AuthorizeIpRules": ("groupId", "userRules", "ipRule", "ruleDesc"),
}
"""Operations that set a property for each item: thing, list, its name and value in an item."""


def event(row: Json, region: str, before: Before) -> Json:
    """The whole event."""
    record = trail.record_of(row)
    request, response = record.get("requestParameters"), record.get("responseElements")
    outcome = _outcome(record, response)
    found = {
        "eventId": row["EventId"],
        "eventTime": trail.utc(row["EventTime"]),
        "region": region,
        "eventSource": row["EventSource"],
        "eventName": row["EventName"],
        "readOnly": row["ReadOnly"] == "true",
        "actor": _actor(record, row),
        "sourceIp": record["sourceIPAddress"],
        "userAgent": record["userAgent"],
        "subjects": subjects(row),
        "outcome": outcome,
        "changes": list(_changes(row, request or {}, outcome, before)),
        "request": request,
        "response": response,
    }
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def kind(row: Json) -> str:
    """What acted."""
    word: str = trail.record_of(row)["userIdentity"]["type"]
    return _KINDS.get(word, f"={word}")


def _actor(record: Json, row: Json) -> Json:
    identity = record["userIdentity"]
    arn = identity.get("arn")
    role = session = ""
    if arn and ":assumed-role/" in arn:
        role, _, session = arn.split(":assumed-role/")[1].partition("/")
    person = None if identity["type"] in _NOBODY else identity.get("userName")
    if identity["type"] == "AssumedRole":
        is_named = "@" in session or role.startswith("AWSReservedSSO_")
        person = session if is_named else None
    found = {
        "kind": kind(row),
        "person": person,
        "arn": arn,
        "accountId": identity.get("accountId"),
        "role": role,
        "sessionName": session,
        "accessKeyId": identity.get("accessKeyId") or row.get("AccessKeyId"),
    }
    return {name: value for name, value in found.items() if value}


def actor_name(of: Json) -> str | None:
    """Whose values those of the actor are; nobody's for a service."""
    names = ("person", "arn", "sessionName", "accessKeyId")
    told = [of["actor"][name].strip().lower() for name in names if name in of["actor"]]
    if told:
        return str(told[0])
    return None if of["actor"]["kind"] == "aws_service" else "(nameless)"


def people(of: Json) -> set[str]:
    """Everybody whom an event names."""
    actor = actor_name(of)
    found = set() if actor is None else {actor}
    for member in ("request", "response"):
        found |= set(_named(of.get(member), None))
    return found


def _named(value: Any, about: str | None) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item, about)
    elif isinstance(value, dict):
        own = [
            item.strip().lower()
            for name, item in value.items()
            if name.lower() in _NAMES and isinstance(item, str)
        ]
        about = own[0] if own else about
        tag = str(value.get("key", "")).lower() in _TOLD_OF_PEOPLE
        for name, item in value.items():
            if name.lower() in _TOLD_OF_PEOPLE or (tag and name == "value"):
                yield about or str(item).strip().lower()
            else:
                yield from _named(item, about)


def subjects(row: Json) -> list[Json]:
    """Every thing that a row names, in order."""
    record = trail.record_of(row)
    texts = [one["ResourceName"] for one in row.get("Resources", ())]
    found: set[tuple[str, str]] = set()
    for part in (record.get("resources"), record["requestParameters"], record["responseElements"]):
        texts += _texts(part)
    for text in texts:
        found |= {("workspace", one) for one in _DESKTOP.findall(text)}
        whole = re.split("[/:]", text)[-1] if text.startswith("arn:") else text
        found |= {(word, whole) for form, word in _THINGS if form.fullmatch(whole)}
    return [{"kind": word, "id": identity} for word, identity in sorted(found)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        shown = (item for name, item in value.items() if not _SECRET.search(name))
        return [text for item in shown for text in _texts(item)]
    return []


def _outcome(record: Json, response: Any) -> Json:
    if record.get("errorCode"):
        return {
            "state": "failed",
            "code": record["errorCode"],
            "message": record["errorMessage"],
        }
    failed = response.get("failedRequests", []) if isinstance(response, dict) else []
    if not failed:
        return {"state": "succeeded"}
    names = {"workspaceId": "id", "errorCode": "code", "errorMessage": "message"}
    parts = [{ours: one[theirs] for theirs, ours in names.items()} for one in failed]
    return {"state": "partly", "failed": parts}


def _changes(row: Json, request: Json, outcome: Json, before: Before) -> Iterator[Json]:
    if outcome["state"] != "succeeded" or not request:
        return
    for identity, name, after in sorted(_set(row["EventName"], request)):
        word = next(word for form, word in _THINGS if form.fullmatch(identity))
        change = {"subject": {"kind": word, "id": identity}, "property": name}
        known = before(identity, name, row["EventTime"]) if word == "workspace" else None
        if known is not None:
            change["before"] = known
        if after is not None:
            change["after"] = after
        yield change


def _set(operation: str, request: Json) -> Iterator[tuple[str, str, Any]]:
    """What an operation set: thing, property, value since; none where it is gone."""
    if operation in _LISTS:
        thing, member, key, value = _LISTS[operation]
        for one in request[member]:
            label = "ipRule" if key == "ipRule" else "tag"
            if isinstance(one, str):
                yield request[thing], f"{label}:{one}", None
            else:
                yield request[thing], f"{label}:{one[key]}", one[value]
        return
    thing, objects, members = _SETS.get(operation, ("", (), ()))
    own = [(name, request[name]) for name in members if name in request]
    for name, value in [*own, *(pair for one in objects for pair in request.get(one, {}).items())]:
        yield request[thing], name, value
