"""Timers that begin: with an event, anew after an end, or late because a promise came to hold."""

from datetime import datetime
from typing import Any

from django.db import models

from core import history
from core.models import Entry
from core.refs import ref
from sla import reckoning
from sla.actions import judging
from sla.definitions import Definitions
from sla.facts import Facts
from sla.matching import Match
from sla.models import PromiseLine, Timer


def begin(
    subject: models.Model,
    timers: list[Timer],
    wanted: dict[tuple[str, str], Match],
    kind: str,
    known: Definitions,
    facts: Facts,
    at: datetime,
    by: Any,
    agreed_at: datetime | None,
) -> list[Timer]:
    """Timers that begin with this event: none where one of the same target runs, the next cycle where it ended."""
    cycles: dict[tuple[str, str], int] = {}
    running = set()
    for timer in timers:
        key = (timer.target, timer.leg)
        cycles[key] = max(cycles.get(key, 0), timer.cycle)
        if timer.is_open:
            running.add(key)
    rows = []
    for key, match in wanted.items():
        line = match.line.record
        first = key not in cycles
        if key in running or (first and kind not in line.start_kinds):
            continue
        rows.append(_row(subject, match, known, facts, kind, at, by, cycles.get(key, 0) + 1))
        if agreed_at is not None and agreed_at > at:
            _agree(rows[-1], agreed_at)
    return Timer.objects.bulk_create(rows) if rows else []


def _agree(timer: Timer, moment: datetime) -> None:
    timer.agreed_at = moment
    reckoning.settle(timer, [])
    timer.next_at = judging.next_look(timer)


def _row(
    subject: models.Model,
    match: Match,
    known: Definitions,
    facts: Facts,
    kind: str,
    at: datetime,
    by: Any,
    cycle: int,
) -> Timer:
    line: PromiseLine = match.line.record
    found = reckoning.begin(line, known.clock(line.clock, facts.region), at, facts.is_remote)
    assert found.due is not None
    timer = Timer(
        subject=ref(subject),
        about=facts.about,
        kind=facts.kind,
        line=line,
        target=line.target,
        leg=line.leg,
        cycle=cycle,
        facts=facts.selecting(),
        reasons=list(match.reasons),
        clock_version=known.clock_version(line.clock),
        start_kind=kind,
        started_at=at,
        started_by=person(by),
        due_at=found.due,
        warn_at=reckoning.warn_at(line, found),
        span_seconds=int(found.span.total_seconds()),
        allowance_seconds=int(reckoning.allowance_of(line, facts.is_remote).total_seconds()),
    )
    place(timer, facts)
    timer.next_at = judging.next_look(timer)
    return timer


def place(timer: Timer, facts: Facts) -> None:
    """Put grade, region and people of the facts on a timer."""
    timer.grade, timer.region = facts.grade, facts.region
    timer.engineer_id, timer.owner_id = facts.people.get("engineer"), facts.people.get("owner")


def begin_late(
    subject: models.Model,
    missing: dict[tuple[str, str], Match],
    timers: list[Timer],
    known: Definitions,
    facts: Facts,
    at: datetime,
) -> list[Timer]:
    """Promises that newly hold and whose event has happened already, counted from that event."""
    if not missing:
        return []
    kinds = {k for m in missing.values() for k in (*m.line.record.start_kinds, *m.line.record.stop_kinds)}
    past: dict[str, Entry] = {}
    for entry in history.about(subject).filter(kind__in=kinds, at__lte=at).order_by("at", "id"):
        past[entry.kind] = entry
    rows = []
    for key, match in missing.items():
        line = match.line.record
        cycle = 1 + sum(1 for timer in timers if (timer.target, timer.leg) == key)
        starts = [past[kind] for kind in line.start_kinds if kind in past]
        stops = [past[kind].at for kind in line.stop_kinds if kind in past]
        if starts:
            first = max(starts, key=lambda entry: entry.at)
            if not any(stop >= first.at for stop in stops):
                rows.append(_row(subject, match, known, facts, first.kind, first.at, first.by, cycle))
    return Timer.objects.bulk_create(rows) if rows else []


def person(by: Any) -> Any:
    """The user, or None for the system."""
    return by if getattr(by, "pk", None) else None
