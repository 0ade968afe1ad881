"""Whether a reading of running hours can be true (CUS-10). No Django here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ROUNDING = Decimal("1")


@dataclass(frozen=True)
class Point:
    """Hours that were read at a moment."""

    at: datetime
    hours: Decimal


def doubt(reading: Point, believed: Iterable[Point]) -> str:
    """Why a reading cannot be true beside the believed ones, as a code; empty when it can.

    `backwards`: a meter never runs back. `too_fast`: never more than 24 hours a day (one hour for rounding).
    """
    for other in sorted(believed, key=lambda point: abs(point.at - reading.at)):
        earlier, later = sorted((reading, other), key=lambda point: (point.at, point.hours))
        if later.hours < earlier.hours:
            return "backwards"
        elapsed = Decimal((later.at - earlier.at).total_seconds()) / 3600
        if later.hours - earlier.hours > elapsed + ROUNDING:
            return "too_fast"
    return ""
