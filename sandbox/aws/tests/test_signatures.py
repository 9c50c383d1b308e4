"""Signatures: botocore signs, the stand-in reckons again, and whatever was changed is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.asking import refusal
from tests.conftest import ACCOUNT, KEYS, REGION, Standin

SECRET = "the/secret+of=the,key"
TARGET = "WorkspacesService.DescribeWorkspaces"


@pytest.fixture
def signing(fleet: Standin) -> Standin:
    key = {"accessKeyId": KEYS[ACCOUNT], "account": ACCOUNT, "secretAccessKey": SECRET}
    fleet.control("credentials", {"keys": [key]})
    return fleet


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("workspaces", "describe_workspaces", "InvalidSignatureException"),
        ("ds", "describe_directories", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
    ],
)
def test_the_right_secret_opens_and_a_wrong_one_does_not(
    signing: Standin, service: str, operation: str, code: str
) -> None:
    right = signing.client(service, aws_secret_access_key=SECRET)
    getattr(right, operation)()
    wrong = signing.client(service, aws_secret_access_key=SECRET + "x")
    assert refusal(getattr(wrong, operation)) == code


def test_a_roles_session_must_sign_too(signing: Standin) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    signing.control("credentials", {"roles": [{"arn": role}]})
    client = signing.client("sts", aws_secret_access_key=SECRET)
    given = client.assume_role(RoleArn=role, RoleSessionName="run")["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_session_token": given["SessionToken"],
    }
    for secret, good in ((given["SecretAccessKey"], True), (SECRET, False)):
        ask = signing.client("workspaces", aws_secret_access_key=secret, **session)
        if good:
            ask.describe_workspaces()
        else:
            assert refusal(ask.describe_workspaces) == "InvalidSignatureException"


def signed_headers(standin: Standin, body: bytes, at: datetime) -> dict[str, str]:
    """Headers of a request that botocore signs as if it were another time."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET}
    request = AWSRequest("POST", f"{standin.url}/", headers=headers, data=body)
    auth: Any = SigV4Auth(Credentials(KEYS[ACCOUNT], SECRET), "workspaces", REGION)
    request.context["timestamp"] = at.strftime("%Y%m%dT%H%M%SZ")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    # Not `add_auth`, which takes the real time.
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))
    return dict(request.headers.items())


def send(standin: Standin, body: bytes, headers: dict[str, str]) -> Any:
    return standin.aws("workspaces", "DescribeWorkspaces", body, **headers)


def test_a_changed_body_or_header_is_found(signing: Standin) -> None:
    headers = signed_headers(signing, b'{"Limit":1}', datetime.now(UTC))
    assert send(signing, b'{"Limit":1}', headers).status == 200
    changed = send(signing, b'{"Limit":2}', headers)
    assert changed.json()["__type"] == "InvalidSignatureException"
    other = {**headers, "X-Amz-Target": "WorkspacesService.DescribeTags"}
    assert send(signing, b'{"Limit":1}', other).json()["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize(("minutes", "good"), [(-14, True), (14, True), (-16, False), (16, False)])
def test_a_clock_may_be_off_by_fifteen_minutes(signing: Standin, minutes: int, good: bool) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    answer = send(signing, b"{}", signed_headers(signing, b"{}", at))
    assert (answer.status == 200) == good
    assert good or "Signature expired" in answer.json()["message"]


@pytest.mark.parametrize("change", [{"X-Amz-Date": "yesterday"}, {"X-Amz-Date": ""}])
def test_a_signature_without_its_parts_is_incomplete(
    signing: Standin, change: dict[str, str]
) -> None:
    headers = {**signed_headers(signing, b"{}", datetime.now(UTC)), **change}
    assert send(signing, b"{}", headers).json()["__type"] == "IncompleteSignature"


def test_secrets_are_never_told(signing: Standin) -> None:
    bad = {"accessKeyId": "short", "secretAccessKey": SECRET, "account": ACCOUNT}
    status, body = signing.raw_control("credentials", {"keys": [bad]})
    assert status == 400
    assert SECRET.encode() not in body
