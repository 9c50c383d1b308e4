"""The two checks, on bytes nobody here wrote: AWS's published examples and botocore's parsers."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import awscli
import pytest
from botocore.parsers import create_parser

from aws_standin.contract.inputs import check_input
from aws_standin.contract.models import by_name
from aws_standin.contract.outputs import output_violations
from aws_standin.errors import AwsError
from tests.conftest import Standin

EXAMPLES = Path(awscli.__file__).parent / "examples"


SERVICES_WITH_EXAMPLES = (
    "workspaces", "ds", "sts", "cloudwatch", "resourcegroupstaggingapi", "service-quotas",
    "ds-data", "sqs", "cloudtrail", "ce", "pricing",
)  # fmt: skip


def published_answers() -> list[Any]:
    """Example answers of the AWS command line's help, with the operation each belongs to."""
    found = []
    for service in SERVICES_WITH_EXAMPLES:
        known = by_name(service)
        assert known is not None
        names = {_dashed(name): name for name in known.model.operation_names}
        for path in sorted((EXAMPLES / service).glob("*.rst")):
            operation = names.get(path.stem)
            for number, document in enumerate(_documents(path.read_text()), start=1):
                if operation:
                    name = f"{service}-{path.stem}-{number}"
                    found.append(pytest.param(service, operation, document, id=name))
    return found


def _dashed(operation: str) -> str:
    letters = [f"-{c.lower()}" if c.isupper() else c for c in operation]
    return "".join(letters).removeprefix("-")


def _documents(text: str) -> list[dict[str, Any]]:
    """JSON that stands indented behind the word Output; one example there is not JSON at all."""
    documents = []
    for part in text.split("Output::")[1:]:
        lines = part.split("\n")
        block = []
        for line in lines[1:]:
            if line.strip() and not line.startswith((" ", "\t")):
                break
            block.append(line)
        with suppress(ValueError):
            documents.append(json.loads("\n".join(block)))
    return documents


# These examples break AWS's own model: members that it does not have, or required ones left out.
BROKEN = {
    "sts-assume-role-with-saml-1",
    "ce-get-reservation-coverage-1",
    "cloudwatch-get-insight-rule-report-1",
    "sqs-change-message-visibility-batch-1",
    "sqs-delete-message-batch-1",
    "sqs-send-message-batch-1",
}


@pytest.mark.parametrize(("service", "operation", "document"), published_answers())
def test_published_answers_pass_the_check(
    service: str, operation: str, document: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    known = by_name(service)
    assert known is not None
    model = known.operation(operation)
    assert model is not None
    # The command line prints instants as text; botocore's parser makes them instants again.
    shape: Any = model.output_shape
    body = json.dumps(document).encode()
    parsed = create_parser("json").parse({"status_code": 200, "headers": {}, "body": body}, shape)
    parsed.pop("ResponseMetadata")
    unknown = [v for v in output_violations(document, shape) if "no such member" in v]
    violations = output_violations(parsed, shape) + unknown
    broken = request.node.callspec.id in BROKEN
    assert bool(violations) == broken, violations


def test_enough_examples_were_found() -> None:
    assert len(published_answers()) >= 20


def violations_of(answer: dict[str, Any]) -> list[str]:
    workspaces = by_name("workspaces")
    assert workspaces is not None
    model = workspaces.operation("DescribeWorkspaces")
    assert model is not None
    return output_violations(answer, model.output_shape)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"UserName": 7}, "int where the model has a string"),
        ({"UserName": None}, "NoneType"),
        ({"UserVolumeEncryptionEnabled": "true"}, "boolean"),
        ({"WorkspaceProperties": {"RootVolumeSizeGib": True}}, "integer"),
        ({"WorkspaceProperties": {"RootVolumeSizeGib": "80"}}, "integer"),
        ({"WorkspaceProperties": {"GlobalAccelerator": {}}}, "required member is missing"),
        ({"ModificationStates": {}}, "list"),
        ({"LicenceKey": "x"}, "no such member"),
        ({"WorkspaceProperties": {"Colour": "red"}}, "no such member"),
    ],
)
def test_types_required_and_unknown_members_are_hard_in_answers(
    row: dict[str, Any], word: str
) -> None:
    (violation,) = violations_of({"Workspaces": [row]})
    assert word in violation


@pytest.mark.parametrize(
    "row",
    [{"WorkspaceId": "not an id"}, {"State": "FROZEN"}, {"UserName": ""}, {"DirectoryId": "d-1"}],
)
def test_ranges_patterns_and_enumerations_are_soft_in_answers(row: dict[str, Any]) -> None:
    assert violations_of({"Workspaces": [row]}) == []


@pytest.mark.parametrize(
    ("operation", "params", "words"),
    [
        ("DescribeWorkspaces", {"Limit": 26}, "less than or equal to 25"),
        ("DescribeWorkspaces", {"Limit": 0}, "greater than or equal to 1"),
        ("DescribeWorkspaces", {"WorkspaceIds": ["ws-123456789"] * 26}, "length less than"),
        ("DescribeWorkspaces", {"WorkspaceIds": []}, "length greater than"),
        ("DescribeWorkspaces", {"WorkspaceIds": ["i-12345678"]}, "regular expression pattern"),
        ("DescribeWorkspaces", {"Colour": "red"}, "'colour' is not known"),
        ("DescribeTags", {}, "Value null at 'resourceId'"),
        ("ModifyWorkspaceState", {"WorkspaceId": "ws-123456789", "WorkspaceState": "X"}, "enum"),
        ("StopWorkspaces", {"StopWorkspaceRequests": [{}] * 26}, "'stopWorkspaceRequests'"),
    ],
)
def test_requests_are_held_to_everything_in_the_model(
    operation: str, params: dict[str, Any], words: str
) -> None:
    error = _refused(operation, params)
    assert error.code == "ValidationException"
    assert error.message.startswith("1 validation error detected: ")
    assert words in error.message


def test_every_violation_of_a_request_is_told() -> None:
    error = _refused("DescribeWorkspaces", {"Limit": 26, "NextToken": ""})
    assert error.message.startswith("2 validation errors detected: ")


@pytest.mark.parametrize("params", [{"Limit": "25"}, {"Limit": True}, {"WorkspaceIds": "ws-1"}])
def test_a_wrong_type_fails_before_validation(params: dict[str, Any]) -> None:
    assert _refused("DescribeWorkspaces", params).code == "SerializationException"


def test_an_answer_that_breaks_the_model_is_an_error_and_never_a_lie(fleet: Standin) -> None:
    everywhere = {"account": "111111111111", "region": "eu-central-1", "desktops": 1}
    fleet.control("mutate", {**everywhere, "set": {"Colour": "red"}})
    answer = fleet.aws("workspaces", "DescribeWorkspaces", b"{}")
    assert answer.status == 500
    assert json.loads(answer.data)["__type"] == "FakeContractViolation"
    assert "Colour" in json.loads(answer.data)["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(fleet: Standin, body: bytes) -> None:
    answer = fleet.aws("workspaces", "DescribeWorkspaces", body)
    assert answer.status == 400
    assert json.loads(answer.data)["__type"] == "SerializationException"


def _refused(operation: str, params: dict[str, Any]) -> AwsError:
    workspaces = by_name("workspaces")
    assert workspaces is not None
    model = workspaces.operation(operation)
    assert model is not None
    with pytest.raises(AwsError) as caught:
        check_input(params, model.input_shape, code="ValidationException")
    return caught.value
