"""Days of warranty: months after a day, unions of days out of service. No Django."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both counted."""

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day where there is none.

    The day of the event is not counted, so a term of 12 months from 2024-02-29 has its last day on 2025-02-28.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def union(ranges: Iterable[Days]) -> list[Days]:
    """Ranges in order, overlapping and touching ones as one."""
    merged: list[Days] = []
    for first, last in sorted(ranges):
        if last < first:
            continue
        if merged and first <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def days_within(ranges: Iterable[Days], first: date, last: date) -> int:
    """How many days of the ranges lie between two days, each day once."""
    cut = ((max(a, first), min(b, last)) for a, b in ranges)
    return sum((b - a).days + 1 for a, b in union(cut))


def lengthened(first: date, last: date, ranges: Iterable[Days]) -> date:
    """The last day of a term when days out of service are added, those of the added days included."""
    ranges = list(ranges)
    end = last
    while True:
        longer = last + timedelta(days=days_within(ranges, first, end))
        if longer == end:
            return end
        end = longer
