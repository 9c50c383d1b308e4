"""The wire formats: every one that SDKs speak reaches the same operation and errs the same way."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from aws_standin.contract.models import SERVICES, by_name
from aws_standin.errors import AwsError
from aws_standin.wire import cbor
from tests import cbor_client
from tests.conftest import Standin


def shape_of(service: str, operation: str) -> Any:
    known = by_name(service)
    assert known is not None
    model = known.operation(operation)
    assert model is not None
    return model.output_shape


def test_json_and_cbor_get_the_same_desktops(fleet: Standin) -> None:
    plain = fleet.client("workspaces").describe_workspaces(Limit=9)
    answer = cbor_client.ask(fleet, "workspaces", "DescribeWorkspaces", Limit=9)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["Workspaces"] == plain["Workspaces"]
    assert answer["NextToken"] == plain["NextToken"]


def test_what_moto_answers_comes_in_cbor_too(fleet: Standin) -> None:
    plain = fleet.client("ds").describe_directories(Limit=1)
    answer = cbor_client.ask(fleet, "ds", "DescribeDirectories", Limit=1)
    assert answer["DirectoryDescriptions"] == plain["DirectoryDescriptions"]


def test_errors_in_cbor_carry_code_and_message(fleet: Standin) -> None:
    answer = cbor_client.ask(fleet, "workspaces", "DescribeWorkspaces", Limit=26)
    assert answer["Error"]["Code"] == "ValidationException"
    assert "less than or equal to 25" in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_answer_in_cbor_says_that_it_is(fleet: Standin) -> None:
    answer = cbor_client.send(fleet, "workspaces", "DescribeWorkspaces", b"\xa0")
    assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert answer.headers["Content-Type"] == "application/cbor"


@pytest.mark.parametrize(
    "body", [b"\xff", b"\xa1", b"\x80", b"\x01", b"\xa0\xa0", b"\xa1\x01", b"\xa1\x01\x02"]
)
def test_a_body_that_is_no_cbor_map_is_refused(fleet: Standin, body: bytes) -> None:
    answer = cbor_client.send(fleet, "workspaces", "DescribeWorkspaces", body)
    assert answer.status == 400
    assert b"SerializationException" in answer.data


def test_a_path_of_no_service_is_an_unknown_operation(fleet: Standin) -> None:
    answer = cbor_client.send(fleet, "workspaces", "DescribeNothing", b"\xa0")
    assert (answer.status, b"UnknownOperationException" in answer.data) == (400, True)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(AwsError):
        assert isinstance(cbor.decode(body), dict)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**33),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=300,
    )
)
def test_numbers_and_times_written_at_once_read_as_they_were(
    points: list[tuple[int, float]],
) -> None:
    shape = shape_of("cloudwatch", "GetMetricData")
    times, values = [time for time, _ in points], [value for _, value in points]
    result = {"Id": "a", "Timestamps": times, "Values": values}
    written = cbor.encode({"MetricDataResults": [result]}, shape).body
    response = {"status_code": 200, "headers": {}, "body": written}
    parsed = create_parser("smithy-rpc-v2-cbor").parse(response, shape)
    (read,) = parsed["MetricDataResults"]
    assert read["Timestamps"] == [datetime.fromtimestamp(time, UTC) for time in times]
    assert read["Values"] == values


def test_services_are_known_by_the_name_they_sign_with() -> None:
    names = {service.name: service.signing_name for service in SERVICES}
    assert names["cloudwatch"] == "monitoring"
    assert names["resourcegroupstaggingapi"] == "tagging"
    assert len(set(names.values())) == len(names)


def test_a_service_with_a_past_in_the_query_format_says_its_old_codes(fleet: Standin) -> None:
    answer = fleet.aws("cloudwatch", "GetMetricData", b"{}")
    assert json.loads(answer.data)["__type"] == "ValidationException"
    assert answer.headers["x-amzn-query-error"] == "ValidationError;Sender"
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert "x-amzn-query-error" not in fleet.aws("workspaces", "DescribeTags", b"{}").headers
