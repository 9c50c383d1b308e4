"""All tables: those that are compared, and those that hold nothing of AWS, each with the reason.

A table of the database that is in neither list fails the proof.
"""

from __future__ import annotations

from compare import Table
from tables import inventory, pools, runs, spans, surroundings, usage

COMPARED: tuple[Table, ...] = (
    *surroundings.TABLES,
    *inventory.TABLES,
    *spans.TABLES,
    *pools.TABLES,
    *usage.TABLES,
    *runs.TABLES,
)

NOT_FROM_AWS: dict[str, str] = {
    "_sqlx_migrations": "which migrations were applied",
    "access_log": "who read or changed what through the API",
    "audit_chain": "the ends of the audit chains; store/tests/audit holds their laws",
    "audit_checkpoint": "what was signed about them",
    "audit_event": "what was done, sealed: its proof is the chain, and source AuditTrail's own tests",
    "audit_left_out": "how many events of our own reading were not kept",
    "audit_loss": "time that CloudTrail had forgotten; source AuditTrail's own tests",
    "audit_operation": "operations that no list names; source AuditTrail's own tests",
    "audit_reading": "how far the trail was read; source AuditTrail's own tests",
    "aws_pace": "the state of the limiter; its law is held by sync/tests/run/pace.rs",
    "person": "people who may sign in",
    "role_grant": "what they may do",
    "session": "their sessions",
    "setting": "what they chose",
    "sign_in_attempt": "guesses at passwords",
    "subject_key": "keys of the people in the audit trail",
}


def unknown(tables: list[str]) -> list[str]:
    """Tables of the database that nobody compares."""
    known = {table.name for table in COMPARED} | set(NOT_FROM_AWS)
    return [table for table in tables if table not in known]


def missing(tables: list[str]) -> list[str]:
    """Tables of the lists that the database does not have."""
    return sorted(({table.name for table in COMPARED} | set(NOT_FROM_AWS)) - set(tables))
