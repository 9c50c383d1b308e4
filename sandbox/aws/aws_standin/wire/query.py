"""The query format: a form with an `Action` in, XML out. moto's codecs do the work."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.core.parse import QueryParser
from moto.core.serialize import QuerySerializer, SerializationContext

from aws_standin.contract.models import Service
from aws_standin.errors import AwsError
from aws_standin.wire.answer import HttpAnswer
from aws_standin.wire.query_codes import query_code

if TYPE_CHECKING:
    from botocore.model import OperationModel

_XML = "text/xml"
_STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def action(body: bytes) -> str:
    """Name of the operation that a form asks for; empty if it names none."""
    return _form(body).get("Action", "")


def decode(operation: OperationModel, body: bytes) -> dict[str, Any]:
    """Parameters of a request."""
    form = {key: value for key, value in _form(body).items() if key not in {"Action", "Version"}}
    shape = operation.input_shape
    known = shape.members if shape else {}
    unknown = sorted({key.split(".")[0] for key in form} - set(known))
    if unknown:
        raise AwsError("ValidationError", f"Members not known to this operation: {unknown}")
    if shape is None:
        return {}
    try:
        parsed: dict[str, Any] = QueryParser(operation).parse({"values": form})
    except ValueError as error:
        raise AwsError("MalformedInput", str(error)) from None
    return parsed


def encode(operation: OperationModel, answer: dict[str, Any], request_id: str) -> HttpAnswer:
    """A good answer."""
    context = SerializationContext(request_id=request_id)
    written = QuerySerializer(operation, context).serialize(answer)["body"]
    return HttpAnswer(200, _XML, written.encode() if isinstance(written, str) else written)


def encode_error(service: Service | None, error: AwsError, request_id: str) -> HttpAnswer:
    """An error; `service` is None where the request did not say whom it is for."""
    kind = "Sender" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
    code = query_code(service, error)
    namespace = service.model.metadata.get("xmlNamespace", _STS) if service else _STS
    body = (
        f'<ErrorResponse xmlns="{namespace}"><Error>'
        f"<Type>{kind}</Type><Code>{escape(code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return HttpAnswer(error.status, _XML, body.encode(), code)


def _form(body: bytes) -> dict[str, str]:
    text = body.decode("utf-8", "replace")
    return {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
