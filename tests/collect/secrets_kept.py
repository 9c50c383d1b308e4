"""That no secret of AWS's answers is in any row: registration codes, and the RADIUS secret."""

from __future__ import annotations

import json

from history import History
from postgres import Database

_CANARY = "canary-radius-secret"


def leaked(database: Database, history: History) -> list[str]:
    """Tables that hold one, in words."""
    secrets = {_CANARY}
    for site in history.sites:
        for _, reading, _ in history.readings(site, "Directories"):
            secrets |= {one["RegistrationCode"] for one in reading.directories}
    found = []
    for table in database.tables():
        for row in database.rows(f'select * from "{table}"'):
            text = json.dumps(row, default=str)
            if any(secret in text for secret in secrets):
                found.append(f"{table} holds a secret of a directory")
                break
    return found
