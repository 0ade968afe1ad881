"""Questions of other apps about deadlines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from core.refs import ref, refs
from sla import definitions, reckoning, wording
from sla.facts import Facts
from sla.matching import Match
from sla.models import Timer


@dataclass(frozen=True)
class Foreseen:
    """A deadline as it would be: for the desk, the settings pages and the API."""

    target: str
    label: str
    promise: str
    promise_name: str
    why: str
    due_at: datetime
    span: str
    clock: str
    starts_with: list[str]
    provisional_years: list[int]
    sentence: str


def timers_of(subject: models.Model | str) -> list[Timer]:
    """All timers of a subject in the order they began, with promise and pauses."""
    rows = Timer.objects.filter(subject=ref(subject)).select_related("line__promise", "engineer")
    return list(rows.prefetch_related("pauses").order_by("started_at", "id"))


BRIEF = (
    *("subject", "kind", "line_id", "target", "leg", "cycle", "state", "started_at", "due_at", "warn_at", "ended_at"),
    *("end_kind", "held_reason_code", "left_seconds", "span_seconds", "clock_version", "region", "agreed_at"),
    *("engineer_id", "owner_id", "broken_at", "acknowledged_at"),
)
"""What chips and lists show of a timer."""


def timers_for(subjects: Iterable[models.Model | str], *, open_only: bool = True) -> dict[str, list[Timer]]:
    """Timers of many subjects by reference, next deadline first; one query, the lines come from the copy at hand."""
    rows = Timer.objects.filter(subject__in=refs(subjects)).only(*BRIEF)
    if open_only:
        rows = rows.open()
    known = definitions.at_hand()
    found: dict[str, list[Timer]] = defaultdict(list)
    for timer in rows.order_by("due_at", "id"):
        timer.line = known.line(timer.line_id)
        found[timer.subject].append(timer)
    return dict(found)


def next_due(subject: models.Model | str) -> datetime | None:
    """The nearest open deadline of a subject; clocks that stand still come last and do not count."""
    rows = Timer.objects.filter(subject=ref(subject)).open().exclude(state=Timer.State.HELD)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def open_until(subject: models.Model | str, target: str) -> datetime | None:
    """The nearest deadline of one target that can still be kept."""
    rows = Timer.objects.filter(subject=ref(subject), target=target, state__in=["running", "held"])
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def nearest(timers: Iterable[Timer]) -> datetime | None:
    """As `next_due`, of timers at hand such as `follow` returns."""
    return min((t.due_at for t in timers if t.is_open and t.state != Timer.State.HELD), default=None)


def preview(facts: Facts, at: datetime, start_kind: str = "") -> list[Foreseen]:
    """What would be promised if everything began at a moment: each target with promise, reason and deadline.

    For a ticket also what its dispatch orders would be promised.
    """
    known = definitions.current()
    kinds = ("ticket", "order") if facts.kind == "ticket" else (facts.kind,)
    found = []
    matches: dict[tuple[str, str], Match] = {}
    for kind in kinds:
        for match in known.match(facts.with_(kind=kind), at):
            matches.setdefault(match.key, match)
    for match in matches.values():
        line = match.line.record
        if start_kind and start_kind not in line.start_kinds:
            continue
        clock = known.clock(line.clock, facts.region)
        due = reckoning.begin(line, clock, at, facts.is_remote).due
        assert due is not None
        found.append(
            Foreseen(
                target=line.target,
                label=line.label,
                promise=match.promise.code,
                promise_name=str(match.promise.record),
                why=wording.why(match.reasons, facts.selecting(), match.promise.record, match.beaten),
                due_at=due,
                span=wording.span(line.span, line.remote_minutes if facts.is_remote else 0),
                clock=str(known.clocks[line.clock][-1]),
                starts_with=list(line.start_kinds),
                provisional_years=clock.provisional_years(at, due),
                sentence=wording.aloud(line, due, at, facts),
            )
        )
    return sorted(found, key=lambda row: row.due_at)


def worst_first(timers: Iterable[Timer]) -> list[Timer]:
    """For a row of chips: what is open by deadline, then what is settled, newest first."""
    rows = list(timers)
    live = sorted((t for t in rows if t.is_open), key=lambda t: t.due_at)
    return live + sorted((t for t in rows if not t.is_open), key=lambda t: t.ended_at or t.due_at, reverse=True)
