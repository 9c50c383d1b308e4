"""Reads the tables of a folder with other people's readers and prints what they found.

In: a folder with `table.csv`, `table.xlsx` and `table.jsonl`. Out: one JSON object with the
rows of each, for a workbook as pairs of a cell's type and value, and with whatever the
reader takes for a formula. Deliberately absent: any knowledge of what should be there.
"""

import csv
import datetime
import json
import pathlib
import sys

import openpyxl
from openpyxl.utils.escape import unescape


def plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    # openpyxl leaves the escapes of control characters (ECMA-376, ST_Xstring) to its callers.
    return unescape(value) if isinstance(value, str) else value


def workbook(path: pathlib.Path) -> dict[str, object]:
    book = openpyxl.load_workbook(path)
    return {
        "sheets": {
            sheet.title: [[[cell.data_type, plain(cell.value)] for cell in row] for row in sheet.iter_rows()] for sheet in book
        },
        "frozen": book.worksheets[0].freeze_panes,
        "filter": book.worksheets[0].auto_filter.ref,
    }


def main(folder: pathlib.Path) -> None:
    with (folder / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    lines = [json.loads(line) for line in (folder / "table.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    json.dump({"csv": rows, "xlsx": workbook(folder / "table.xlsx"), "jsonl": lines}, sys.stdout)


main(pathlib.Path(sys.argv[1]))
