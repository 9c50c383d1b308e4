"""How AWS's values must stand in a table: words, texts, instants.

Worked out from the documentation of the tables and AWS's models, not from any code of deskfleet.
"""

from __future__ import annotations

import re
from typing import Any

from expectation import At

_SHOUTED = re.compile(r"[A-Z0-9_]+")
_DIRECTORY_SERVICE = {
    "ADConnector": "ad_connector",
    "MicrosoftAD": "microsoft_ad",
    "SharedMicrosoftAD": "shared_microsoft_ad",
    "SimpleAD": "simple_ad",
    "Active": "active",
    "Small": "small",
    "Large": "large",
    "Standard": "standard",
    "Enterprise": "enterprise",
}
"""Directory Service's own spelling."""


def word(text: str | None) -> str | None:
    """A word of an enumeration, known or not: in lower case, or as it is behind a mark."""
    if text is None:
        return None
    return text.lower() if _SHOUTED.fullmatch(text) else f"={text}"


def service_word(text: str | None) -> str | None:
    """A word of Directory Service."""
    return None if text is None else _DIRECTORY_SERVICE[text]


def camel(text: str | None) -> str | None:
    """A word in Directory Service's other spelling: `VerifyFailed` is `verify_failed`."""
    return None if text is None else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()


def text(value: str | None) -> str | None:
    """Free text; an empty one is none."""
    return value or None


def moment(value: Any) -> At | None:
    """An instant of AWS's, in UTC seconds."""
    return None if value is None else At(float(value))
