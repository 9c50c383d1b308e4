"""Exports of the bill: files, manifests, versions, and sums to the cent."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pyarrow
import pyarrow.parquet
import pytest
from moto.server import ThreadedMotoServer

from aws_standin import command_line
from aws_standin.exports.columns import COLUMNS
from tests.conftest import ACCOUNT, Standin

FEBRUARY = "from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z"


@pytest.fixture
def costs(standin: Standin) -> Standin:
    standin.fleet(desktops=12)
    return standin


def export(standin: Standin, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    """What `aws export` answers."""
    arguments = ["export", "--endpoint", standin.url, "--months", "2026-02", *more]
    if "--s3" not in more:
        arguments += ["--folder", str(folder)]
    status = command_line.main(arguments)
    output = capsys.readouterr()
    assert status == 0, output.err
    return json.loads(output.out)


def csv_rows(folder: Path, answer: Any) -> list[dict[str, str]]:
    rows = []
    for key in answer["keys"]:
        if key.endswith(".csv.gz"):
            text = gzip.decompress((folder / answer["bucket"] / key).read_bytes()).decode()
            rows += list(csv.DictReader(io.StringIO(text)))
    return rows


def total(rows: list[dict[str, Any]], name: str = "line_item_unblended_cost") -> Decimal:
    return sum((Decimal(str(row[name])) for row in rows), Decimal(0))


def test_the_sum_of_an_export_is_the_bill(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = csv_rows(tmp_path, export(costs, tmp_path, capsys))
    bill = costs.control(f"ledger?type=costs&{FEBRUARY}")
    assert total(rows) == sum(Decimal(line["unblended"]) for line in bill)
    net = total(rows, "line_item_net_unblended_cost")
    assert net == sum(Decimal(line["netUnblended"]) for line in bill)
    assert list(rows[0]) == list(COLUMNS)
    assert {row["line_item_line_item_type"] for row in rows} >= {"Usage", "Credit", "Tax"}
    ids = [row["identity_line_item_id"] for row in rows]
    assert len(ids) == len(set(ids))


def test_desktops_are_named_by_their_arn_and_tagged(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = csv_rows(tmp_path, export(costs, tmp_path, capsys))
    desktops = {line["workspaceId"] for line in costs.control("ledger?type=desktops")}
    named = {row["line_item_resource_id"] for row in rows if "workspace/" in
             row["line_item_resource_id"]}  # fmt: skip
    assert len({arn.rpartition("/")[2] for arn in named} & desktops) > 30
    assert all(arn.startswith("arn:aws:workspaces:") for arn in named)
    tags = [json.loads(row["resource_tags"]) for row in rows]
    assert any(one.get("user_CostCentre", "").startswith("cc-") for one in tags)
    assert {row["bill_payer_account_id"] for row in rows} == {ACCOUNT}


def test_parquet_holds_the_same_rows_to_the_cent(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = csv_rows(tmp_path, export(costs, tmp_path, capsys))
    answer = export(costs, tmp_path, capsys, "--format", "parquet")
    (path,) = [key for key in answer["keys"] if key.endswith(".snappy.parquet")]
    table = pyarrow.parquet.read_table(tmp_path / answer["bucket"] / path)
    assert table.num_rows == len(rows)
    assert table.column_names == list(COLUMNS)
    summed = sum(table.column("line_item_unblended_cost").to_pylist())
    assert round(Decimal(summed), 2) == round(total(rows), 2)
    (start, *_) = table.column("bill_billing_period_start_date").to_pylist()
    assert start == datetime(2026, 2, 1)


def test_the_manifest_names_every_file_where_aws_puts_it(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = export(costs, tmp_path, capsys, "--rows-per-file", "300")
    *data, manifest = answer["keys"]
    assert len(data) > 1
    assert data[0] == "cur/desks/data/BILLING_PERIOD=2026-02/desks-00001.csv.gz"
    assert manifest == "cur/desks/metadata/BILLING_PERIOD=2026-02/desks-Manifest.json"
    told = json.loads((tmp_path / answer["bucket"] / manifest).read_text())
    assert told["dataFiles"] == [f"s3://{answer['bucket']}/{key}" for key in data]


def test_a_later_export_restates_the_month_beside_the_earlier_one(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = export(costs, tmp_path, capsys, "--keep-versions")
    costs.control("clock", {"set": "2026-03-08T00:00:00Z"})
    last = export(costs, tmp_path, capsys, "--keep-versions")
    assert not set(first["keys"]) & set(last["keys"])
    before, after = csv_rows(tmp_path, first), csv_rows(tmp_path, last)
    assert total(before) != total(after)
    assert {row["bill_invoice_id"] for row in before} == {""}
    assert {row["bill_invoice_id"] for row in after} == {f"{ACCOUNT}-202602"}
    again = export(costs, tmp_path, capsys, "--keep-versions", "--as-of", "2026-03-04T12:00:00Z")
    assert again["keys"] == first["keys"]
    assert csv_rows(tmp_path, again) == before


def test_the_same_export_has_the_same_bytes(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("csv", "parquet"):
        answers = [export(costs, tmp_path / name, capsys, "--format", form) for name in "ab"]
        for key in answers[0]["keys"]:
            one, other = (tmp_path / name / answers[0]["bucket"] / key for name in "ab")
            assert one.read_bytes() == other.read_bytes()


def test_files_can_be_broken_on_purpose(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = export(costs, tmp_path, capsys, "--format", "parquet", "--fault", "truncated")
    with pytest.raises(pyarrow.ArrowInvalid):
        pyarrow.parquet.read_table(tmp_path / answer["bucket"] / answer["keys"][0])
    answer = export(costs, tmp_path, capsys, "--fault", "missing-file")
    told = json.loads((tmp_path / answer["bucket"] / answer["keys"][-1]).read_text())
    missing = [url for url in told["dataFiles"] if not (tmp_path / url[5:]).exists()]
    assert len(missing) == 1
    rows = csv_rows(tmp_path, export(costs, tmp_path, capsys, "--fault", "not-numbers"))
    assert {row["line_item_unblended_cost"] for row in rows} == {"NaN"}


@pytest.fixture
def bucket_server() -> Iterator[str]:
    """Any S3 server; the real one that `aws objects` starts takes minutes to build."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_objects_arrive_in_a_bucket_that_is_made_if_need_be(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str], bucket_server: str
) -> None:
    answer = export(costs, tmp_path, capsys, "--s3", bucket_server)
    client = boto3.client("s3", endpoint_url=bucket_server, region_name="us-east-1")
    listed = client.list_objects_v2(Bucket=answer["bucket"], Prefix="cur/desks/")
    assert sorted(one["Key"] for one in listed["Contents"]) == sorted(answer["keys"])


def test_what_cannot_be_exported_is_refused_with_a_reason(
    standin: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, word in (
        (["--endpoint", standin.url, "--months", "2026-02"], "no fleet"),
        (["--endpoint", standin.url, "--months", "February"], "--months"),
        (["--endpoint", "http://127.0.0.1:9", "--months", "2026-02"], "does not answer"),
    ):
        assert command_line.main(["export", *arguments]) == 1
        assert word in capsys.readouterr().err


def test_days_of_the_rows_are_those_of_the_period(
    costs: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in csv_rows(tmp_path, export(costs, tmp_path, capsys)):
        start = datetime.fromisoformat(row["line_item_usage_start_date"])
        assert datetime(2026, 2, 1, tzinfo=UTC) <= start < datetime(2026, 3, 1, tzinfo=UTC)
