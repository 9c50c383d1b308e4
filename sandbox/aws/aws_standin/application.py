"""The WSGI application: `/_standin/` goes to `control`, everything else to `gateway`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_standin.control import endpoints
from aws_standin.control.request import ControlError
from aws_standin.gateway import Gateway, GatewayAnswer, broken_body
from aws_standin.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_JSON = "application/json"
_LINES = "application/jsonl"


class Application:
    """Serves one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._gateway = Gateway(world)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request."""
        if environ.get("PATH_INFO", "").startswith(endpoints.PREFIX):
            return self._control(environ, start)
        return _send(self._gateway.answer(environ), start)

    def _control(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            reply = endpoints.handle(
                self._world,
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                environ.get("QUERY_STRING", ""),
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
            )
        except ControlError as error:
            return _json(start, error.status, {"error": error.message})
        if isinstance(reply, dict):
            return _json(start, HTTPStatus.OK, reply)
        start("200 OK", [("Content-Type", _LINES)])
        return _blocks(reply)


def _json(start: StartResponse, status: int, document: dict[str, Any]) -> list[bytes]:
    body = json.dumps(document).encode() + b"\n"
    headers = [("Content-Type", _JSON), ("Content-Length", str(len(body)))]
    start(f"{int(status)} {HTTPStatus(status).phrase}", headers)
    return [body]


def _send(answer: GatewayAnswer, start: StartResponse) -> list[bytes]:
    http = answer.http
    if answer.broken in {"garbage", "empty"}:
        http = broken_body(http, answer.broken)
    headers = [
        ("Content-Type", http.content_type),
        ("Content-Length", str(len(http.body))),
        ("x-amzn-RequestId", answer.request_id),
        *http.headers,
    ]
    if http.error_code is not None:
        headers.append(("x-amzn-ErrorType", http.error_code))
    phrase = HTTPStatus(http.status).phrase if http.status in set(HTTPStatus) else "Unknown"
    start(f"{http.status} {phrase}", headers)
    if answer.broken == "truncate":
        # The announced length never arrives: the server closes the connection.
        return [http.body[: len(http.body) // 2]]
    return [http.body]


def _blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """Lines in blocks, because a write for each line would cost more than the line."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == 500:  # noqa: PLR2004 (about 100 KiB)
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()
