"""When a call-back is due, which turns of a calendar have come, and who is drawn for a sample. No Django."""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LAST_MINUTE = time(23, 59)


def due(since: datetime, delay: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    """The moment a call is due: so many `minutes` or `hours` later, or so many local `days` later `by` a time.

    A day whose time has passed already when it all began lasts until its last minute.
    """
    if "days" not in delay:
        return since + timedelta(minutes=delay.get("minutes", 0), hours=delay.get("hours", 0))
    local = since.astimezone(zone)
    day = local.date() + timedelta(days=delay["days"])
    moment = datetime.combine(day, clock_time(delay.get("by", "18:00")), zone)
    return moment if moment > since else datetime.combine(day, LAST_MINUTE, zone)


def clock_time(text: str) -> time:
    """18:00 as a time. Raises ValueError."""
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))


def next_attempt(
    at: datetime, attempts: int, waits: Sequence[float], first: time, last: time, zone: ZoneInfo
) -> datetime:
    """When to try again after so many attempts in vain, within the hours in which one calls customers."""
    hours = waits[min(attempts, len(waits)) - 1] if waits else 2
    moment = (at + timedelta(hours=hours)).astimezone(zone)
    if moment.time() < first:
        return datetime.combine(moment.date(), first, zone)
    if moment.time() > last:
        return datetime.combine(moment.date() + timedelta(days=1), first, zone)
    return moment


def weekly_slots(weekdays: Sequence[int], after: date, until: date) -> Iterator[date]:
    """Days after one day and up to another that fall on the weekdays (Monday is 0)."""
    day = after + timedelta(days=1)
    while day <= until:
        if day.weekday() in weekdays:
            yield day
        day += timedelta(days=1)


def slot_before(weekdays: Sequence[int], slot: date) -> date:
    """The slot before a slot."""
    day = slot - timedelta(days=1)
    while day.weekday() not in weekdays:
        day -= timedelta(days=1)
    return day


def seed(code: str, slot: date) -> str:
    """The seed of a draw; the same rule and day give the same one."""
    return hashlib.sha256(f"{code}:{slot.isoformat()}".encode()).hexdigest()


def draw(population: Sequence[str], size: int, seed_text: str) -> list[str]:
    """So many of a population, the same for the same seed whatever order it came in."""
    ordered = sorted(population)
    return sorted(random.Random(seed_text).sample(ordered, min(size, len(ordered))))  # noqa: S311 - a sample, no secret
