"""Lists as files, read by other people's readers."""

import csv
import io
import json

import openpyxl

from installation import Installation


# Schedules go on meanwhile: the oldest runs first, new ones come behind those compared.
ORDERS = {"/api/v1/workspaces": "id", "/api/v1/sync-runs": "startedAt"}


def ids_page_by_page(client, path: str) -> list[str]:
    """Every id of a list in its order."""
    ids, cursor = [], ""
    while cursor is not None:
        page = client.get(path, params={"limit": 500, "fields": "id", "sort": ORDERS[path], "cursor": cursor}).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    return ids


def export(client, path: str, format_: str):
    answer = client.get(path, params={"format": format_, "sort": ORDERS[path]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith(f'.{format_}"')
    return answer


def test_each_format_holds_the_whole_list(synced: Installation) -> None:
    client = synced.api()
    for path in ORDERS:
        expected = ids_page_by_page(client, path)
        assert expected
        answer = export(client, path, "csv")
        rows = list(csv.DictReader(io.StringIO(answer.text), strict=True))
        assert [row["id"] for row in rows[: len(expected)]] == expected
        assert answer.headers["x-deskfleet-rows"] == str(len(rows))
        *rows, about = [json.loads(line) for line in export(client, path, "jsonl").text.splitlines()]
        assert [row["id"] for row in rows[: len(expected)]] == expected
        assert about["about"]["rows"] == len(rows)
        book = openpyxl.load_workbook(io.BytesIO(export(client, path, "xlsx").content))
        sheet, about_sheet = book.worksheets
        ids = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
        assert ids[: len(expected)] == expected
        assert (about_sheet["A1"].value, about_sheet["B1"].value) == ("rows", len(ids))
