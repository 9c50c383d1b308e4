"""All tables: those that are compared, and those that hold nothing of AWS, each with the reason.

A table of the database that is in neither list fails the proof.
"""

from __future__ import annotations

from compare import Table
from tables import (
    beside,
    calls,
    directory_details,
    exports,
    health,
    inventory,
    logins,
    money,
    pools,
    runs,
    spans,
    surroundings,
    trail,
    usage,
)

COMPARED: tuple[Table, ...] = (
    *surroundings.TABLES,
    *inventory.TABLES,
    *spans.TABLES,
    *pools.TABLES,
    *directory_details.TABLES,
    *beside.TABLES,
    *money.TABLES,
    *logins.TABLES,
    *exports.TABLES,
    *trail.TABLES,
    *usage.TABLES,
    *health.TABLES,
    *runs.TABLES,
    *calls.TABLES,
)

NOT_FROM_AWS: dict[str, str] = {
    "_sqlx_migrations": "which migrations were applied",
    "access_log": "who read or changed what through the API",
    "account_retention": "for how long people want to keep what",
    "audit_checkpoint": "signatures of a Job; store/tests/audit/checkpoints.rs holds them",
    "aws_pace": "the state of the limiter; its law is held by sync/tests/run/pace.rs",
    "person": "people who may sign in",
    "role_grant": "what they may do",
    "session": "their sessions",
    "setting": "what they chose",
    "sign_in_attempt": "guesses at passwords",
}


def unknown(tables: list[str]) -> list[str]:
    """Tables of the database that nobody compares."""
    known = {table.name for table in COMPARED} | set(NOT_FROM_AWS)
    return [table for table in tables if table not in known]


def missing(tables: list[str]) -> list[str]:
    """Tables of the lists that the database does not have."""
    return sorted(({table.name for table in COMPARED} | set(NOT_FROM_AWS)) - set(tables))
