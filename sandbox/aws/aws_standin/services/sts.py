"""Security Token Service: who am I, and roles of other accounts.

AssumeRole checks the external id and the trust of declared roles; the web-identity variant is
moto's. A session's key then stands for the role's account in every other service.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from aws_standin.credentials import SessionKey, role_identity
from aws_standin.errors import AwsError
from aws_standin.services.call import Call, Operation
from aws_standin.services.moto_bridge import ask_moto

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")


def get_caller_identity(call: Call) -> dict[str, Any]:
    """Answer with the caller, whatever its rights."""
    who = call.identity
    return {"UserId": who.user_id, "Account": who.account, "Arn": who.arn}


def assume_role(call: Call) -> dict[str, Any]:
    """Open a session of a role."""
    arn = _role_arn(call)
    session = call.world.credentials.assume(
        caller=call.identity,
        arn=arn,
        session_name=call.params["RoleSessionName"],
        external_id=call.params.get("ExternalId"),
        seconds=call.params.get("DurationSeconds", 3600),
    )
    return {
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": datetime.fromtimestamp(int(session.expires), UTC),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": session.identity.user_id,
            "Arn": session.identity.arn,
        },
        "PackedPolicySize": 0,
    }


def assume_role_with_web_identity(call: Call) -> dict[str, Any]:
    """Open a session of a role for a token of another identity provider, as moto does."""
    arn = _role_arn(call)
    answer = ask_moto(call)
    given, user = answer["Credentials"], answer["AssumedRoleUser"]
    unique = user["AssumedRoleId"].split(":")[0].removeprefix("AROA")
    call.world.credentials.adopt(
        SessionKey(
            access_key_id=given["AccessKeyId"],
            secret_access_key=given["SecretAccessKey"],
            session_token=given["SessionToken"],
            expires=given["Expiration"].timestamp(),
            identity=role_identity(arn, call.params["RoleSessionName"], unique),
        )
    )
    return answer


def _role_arn(call: Call) -> str:
    arn: str = call.params["RoleArn"]
    if not _ROLE_ARN.fullmatch(arn):
        raise AwsError("ValidationError", f"{arn} is invalid")
    return arn


OPERATIONS: dict[str, Operation] = {
    "GetCallerIdentity": get_caller_identity,
    "AssumeRole": assume_role,
    "AssumeRoleWithWebIdentity": assume_role_with_web_identity,
}

UNSIGNED = frozenset({"AssumeRoleWithWebIdentity"})
"""Operations that nobody signs."""
