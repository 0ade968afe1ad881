"""The stories of tickets for trying promises on history (SLA-07): facts and events, read in pieces."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from core.models import Entry
from sla.replay import GRADED, WAITS, Case, Event
from tickets import timers
from tickets.models import Ticket

AT_ONCE = 500
PARTS = ("equipment__model__product_line", "equipment__contract", "customer", "region", "province", "fault_type")


def cases(start: datetime, end: datetime, at_most: int) -> tuple[int, Iterator[Case]]:
    """How many tickets were reported in a stretch of time, and their stories; beyond `at_most` evenly drawn ones."""
    rows = Ticket.objects.filter(reported_at__gte=start, reported_at__lt=end).exclude(state="merged")
    count = rows.count()
    if count > at_most:
        rows = rows.annotate(share=F("pk") % math.ceil(count / at_most)).filter(share=0)
    return count, _read(rows.defer("search").select_related(*PARTS).order_by("pk"))


def _read(rows: QuerySet[Ticket]) -> Iterator[Case]:
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = piece[-1].pk
        entries = _entries(piece)
        for ticket in piece:
            yield _case(ticket, entries[f"ticket:{ticket.pk}"])


def _entries(piece: list[Ticket]) -> dict[str, list[Any]]:
    wanted = {f"ticket:{ticket.pk}" for ticket in piece}
    found: dict[str, list[Any]] = defaultdict(list)
    rows = Entry.objects.filter(about__overlap=sorted(wanted)).exclude(kind__startswith="timer.").order_by("at", "id")
    for kind, about, at, data in rows.values_list("kind", "about", "at", "data"):
        name = next((one for one in about if one in wanted), None)
        if name is not None:
            found[name].append((kind, at, data))
    return found


def _case(ticket: Ticket, entries: list[Any]) -> Case:
    facts = timers.facts_of(ticket).selecting()
    events = [_event(kind, at, data) for kind, at, data in entries]
    opened = next((data for kind, _at, data in entries if kind == "ticket.opened"), None)
    if opened is not None:
        facts["grade"] = opened.get("grade", ticket.grade)
    else:
        events += _imported(ticket)
    return Case(f"ticket:{ticket.pk}", facts, sorted(events, key=lambda event: event.at))


def _event(kind: str, at: datetime, data: dict[str, Any]) -> Event:
    grade = str(data.get("grade") or "")
    changed = {"grade": int(grade)} if kind == GRADED and grade.isdecimal() else {}
    return Event(kind, at, str(data.get("waiting_for") or "") if kind == WAITS else "", changed)


def _imported(ticket: Ticket) -> list[Event]:
    """A past repair from a sheet is known by its first and last moment only."""
    ends = [
        ("ticket.opened", ticket.reported_at),
        ("ticket.solved", ticket.solved_at),
        ("ticket.closed", ticket.closed_at),
    ]
    return [Event(kind, at) for kind, at in ends if at is not None]
