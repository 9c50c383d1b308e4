"""Tables of sources that the story does not read: they must hold nothing.

The audit trail's laws are held by `store/tests/audit`, logins and exports of costs by the
tests of their sources.
Whoever brings such a source into the story moves its tables to a module that works out their rows.
"""

from __future__ import annotations

from compare import Expected, Table
from history import History


def nothing(_history: History) -> Expected:
    """No row."""
    return {}


TABLES = (
    Table("access_event", ("account_id", "event_id"), nothing, spoil=""),
    Table("access_event_rejected", ("account_id", "region", "message_id"), nothing, spoil=""),
    Table("cost_export", ("account_id",), nothing, spoil=""),
    Table("cost_export_item", ("account_id",), nothing, spoil=""),
    Table("cost_export_day", ("account_id",), nothing, spoil=""),
    Table("cost_export_version", ("account_id",), nothing, spoil=""),
    Table("cost_export_stage", ("account_id",), nothing, spoil=""),
    Table("audit_event", ("account_id", "sequence"), nothing, spoil=""),
    Table("audit_chain", ("account_id",), nothing, spoil=""),
    Table("audit_checkpoint", ("account_id", "sequence"), nothing, spoil=""),
    Table("audit_loss", ("account_id",), nothing, spoil=""),
    Table("audit_operation", ("account_id",), nothing, spoil=""),
    Table("audit_reading", ("account_id",), nothing, spoil=""),
    Table("audit_left_out", ("account_id", "day"), nothing, spoil=""),
    Table("subject_key", ("subject_id",), nothing, spoil=""),
)
