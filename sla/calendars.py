"""A clock's year as a calendar: which days are open, which differ, whether the year is provisional."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from notices import actions as notices
from sla.definitions import working_clock
from sla.models import Clock
from sla.policy_fields import ranges_text
from sla.querysets import newest
from sla.working_time import Clock as WorkingClock
from staff.models import User
from staff.roles import Role


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


def tell_missing(now: datetime) -> int:
    """Tell the service heads of missing years, once a month for each clock and year; returns how many are missing."""
    today, missing = timezone.localdate(now), 0
    heads = list(User.objects.filter(is_active=True, roles__contains=[Role.HEAD]).order_by("pk"))
    for clock in newest(Clock.objects.all()).order_by("code"):
        for number in missing_years(clock, today):
            missing += 1
            context = {"number": clock.code, "title": clock, "due": str(number), "url": _page(clock)}
            for head in heads:
                dedupe = f"{number}:{today:%Y-%m}"
                notices.tell("clock.year_missing", to=head, about=clock, context=context, at=now, dedupe=dedupe)
    return missing


def _page(clock: Clock) -> str:
    return reverse("sla:clock", args=[clock.code])
