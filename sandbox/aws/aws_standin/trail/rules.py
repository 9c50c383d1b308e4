"""What a test may change about the trail: the body of `POST /_standin/trail`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aws_standin.fleet.spec import Document


class TrailRules(Document):
    """How busy, how late and how hostile the trail is; the defaults are like AWS."""

    activity: float = Field(default=1, ge=0, le=100)
    """Factor on the number of routine events; 0 leaves those that explain the fleet's truth."""
    delay_seconds: int = Field(default=300, ge=0, le=86_400)
    """How long after a call its event can be seen, on the fleet's clock; within a third more."""
    late_share: float = Field(default=0.01, ge=0, le=1)
    late_minutes: int = Field(default=20, ge=0, le=100_000)
    """A share of the events comes up to this much later still."""
    unknown_share: float = Field(default=0.003, ge=0, le=1)
    """Share of routine events with an operation that is in no list."""
    hostile_share: float = Field(default=0.002, ge=0, le=1)
    """Share of routine events with a body that is hard to take, but valid."""
    malformed_share: float = Field(default=0, ge=0, le=1)
    """Share of all drawn events whose record is no JSON."""
    tokens: Literal["good", "repeated", "endless"] = "good"
    """`repeated`: the next token is the one that was sent. `endless`: there is always a new one."""
    own_reads: bool = True
    """Whether the reads that the stand-in answered are on the trail, as they are in AWS."""
