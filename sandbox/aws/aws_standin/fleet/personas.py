"""The personas: which kinds of people (and rooms) use desktops, and when.

A persona is data only: its share of the fleet, its working window in local time, how often it
comes, how many sessions it has, how much of the window they fill, and which desktops it gets.
`sessions` turns a persona into sessions. The table below is ground truth that engines are tested
against: change a row only together with the README's description, as a deliberate decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HOUR = 3600
MAX_WINDOW = 22 * HOUR
"""No window is longer: two windows of one desktop then never overlap, clock changes included."""

Tenure = Literal["stays", "leaves", "never"]
RunningMode = Literal["AUTO_STOP", "ALWAYS_ON", "MANUAL"]

_MON_FRI = frozenset(range(5))
_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of user. Hours are local wall-clock hours; the window may end past 24 (next day)."""

    name: str
    share: float
    """Weight among all personas; the weights add up to 100."""
    opens: float
    closes: float
    weekdays: frozenset[int] = _MON_FRI
    """Monday is 0."""
    attendance: float = 0.96
    """Probability of coming on a weekday that is a working day."""
    days_a_week: tuple[int, int] | None = None
    """If set, each desktop keeps this many of the weekdays, the same ones every week."""
    sessions: tuple[int, int] = (1, 3)
    """Fewest and most sessions of a day."""
    presence: tuple[float, float] = (0.55, 0.85)
    """Share of the window that is spent connected, low to high."""
    leave: float = 0.09
    """Share of calendar weeks spent on leave."""
    season: tuple[int, int] | None = None
    """Weeks present, then weeks absent, repeated (projects)."""
    rota: tuple[int, int] | None = None
    """Days on, then days off, repeated, whatever the weekday (shifts)."""
    tenure: Tenure = "stays"
    running_modes: tuple[tuple[RunningMode, float], ...] = (("AUTO_STOP", 78), ("ALWAYS_ON", 22))
    compute: tuple[tuple[str, float], ...] = (
        ("VALUE", 12), ("STANDARD", 48), ("PERFORMANCE", 28), ("POWER", 10), ("POWERPRO", 2),
    )  # fmt: skip

    def window(self) -> tuple[int, int]:
        """Opening and closing in whole seconds after local midnight."""
        return int(self.opens * HOUR), int(self.closes * HOUR)


PERSONAS: tuple[Persona, ...] = (
    Persona("steady", 34, opens=7.5, closes=19),
    Persona("part_time", 11, opens=8, closes=17.5, days_a_week=(2, 3), sessions=(1, 2)),
    Persona("leaver", 8, opens=8, closes=18.5, tenure="leaves"),
    Persona("never_connected", 6, opens=9, closes=17, tenure="never"),
    Persona(
        "sleeping_laptop", 7, opens=8.25, closes=8.25 + 22, sessions=(1, 1), presence=(0.7, 0.99),
        leave=0.07,
    ),
    Persona(
        "gpu_designer", 5, opens=9, closes=22, weekdays=frozenset(range(6)), attendance=0.88,
        sessions=(1, 4), presence=(0.6, 0.95),
        running_modes=(("AUTO_STOP", 55), ("ALWAYS_ON", 45)),
        compute=(
            ("GRAPHICS_G4DN", 60), ("GRAPHICSPRO_G4DN", 10), ("GRAPHICS_G6_XLARGE", 20),
            ("GRAPHICS_G6_4XLARGE", 10),
        ),
    ),
    Persona("contractor", 9, opens=8.5, closes=19.5, season=(6, 5), attendance=0.98, leave=0.02),
    Persona(
        "night_shift", 5, opens=21.5, closes=30.5, weekdays=_EVERY_DAY, rota=(4, 3),
        attendance=0.97, presence=(0.7, 0.95),
    ),
    Persona(
        "shared_kiosk", 4, opens=6, closes=22, weekdays=_EVERY_DAY, attendance=1.0,
        sessions=(6, 14), presence=(0.25, 0.6), leave=0,
        running_modes=(("ALWAYS_ON", 90), ("AUTO_STOP", 10)),
        compute=(("VALUE", 70), ("STANDARD", 30)),
    ),
    Persona(
        "traveller", 5, opens=5, closes=23, weekdays=_EVERY_DAY, attendance=0.45, sessions=(1, 4),
        presence=(0.05, 0.25),
    ),
    Persona("occasional", 4, opens=9, closes=17, attendance=0.06, sessions=(1, 1),
            presence=(0.05, 0.3), leave=0),
    Persona(
        "developer", 2, opens=9, closes=21, sessions=(1, 5), presence=(0.5, 0.9),
        running_modes=(("MANUAL", 60), ("ALWAYS_ON", 40)),
        compute=(("GENERALPURPOSE_4XLARGE", 70), ("GENERALPURPOSE_8XLARGE", 30)),
    ),
)  # fmt: skip

BY_NAME: dict[str, Persona] = {persona.name: persona for persona in PERSONAS}
SHARES: tuple[tuple[Persona, float], ...] = tuple((p, p.share) for p in PERSONAS)
