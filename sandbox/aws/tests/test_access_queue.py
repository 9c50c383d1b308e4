"""The queue of logins: best effort, seen again after a timeout, and agreement with the ledger."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import pytest

from tests.asking import refusal
from tests.conftest import ACCOUNT, NOON, OTHER_ACCOUNT, REGION, Standin

PLACE = f"account={ACCOUNT}&region={REGION}"
FOUR_DAYS = "from=2026-02-28T11:00:00Z&to=2026-03-04T12:00:01Z"


def url_of(client: Any) -> str:
    return str(client.get_queue_url(QueueName="workspaces-access")["QueueUrl"])


def drain(client: Any, *, delete: bool = True) -> list[dict[str, Any]]:
    """Everything that can be received now."""
    queue = url_of(client)
    messages: list[dict[str, Any]] = []
    while True:
        answer = client.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        if "Messages" not in answer:
            return messages
        messages += answer["Messages"]
        if delete:
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(answer["Messages"])
            ]
            outcome = client.delete_message_batch(QueueUrl=queue, Entries=entries)
            assert len(outcome["Successful"]) == len(entries)


def events(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(message["Body"]) for message in messages]


def test_what_is_received_is_what_the_ledger_says_arrived(fleet: Standin) -> None:
    messages = drain(fleet.client("sqs"))
    told = fleet.control(f"ledger?type=access&{PLACE}&{FOUR_DAYS}")
    expected = sorted(
        line["eventId"]
        for line in told
        for arrival in line["arrivals"]
        if "2026-02-28T12:00:00Z" < arrival <= NOON
    )
    assert sorted(event["id"] for event in events(messages)) == expected
    lost = sum(not line["arrivals"] for line in told)
    twice = sum(len(line["arrivals"]) == 2 for line in told)
    assert 0 < lost < 0.1 * len(told)
    assert 0 < twice < 0.1 * len(told)
    assert len(expected) > 150
    assert drain(fleet.client("sqs")) == []


def test_every_login_is_a_session_of_the_ledger(fleet: Standin) -> None:
    sessions: dict[str, list[str]] = {}
    for line in fleet.control(f"ledger?type=sessions&{PLACE}&{FOUR_DAYS}"):
        sessions.setdefault(line["workspaceId"], []).append(line["start"])
    for event in events(drain(fleet.client("sqs"))):
        detail = event["detail"]
        assert event["detail-type"] == "WorkSpaces Access"
        assert event["source"] == "aws.workspaces"
        assert (event["account"], event["region"]) == (ACCOUNT, REGION)
        assert detail["actionType"] == "successfulLogin"
        assert detail["directoryId"].startswith("domain/")
        login = datetime.fromisoformat(detail["loginTime"].replace("Z", "+00:00"))
        waits = [
            (datetime.fromisoformat(s.replace("Z", "+00:00")) - login).total_seconds()
            for s in sessions[detail["workspaceId"]]
        ]
        assert any(0 < wait <= 20 for wait in waits)


def test_messages_are_out_of_order_and_carry_their_digest(fleet: Standin) -> None:
    messages = drain(fleet.client("sqs"))
    times = [event["time"] for event in events(messages)]
    assert times != sorted(times)
    for message in messages:
        assert hashlib.md5(message["Body"].encode()).hexdigest() == message["MD5OfBody"]  # noqa: S324
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_who_does_not_delete_receives_again_after_the_timeout(fleet: Standin) -> None:
    client = fleet.client("sqs")
    first = drain(client, delete=False)
    assert drain(client, delete=False) == []
    fleet.control("clock", {"advanceSeconds": 29})
    early = {message["MessageId"] for message in drain(client, delete=False)}
    assert early.isdisjoint(message["MessageId"] for message in first)
    fleet.control("clock", {"advanceSeconds": 1})
    again = drain(client)
    assert {m["MessageId"] for m in first} <= {m["MessageId"] for m in again}
    assert "2" in {m["Attributes"]["ApproximateReceiveCount"] for m in again}


def test_new_logins_arrive_as_time_goes_on_and_old_ones_expire(fleet: Standin) -> None:
    client = fleet.client("sqs")
    drain(client)
    fleet.control("clock", {"advanceSeconds": 7200})
    later = drain(client)
    assert later
    assert all(event["time"] > "2026-03-04T11" for event in events(later))
    fleet.control("clock", {"advanceSeconds": 10 * 86_400})
    assert all(event["time"] > "2026-03-10" for event in events(drain(client)))


def test_counts_follow_what_is_received_and_deleted(fleet: Standin) -> None:
    client = fleet.client("sqs")
    queue = url_of(client)

    def counts() -> tuple[int, int]:
        attributes = client.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])
        found = attributes["Attributes"]
        assert found["QueueArn"] == f"arn:aws:sqs:{REGION}:{ACCOUNT}:workspaces-access"
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return int(found[names[0]]), int(found[names[1]])

    whole, hidden = counts()
    assert hidden == 0
    (message,) = client.receive_message(QueueUrl=queue)["Messages"]
    assert counts() == (whole - 1, 1)
    client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert counts() == (whole - 1, 0)
    assert "Attributes" not in message


def test_a_fleet_has_its_own_queue(fleet: Standin) -> None:
    mine, others = fleet.client("sqs"), fleet.client("sqs", OTHER_ACCOUNT)
    assert {event["account"] for event in events(drain(others))} == {OTHER_ACCOUNT}
    ask = others.receive_message
    assert refusal(ask, QueueUrl=url_of(mine)) == "AWS.SimpleQueueService.NonExistentQueue"
    fleet.fleet(seed=8)
    assert drain(mine)


@pytest.mark.parametrize(
    ("operation", "params", "code"),
    [
        ("receive_message", {"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("receive_message", {"MaxNumberOfMessages": 0}, "InvalidParameterValue"),
        ("receive_message", {"WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ("receive_message", {"VisibilityTimeout": 43_201}, "InvalidParameterValue"),
        ("delete_message", {"ReceiptHandle": "made up"}, "ReceiptHandleIsInvalid"),
        ("delete_message_batch", {"Entries": []}, "AWS.SimpleQueueService.EmptyBatchRequest"),
        (
            "delete_message_batch",
            {"Entries": [{"Id": str(n), "ReceiptHandle": "x"} for n in range(11)]},
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        ),
        (
            "delete_message_batch",
            {"Entries": [{"Id": "a", "ReceiptHandle": "x"}] * 2},
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        ),
        (
            "delete_message_batch",
            {"Entries": [{"Id": "a b", "ReceiptHandle": "x"}]},
            "AWS.SimpleQueueService.InvalidBatchEntryId",
        ),
    ],
)
def test_wrong_questions_are_refused_by_their_old_codes(
    fleet: Standin, operation: str, params: dict[str, Any], code: str
) -> None:
    client = fleet.client("sqs")
    assert refusal(getattr(client, operation), QueueUrl=url_of(client), **params) == code


def test_a_bad_entry_of_a_batch_fails_alone(fleet: Standin) -> None:
    client = fleet.client("sqs")
    queue = url_of(client)
    (message,) = client.receive_message(QueueUrl=queue)["Messages"]
    entries = [
        {"Id": "good", "ReceiptHandle": message["ReceiptHandle"]},
        {"Id": "bad", "ReceiptHandle": "made up"},
    ]
    outcome = client.delete_message_batch(QueueUrl=queue, Entries=entries)
    assert [one["Id"] for one in outcome["Successful"]] == ["good"]
    assert [one["Code"] for one in outcome["Failed"]] == ["ReceiptHandleIsInvalid"]
