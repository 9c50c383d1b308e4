"""Who is calling: declared keys, roles with external ids, sessions, and what is refused how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.asking import all_desktops, ids, refusal
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, Standin

ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/teams/reader"
EXTERNAL_ID = "ext-4711"


@pytest.fixture
def with_role(fleet: Standin) -> Standin:
    role = {"arn": ROLE, "externalId": EXTERNAL_ID, "trustedAccounts": [ACCOUNT]}
    fleet.control("credentials", {"roles": [role]})
    return fleet


def assume(standin: Standin, **more: Any) -> Any:
    asked = {"RoleArn": ROLE, "RoleSessionName": "run-1", "ExternalId": EXTERNAL_ID, **more}
    given = {name: value for name, value in asked.items() if value is not None}
    return standin.client("sts").assume_role(**given)


def as_role(standin: Standin, service: str, credentials: dict[str, Any], **more: Any) -> Any:
    return standin.client(
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        **more,
    )


def test_a_key_belongs_to_its_account(fleet: Standin) -> None:
    who = fleet.client("sts", OTHER_ACCOUNT).get_caller_identity()
    assert who["Account"] == OTHER_ACCOUNT
    assert who["Arn"] == f"arn:aws:iam::{OTHER_ACCOUNT}:user/deskfleet"


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("workspaces", "describe_workspaces", "UnrecognizedClientException"),
        ("ds", "describe_directories", "UnrecognizedClientException"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
    ],
)
def test_an_unknown_key_is_refused_in_strict_mode(
    fleet: Standin, service: str, operation: str, code: str
) -> None:
    client = fleet.client(service, aws_access_key_id="AKIANOBODYHASTHIS000")
    assert refusal(getattr(client, operation)) == code


def test_any_key_will_do_without_strict_mode(standin: Standin) -> None:
    assert standin.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_role_makes_its_account_the_caller(with_role: Standin) -> None:
    answer = assume(with_role)
    arn = f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/reader/run-1"
    assert answer["AssumedRoleUser"]["Arn"] == arn
    who = as_role(with_role, "sts", answer["Credentials"]).get_caller_identity()
    assert (who["Account"], who["Arn"]) == (OTHER_ACCOUNT, arn)
    assert who["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    through_role = as_role(with_role, "workspaces", answer["Credentials"])
    own = with_role.client("workspaces", OTHER_ACCOUNT)
    assert ids(all_desktops(through_role)) == ids(all_desktops(own))


def test_a_session_lasts_as_long_as_asked(with_role: Standin) -> None:
    ends = assume(with_role, DurationSeconds=900)["Credentials"]["Expiration"]
    left = ends - datetime.now(UTC)
    assert timedelta(seconds=840) < left <= timedelta(seconds=900)


@pytest.mark.parametrize("external_id", ["ext-4712", None])
def test_a_wrong_or_missing_external_id_is_denied_without_a_reason(
    with_role: Standin, external_id: str | None
) -> None:
    with pytest.raises(Exception, match="not authorized to perform: sts:AssumeRole") as caught:
        assume(with_role, ExternalId=external_id)
    response: Any = getattr(caught.value, "response", {})
    assert response["Error"]["Code"] == "AccessDenied"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_untrusted_account_and_an_unknown_role_are_denied_alike(with_role: Standin) -> None:
    params = {"RoleArn": ROLE, "RoleSessionName": "run-1", "ExternalId": EXTERNAL_ID}
    ask = with_role.client("sts", OTHER_ACCOUNT).assume_role
    assert refusal(ask, **params) == "AccessDenied"
    unknown = {**params, "RoleArn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/nobody"}
    assert refusal(with_role.client("sts").assume_role, **unknown) == "AccessDenied"


@pytest.mark.parametrize(
    "change",
    [
        {"RoleSessionName": "x"},
        {"RoleSessionName": "with space"},
        {"DurationSeconds": 899},
        {"RoleArn": "arn:aws:iam::1:role"},
        {"RoleArn": "not-an-arn-but-long-enough"},
        {"ExternalId": "x"},
    ],
)
def test_what_the_model_forbids_is_a_validation_error(
    with_role: Standin, change: dict[str, Any]
) -> None:
    params = {"RoleArn": ROLE, "RoleSessionName": "run-1", **change}
    assert refusal(with_role.client("sts").assume_role, **params) == "ValidationError"


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("workspaces", "describe_workspaces", "ExpiredTokenException"),
        ("sts", "get_caller_identity", "ExpiredToken"),
    ],
)
def test_an_expired_session_is_refused(
    with_role: Standin,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    operation: str,
    code: str,
) -> None:
    credentials = assume(with_role, DurationSeconds=900)["Credentials"]
    keeper = with_role.world.credentials
    later = (credentials["Expiration"] + timedelta(seconds=1)).timestamp()
    monkeypatch.setattr(keeper, "_wall", lambda: later)
    assert refusal(getattr(as_role(with_role, service, credentials), operation)) == code


def test_a_session_key_without_its_token_is_refused(with_role: Standin) -> None:
    credentials = {**assume(with_role)["Credentials"], "SessionToken": "another"}
    ask = as_role(with_role, "workspaces", credentials).describe_workspaces
    assert refusal(ask) == "UnrecognizedClientException"


def test_a_web_identity_opens_a_session_in_every_region(with_role: Standin) -> None:
    answer = with_role.client("sts").assume_role_with_web_identity(
        RoleArn=ROLE, RoleSessionName="pod", WebIdentityToken="a.token.of.the.cluster"
    )
    for region in (REGION, OTHER_REGION):
        client = as_role(with_role, "workspaces", answer["Credentials"], region=region)
        own = with_role.client("workspaces", OTHER_ACCOUNT, region)
        assert ids(all_desktops(client)) == ids(all_desktops(own))


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("workspaces", "describe_workspaces", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
    ],
)
def test_a_region_that_is_none_is_refused(
    fleet: Standin, service: str, operation: str, code: str
) -> None:
    client = fleet.client(service, region="mars-north-1")
    assert refusal(getattr(client, operation)) == code


def test_an_unsigned_request_is_refused(fleet: Standin) -> None:
    answer = fleet.aws("workspaces", "DescribeWorkspaces", b"{}", Authorization="")
    assert answer.status == 403
    assert answer.json()["__type"] == "MissingAuthenticationToken"
