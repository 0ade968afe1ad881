"""Stretches of time: a day cut where its zone changes the clock, pauses joined, a stretch without pauses. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)

Interval = tuple[datetime, datetime]
Pause = tuple[datetime, datetime | None]


def utc_day(at: datetime) -> datetime:
    """The UTC midnight before a moment."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or NOTHING


def pieces(name: str, day: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    """A UTC day cut where the zone's offset changes."""
    zone, end = ZoneInfo(name), day + ONE_DAY
    before, after = _offset(zone, day), _offset(zone, end - timedelta(seconds=1))
    if before == after:
        return [(day, end, before)]
    low, high = day, end - timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return [(day, high, before), (high, end, after)]


def union(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, joined where they touch; an open one swallows all after it."""
    found: list[Pause] = []
    rows = [(a.astimezone(UTC), b.astimezone(UTC) if b else None) for a, b in pauses]
    for a, b in sorted((row for row in rows if row[1] is None or row[1] > row[0]), key=lambda row: row[0]):
        last = found[-1] if found else None
        if last is not None and (last[1] is None or a <= last[1]):
            end = None if last[1] is None or b is None else max(b, last[1])
            found[-1] = (last[0], end)
        else:
            found.append((a, b))
    return found


def without(a: datetime, b: datetime, held: list[Pause]) -> Iterator[Interval]:
    """What is left of a stretch between joined pauses."""
    for start, end in held:
        if end is not None and end <= a:
            continue
        if start >= b:
            break
        if start > a:
            yield a, start
        if end is None or end >= b:
            return
        a = end
    if a < b:
        yield a, b
