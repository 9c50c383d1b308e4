"""A client that speaks RPCv2-CBOR, made of botocore's own writer and reader: boto3 prefers JSON."""

from __future__ import annotations

from typing import Any

import urllib3
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from aws_standin.contract.models import by_name
from tests.conftest import ACCOUNT, KEYS, REGION, Standin

_POOL = urllib3.PoolManager(retries=False)


def send(standin: Standin, service: str, operation: str, body: bytes, region: str = REGION) -> Any:
    """The HTTP answer to a CBOR body."""
    known = by_name(service)
    assert known is not None
    scope = f"{KEYS[ACCOUNT]}/20260304/{region}/{known.signing_name}/aws4_request"
    return _POOL.request(
        "POST",
        f"{standin.url}/service/{known.target}/operation/{operation}",
        body=body,
        headers={
            "smithy-protocol": "rpc-v2-cbor",
            "Content-Type": "application/cbor",
            "Accept": "application/cbor",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0",
        },
    )


def ask(standin: Standin, service: str, operation: str, **params: Any) -> dict[str, Any]:
    """The answer as botocore reads it; an error answer has a member `Error`."""
    known = by_name(service)
    assert known is not None
    model: Any = known.operation(operation)
    serializer: Any = create_serializer("smithy-rpc-v2-cbor", include_validation=False)
    written = serializer.serialize_to_request(params, model)
    answer = send(standin, service, operation, bytes(written["body"]))
    headers = {name.lower(): value for name, value in answer.headers.items()}
    response = {"status_code": answer.status, "headers": headers, "body": answer.data}
    parsed: dict[str, Any] = create_parser("smithy-rpc-v2-cbor").parse(response, model.output_shape)
    return parsed
