"""The way of an AWS request: recognise, authenticate, rate, break, validate, answer, check, log.

In: a WSGI environment. Out: an HTTP answer, always in AWS's wire format, never an HTML page. The
order is AWS's: a throttled call is not validated, an unauthenticated one not throttled.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from botocore.session import get_session

from aws_standin.contract.inputs import check_input
from aws_standin.contract.outputs import output_violations
from aws_standin.credentials import Identity
from aws_standin.errors import AwsError, contract_violation, throttled, unknown_operation
from aws_standin.protocol import (
    AwsRequest,
    HttpAnswer,
    decode,
    encode,
    encode_error,
    read_request,
    wire_format,
)
from aws_standin.services.call import Call, Operation
from aws_standin.services.catalogue import early_check, find
from aws_standin.services.sts import UNSIGNED
from aws_standin.signatures import check_signature
from aws_standin.traffic.faults import BrokenBody, FaultRule
from aws_standin.traffic.scope import CallSite
from aws_standin.trail.journal import AnsweredCall
from aws_standin.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_LOG = logging.getLogger(__name__)
_OK = 200
_UNKNOWN = "unknown"
_SESSION = get_session()
_REGIONS = frozenset(
    region
    for partition in _SESSION.get_available_partitions()
    for region in _SESSION.get_available_regions("ec2", partition)
)
"""Every region that botocore lists."""


@dataclass(slots=True)
class _Progress:
    """What is known so far of a call, for the log."""

    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    protocol: str = "json"
    service: str = _UNKNOWN
    operation: str = _UNKNOWN
    account: str = _UNKNOWN
    region: str = _UNKNOWN
    fault: FaultRule | None = None
    request: AwsRequest | None = None
    identity: Identity | None = None
    params: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """An answer, its request id, and how its body is to be broken."""

    http: HttpAnswer
    request_id: str
    broken: BrokenBody | None


class Gateway:
    """Answers AWS requests from a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, environ: WSGIEnvironment) -> GatewayAnswer:
        """Answer one request, and log it."""
        arrived = self._world.monotonic(), self._world.wall()
        progress = _Progress(protocol=wire_format(environ))
        try:
            http = self._serve(environ, progress)
        except AwsError as error:
            self._journal(progress, (error.code, error.message))
            http = encode_error(progress.protocol, error, progress.request_id, progress.service)
        except Exception:
            _LOG.exception("%s failed in the stand-in itself", progress.operation)
            fault = AwsError("InternalFailure", "The stand-in failed; see its log.", 500)
            http = encode_error(progress.protocol, fault, progress.request_id, progress.service)
        self._record(arrived, progress, http)
        broken = progress.fault.body if progress.fault else None
        return GatewayAnswer(http, progress.request_id, broken)

    def _serve(self, environ: WSGIEnvironment, progress: _Progress) -> HttpAnswer:
        request = read_request(environ)
        progress.protocol, progress.service = request.protocol, request.service.name
        progress.operation = request.name
        operation = find(request.service.name, request.name)
        if operation is None:
            raise unknown_operation(f"the stand-in does not serve {request.name}")
        _check_region(request)
        progress.region = request.region
        identity = self._identify(request)
        progress.account, progress.request, progress.identity = identity.account, request, identity
        self._disturb(CallSite(identity.account, request.region, request.name), progress)
        progress.params = decode(request)
        answer = progress.answer = self._run(operation, request, identity, progress.params)
        self._journal(progress, None)
        return encode(request, answer, progress.request_id)

    def _identify(self, request: AwsRequest) -> Identity:
        key = request.access_key_id
        if key is not None:
            keeper = self._world.credentials
            identity = keeper.identify(key, request.session_token, request.protocol)
            secret = keeper.secret_of(key)
            if secret is not None:
                check_signature(request, secret, self._world.wall())
            return identity
        if request.name not in UNSIGNED:
            raise AwsError("MissingAuthenticationToken", "The request is not signed.", 403)
        account = decode(request).get("RoleArn", "").split(":")[4:5]
        return Identity(account[0] if account else _UNKNOWN, "", "")

    def _disturb(self, site: CallSite, progress: _Progress) -> None:
        """Apply rates and faults; waits here, under no lock."""
        if not self._world.throttles.allows(site):
            raise throttled(progress.protocol, progress.service)
        fault = progress.fault = self._world.faults.next_for(site)
        if fault is None:
            return
        if fault.delay_ms:
            self._world.sleep(fault.delay_ms / 1000)
        if fault.code is not None:
            raise AwsError(fault.code, fault.message, fault.status)

    def _run(
        self,
        operation: Operation,
        request: AwsRequest,
        identity: Identity,
        params: dict[str, Any],
    ) -> dict[str, Any]:
        refuse = early_check(request.service.name, request.name)
        if refuse is not None:
            refuse(params)
        code = "ValidationError" if request.protocol == "query" else "ValidationException"
        check_input(params, request.operation.input_shape, code=code)
        answer = operation(Call(self._world, request, identity, params))
        violations = output_violations(answer, request.operation.output_shape)
        if violations:
            raise contract_violation(request.name, violations)
        return answer

    def _journal(self, progress: _Progress, error: tuple[str, str] | None) -> None:
        """Put the call on the audit trail, once it is known whose it is."""
        request, identity = progress.request, progress.identity
        if request is None or identity is None or not identity.arn:
            return
        self._world.trail.journal.record(
            AnsweredCall(
                at=self._world.clock.now(),
                account=identity.account,
                region=request.region,
                service=request.service.name,
                operation=request.name,
                request_id=progress.request_id,
                arn=identity.arn,
                user_id=identity.user_id,
                access_key=request.access_key_id,
                address=request.environ.get("REMOTE_ADDR", "127.0.0.1"),
                agent=request.environ.get("HTTP_USER_AGENT", ""),
                parameters=progress.params,
                answer=progress.answer,
                error=error,
            )
        )

    def _record(self, arrived: tuple[float, float], progress: _Progress, http: HttpAnswer) -> None:
        monotonic, wall = arrived
        self._world.log.record(
            monotonic=monotonic,
            wall=wall,
            account=progress.account,
            region=progress.region,
            service=progress.service,
            operation=progress.operation,
            outcome=http.error_code or "ok",
            status=http.status,
            fault=progress.fault is not None,
            request_id=progress.request_id,
        )


def broken_body(http: HttpAnswer, broken: BrokenBody) -> HttpAnswer:
    """The answer with a body no parser takes; `truncate` is done on the wire."""
    if broken == "garbage":
        return replace(http, body=b"<html>\x00\xff not an AWS answer")
    return replace(http, body=b"")


def _check_region(request: AwsRequest) -> None:
    """Refuse regions that AWS does not have, also those that only look like one."""
    if request.region not in _REGIONS:
        code = (
            "SignatureDoesNotMatch" if request.protocol == "query" else "InvalidSignatureException"
        )
        raise AwsError(code, "Credential should be scoped to a valid region.", 403)
