"""What the sources add that no default schedule reads: logins, snapshots, users, the bill's export.

In: a database with desktops, and their lives. Out: megabytes by source, for these desktops.
"""

from __future__ import annotations

import json
import pathlib

import psycopg

from store_year.lives import ACCOUNT, DAY, REGION, Life, instant
from store_year.sizes import autovacuum, sizes

STORE = pathlib.Path(__file__).parents[2] / "store/src"
_TABLES = {
    "AccessEvents": ("access_event",),
    "Snapshots": ("snapshot", "snapshot_reading"),
    "Leavers": ("directory_user",),
    "CostExport": ("cost_export_item", "cost_export_day"),
}
_DAILY = ("access_event", "cost_export_day")


def megabytes(connection: psycopg.Connection, lives: list[Life], times: float) -> dict[str, float]:
    """A year of each source; `times` is how many of the lives make one."""
    before = sizes(connection)
    _logins(connection, lives)
    _snapshots(connection)
    _users(connection)
    _bill(connection, lives)
    autovacuum(connection)
    after = sizes(connection)
    grown = {one: (after[one] - before[one]) / 1e6 * (times if one in _DAILY else 1) for one in after}
    return {source: sum(grown[one] for one in tables) for source, tables in _TABLES.items()}


def _logins(connection: psycopg.Connection, lives: list[Life]) -> None:
    """A login for each session, day by day, as the queue has them."""
    by_day: dict[int, list[dict[str, str]]] = {}
    for life in lives:
        for start, _ in life.sessions:
            number = life.number * 7919 + start
            by_day.setdefault(start // DAY, []).append(
                {
                    "region": REGION,
                    "workspace_id": life.id,
                    "directory_id": life.desktop["directoryId"],
                    "event_id": f"{number % 2**32:08x}-{number % 9973:04x}-4a5b-8c9d-{number * 31 % 2**48:012x}",
                    "action": "successfulLogin",
                    "client_ip": f"203.0.113.{life.number % 254}",
                    "client_platform": "Windows",
                    "client_product": "WorkSpaces Desktop client",
                    "client_version": "5.21.0.4856",
                    "login_at": instant(start),
                }
            )
    statement = (STORE / "access_events/insert.sql").read_text()
    cursor = psycopg.RawCursor(connection)
    for day in sorted(by_day):
        cursor.execute(statement, (ACCOUNT, json.dumps(by_day[day])))


def _snapshots(connection: psycopg.Connection) -> None:
    """Two a desktop, which is what AWS has; later ones take their place."""
    connection.execute(
        "insert into snapshot select workspace_no, now() - number * interval '12 hours', true, number = 1"
        " from workspace, generate_series(1, 2) number where gone_at is null"
    )
    connection.execute("insert into snapshot_reading select workspace_no, now() from workspace where gone_at is null")


def _users(connection: psycopg.Connection) -> None:
    """One a desktop."""
    connection.execute(
        "insert into directory_user select account_id, region, directory_id, lower(user_name), true, now(), now(), now()"
        " from workspace where gone_at is null and user_name is not null and directory_id is not null on conflict do nothing"
    )


def _bill(connection: psycopg.Connection, lives: list[Life]) -> None:
    """The lines of desktops, an item for each ARN and usage type."""
    lines = [
        (
            day,
            line["resource"],
            line["usageType"],
            line["unit"],
            line["quantity"],
            line["unblended"],
            line["netUnblended"],
        )
        for life in lives
        for day, charged in life.charges.items()
        for line in charged
    ]
    connection.execute(
        "create temporary table line (day integer, resource text, usage_type text, unit text, quantity numeric,"
        " unblended numeric, net numeric)"
    )
    with connection.cursor() as cursor, cursor.copy("copy line from stdin") as copy:
        for line in lines:
            copy.write_row(line)
    connection.execute(
        "insert into cost_export_item (account_id, usage_account_id, region, product_code, resource_id, workspace_id,"
        " usage_type, line_item_type, unit, currency, tags, digest)"
        f" select '{ACCOUNT}', '{ACCOUNT}', '{REGION}', 'AmazonWorkSpaces', resource, right(resource, 12), usage_type,"
        " 'Usage', unit, 'USD', '{\"user_CostCentre\": \"cc-118\"}', md5(resource || usage_type)::uuid"
        " from (select distinct resource, usage_type, unit from line) one"
    )
    connection.execute(
        "insert into cost_export_day select account_id, date_trunc('month', date '1970-01-01' + day), item_no,"
        " date '1970-01-01' + day, sum(quantity), sum(unblended), sum(net)"
        " from line join cost_export_item on (resource_id, cost_export_item.usage_type) = (resource, line.usage_type)"
        " group by account_id, item_no, day order by day, item_no"
    )
