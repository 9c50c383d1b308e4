"""Checks a request's Signature Version 4, with botocore's own reckoning of it.

In: a request and the secret its key was declared with. Out: nothing, or the error AWS sends for a
wrong secret, a changed request, or a clock that is too far off. Keys declared without a secret are
never checked.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aws_standin.errors import AwsError
from aws_standin.protocol import AwsRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_SKEW_SECONDS = 15 * 60

_PARTS = re.compile(r"SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)")
_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_NOT_PREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


def check_signature(request: AwsRequest, secret: str, now: float) -> None:
    """Raise the error AWS sends, unless the request was signed with this secret just now."""
    environ = request.environ
    parts = _PARTS.search(environ.get("HTTP_AUTHORIZATION", ""))
    if parts is None:
        raise AwsError("IncompleteSignature", "The Authorization header is incomplete.", 400)
    signed_at = environ.get("HTTP_X_AMZ_DATE", "")
    _check_age(request, signed_at, now)
    expected = _signature(request, secret, signed_at, parts.group(1).split(";"))
    if not hmac.compare_digest(expected, parts.group(2)):
        raise _refused(request, _MISMATCH)


def _check_age(request: AwsRequest, signed_at: str, now: float) -> None:
    try:
        instant = datetime.strptime(signed_at, _TIMESTAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise AwsError("IncompleteSignature", "X-Amz-Date is missing or wrong.", 400) from None
    if abs(now - instant) > MOST_SKEW_SECONDS:
        raise _refused(request, f"Signature expired: {signed_at} is too far from the server's time")


def _signature(request: AwsRequest, secret: str, signed_at: str, headers: list[str]) -> str:
    environ = request.environ
    host = environ.get("HTTP_HOST", "")
    path, query = environ.get("PATH_INFO", "/"), environ.get("QUERY_STRING", "")
    again = AWSRequest(
        method=environ["REQUEST_METHOD"],
        url=f"http://{host}{path}" + (f"?{query}" if query else ""),
        headers={name: _header(environ, name) for name in headers},
        data=request.raw_body,
    )
    again.context["timestamp"] = signed_at
    key = Credentials(request.access_key_id or "", secret)
    auth = SigV4Auth(key, request.service.signing_name, request.region)
    canonical = auth.canonical_request(again)
    return str(auth.signature(auth.string_to_sign(again, canonical), again))


def _header(environ: WSGIEnvironment, name: str) -> str:
    key = _NOT_PREFIXED.get(name, "HTTP_" + name.upper().replace("-", "_"))
    return str(environ.get(key, ""))


def _refused(request: AwsRequest, message: str) -> AwsError:
    query = request.protocol == "query"
    code = "SignatureDoesNotMatch" if query else "InvalidSignatureException"
    return AwsError(code, message, 403)
