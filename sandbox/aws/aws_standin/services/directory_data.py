"""Directory Service Data: the users of a managed AD whose data access is on, 250 a page."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.directory_details import has_data_access
from aws_standin.fleet.directory_users import DirectoryUser, users_of
from aws_standin.paging import position, token
from aws_standin.services.call import Call, Operation

PAGE = 250
_FORBIDDEN = 403


def list_users(call: Call) -> dict[str, Any]:
    """List users by name, a page at a time."""
    directory = _readable(call)
    if call.params.get("Realm", directory.name).lower() != directory.name.lower():
        raise AwsError("ValidationException", f"The realm {call.params['Realm']} is unknown.")
    digest, limit = call.digest(), call.params.get("MaxResults", PAGE)
    after = position(call.params, digest, code="ValidationException")
    left = [u for u in users_of(call.fleet, directory, call.now) if u.name > after]
    answer: dict[str, Any] = {
        "DirectoryId": directory.id,
        "Realm": directory.name,
        "Users": [_as_user(user) for user in left[:limit]],
    }
    if len(left) > limit:
        answer["NextToken"] = token(left[limit - 1].name, digest)
    return answer


def _readable(call: Call) -> Directory:
    identity = call.params["DirectoryId"]
    directory = next((one for one in call.fleet.directories if one.id == identity), None)
    if directory is None:
        raise AwsError("ValidationException", f"Directory {identity} does not exist.")
    if directory.kind != "MicrosoftAD":
        raise AwsError(
            "UnsupportedOperationException",
            f"Directory {identity} is not an AWS Managed Microsoft AD.",
        )
    if not has_data_access(directory):
        raise AwsError(
            "AccessDeniedException",
            f"Directory data access is disabled for {identity}.",
            _FORBIDDEN,
            Reason="DATA_DISABLED",
        )
    return directory


def _as_user(user: DirectoryUser) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "Enabled": user.enabled,
        "SAMAccountName": user.name,
        "SID": user.sid,
    }
    if user.given_name is not None:
        answer["GivenName"] = user.given_name
    if user.surname is not None:
        answer["Surname"] = user.surname
    return answer


OPERATIONS: dict[str, Operation] = {"ListUsers": list_users}
"""What is served, by the operation's name."""
