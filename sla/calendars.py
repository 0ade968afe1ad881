"""A clock's year as a calendar: which days are open, which differ, whether the year is provisional."""

import calendar
from dataclasses import dataclass
from datetime import date

from sla.definitions import working_clock
from sla.models import Clock
from sla.policy_forms import ranges_text
from sla.working_time import Clock as WorkingClock


@dataclass(frozen=True)
class Day:
    """One day of the calendar; kind is open, closed, holiday or extra."""

    on: date
    kind: str
    hours: str


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday; None fills the edges."""

    first: date
    weeks: list[list[Day | None]]


def year(versions: list[Clock], number: int, region: str = "") -> list[Month]:
    """The twelve months of a year on a clock."""
    clock = working_clock(versions, region)
    months = []
    for month in range(1, 13):
        weeks = [
            [_day(versions, clock, on, region) if on.month == month else None for on in week]
            for week in calendar.Calendar().monthdatescalendar(number, month)
        ]
        months.append(Month(date(number, month, 1), weeks))
    return months


def _day(versions: list[Clock], clock: WorkingClock, on: date, region: str) -> Day:
    ranges = clock.ranges(on)
    hours = ranges_text([[_clock(a), _clock(b)] for a, b in ranges])
    row = next((one for one in reversed(versions) if one.valid_from <= on), versions[0])
    differs = on.isoformat() in row.days or on.isoformat() in row.region_days.get(region, {})
    if not differs:
        return Day(on, "open" if ranges else "closed", hours)
    return Day(on, "extra" if ranges else "holiday", hours)


def _clock(minute: int) -> str:
    minute = minute - 1440 if minute > 1440 else minute
    return f"{minute // 60:02d}:{minute % 60:02d}"


def missing_years(clock: Clock, today: date) -> list[int]:
    """This year, and from October on the next, when a clock that follows holidays does not know them."""
    if not clock.follows_holidays:
        return []
    wanted = [today.year, *([today.year + 1] if today.month >= 10 else [])]
    return [one for one in wanted if one not in clock.published_years]
