"""That no secret of AWS's answers is in any row: registration codes, and the RADIUS secret."""

from __future__ import annotations

import json
import re

from history import History
from postgres import Database

_CANARY = "canary-radius-secret"


def leaked(database: Database, history: History) -> list[str]:
    """Tables that hold one, in words."""
    secrets = {_CANARY}
    for site in history.sites:
        for _, reading, _ in history.readings(site, "Directories"):
            secrets |= {one["RegistrationCode"] for one in reading.directories}
    # As they stand in JSON, so that no row need be read into values.
    forms = re.compile("|".join(re.escape(json.dumps(one)[1:-1]) for one in sorted(secrets)))
    return [
        f"{table} holds a secret of a directory"
        for table in database.tables()
        if any(map(forms.search, database.texts(f'select * from "{table}"')))
    ]
