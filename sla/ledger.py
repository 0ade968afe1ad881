"""The ledger: how a deadline came about, line by line, from the values that decided (SLA-06)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sla import reckoning, wording
from sla.models import Timer, TimerPause
from sla.working_time import NOTHING, Span


@dataclass(frozen=True)
class Row:
    """One line: what happened, its evidence, and what it did to the deadline."""

    at: datetime
    text: str
    change: timedelta | None
    due_at: datetime
    until: datetime | None = None
    evidence_label: str = ""
    evidence_url: str = ""
    by_label: str = ""


@dataclass(frozen=True)
class Part:
    """A stretch of the bar: used, held or left."""

    kind: str
    seconds: float
    label: str


@dataclass(frozen=True)
class Sum:
    """A figure under the bar."""

    kind: str
    span: timedelta
    label: str


@dataclass(frozen=True)
class Ledger:
    """What the ledger component shows; the changes of the rows add up to `total`, which is due less start."""

    title: str
    basis: str
    rows: list[Row]
    total: timedelta
    due_at: datetime
    parts: list[Part]
    sums: list[Sum]
    timer: Timer
    notes: list[str]


def of(timer: Timer, at: datetime) -> Ledger:
    """The ledger of a timer as seen at a moment."""
    pauses = list(timer.pauses.all())
    rows = _rows(timer, pauses)
    ends = timer.ended_at or at
    return Ledger(
        title=_("How the deadline came about: %(target)s") % {"target": timer.target_label},
        basis=basis(timer),
        rows=rows,
        total=timer.due_at - timer.started_at,
        due_at=timer.due_at,
        parts=_parts(timer, pauses, ends),
        sums=_sums(timer, pauses, ends),
        timer=timer,
        notes=_notes(timer),
    )


def basis(timer: Timer) -> str:
    """The promise, why it is this one, the span and the clock."""
    promise = timer.line.promise
    clock = wording.clock_name(timer.line.clock)
    return _("%(why)s. Line %(line)d: %(span)s on the clock “%(clock)s”.") % {
        "why": wording.why(timer.reasons, timer.facts, promise),
        "line": timer.line.position,
        "span": wording.span(timer.line.span),
        "clock": clock,
    }


def _rows(timer: Timer, pauses: list[TimerPause]) -> list[Row]:
    """Start, allowance, pauses; each change is measured by working the deadline out once more."""
    span = Span.parse(timer.line.span)
    clock = reckoning.account(timer, []).clock
    due = _due(clock.due(timer.started_at, span), timer)
    start = _("Starts: %(event)s") % {"event": wording.kind_label(timer.start_kind)}
    rows = [
        Row(timer.started_at, start, due - timer.started_at, due, by_label=_person(timer.started_by)),
    ]
    extra = timedelta(seconds=timer.allowance_seconds)
    if extra:
        later = _due(clock.due(timer.started_at, span, (), extra), timer)
        rows.append(Row(timer.started_at, _("More time for a remote place"), later - due, later, by_label=_("System")))
        due = later
    held: list[Any] = []
    for row in pauses:
        if row.resumed_at is not None:
            held.append((row.paused_at, row.resumed_at))
            later = _due(clock.due(timer.started_at, span, held, extra), timer)
        else:
            later = due
        rows.append(_pause_row(row, later - due, later))
        due = later
    rows += _changes(timer, due)
    return sorted(rows, key=lambda row: row.at)


def _due(found: Any, timer: Timer) -> datetime:
    return found.due or timer.due_at


def _pause_row(row: TimerPause, change: timedelta, due: datetime) -> Row:
    text = _("Clock stopped: %(reason)s") % {"reason": row.get_reason_display()}
    if row.why:
        text = _("%(text)s. %(why)s") % {"text": text, "why": row.why}
    return Row(
        row.paused_at,
        text,
        change,
        due,
        until=row.resumed_at,
        evidence_label=row.evidence,
        by_label=_person(row.paused_by),
    )


def _changes(timer: Timer, due: datetime) -> list[Row]:
    """What re-grading, a new clock and the like did; the rows above stand on start and line that hold now."""
    words = {
        "refit": _("Promise checked again: %(why)s"),
        "clock": _("Clock changed: %(why)s"),
        "cancel": _("Ended: %(why)s"),
    }
    rows = []
    people = _people(timer)
    for change in timer.changes:
        if change["what"] == "restart":
            continue
        why = change["why"]
        before, after = parse_datetime(change["before"]), parse_datetime(change["after"])
        text = words[change["what"]] % {"why": why or _("no reason given")}
        if before and after and before != after:
            text = _("%(text)s (was due %(before)s)") % {"text": text, "before": wording.date_words(before)}
        at = parse_datetime(change["at"])
        assert at is not None
        rows.append(Row(at, text, NOTHING, due, by_label=people.get(change["by"], _("System"))))
    return rows


def _people(timer: Timer) -> dict[int, str]:
    from staff.models import User

    wanted = {change["by"] for change in timer.changes if change["by"]}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def _person(user: Any) -> str:
    return str(user) if user is not None else _("System")


def _stretches(timer: Timer, pauses: list[TimerPause], ends: datetime) -> list[tuple[str, datetime, datetime]]:
    """Used, held and left from start to deadline (or to the end, when it was late), by the wall clock."""
    last = max(timer.due_at, ends) if timer.state == Timer.State.HELD else timer.due_at
    cuts = [("held", row.paused_at, row.resumed_at or ends) for row in pauses]
    found, at = [], timer.started_at
    for kind, start, end in [*cuts, ("", last, last)]:
        start, end = max(start, at), min(max(end, at), last)
        middle = min(max(ends, at), start)
        if middle > at:
            found.append(("used", at, middle))
        if start > middle:
            found.append(("left", middle, start))
        if kind and end > start:
            found.append((kind, start, end))
        at = max(at, end)
    return found


def _parts(timer: Timer, pauses: list[TimerPause], ends: datetime) -> list[Part]:
    names = {"used": _("time used"), "held": _("clock stopped"), "left": _("time left")}
    return [
        Part(kind, (end - start).total_seconds(), names[kind]) for kind, start, end in _stretches(timer, pauses, ends)
    ]


def _sums(timer: Timer, pauses: list[TimerPause], ends: datetime) -> list[Sum]:
    total = timedelta(seconds=timer.span_seconds)
    used = min(total, counted(timer, pauses, ends))
    held = sum(((row.resumed_at or ends) - row.paused_at for row in pauses), NOTHING)
    sums = [Sum("used", used, _("time used"))]
    if held > NOTHING:
        sums.append(Sum("held", held, _("clock stopped")))
    if timer.is_open:
        sums.append(Sum("left", total - used, _("time left")))
    return sums


def counted(timer: Timer, pauses: list[TimerPause], at: datetime) -> timedelta:
    """Counted time used by a moment, without what the clock stood still."""
    return reckoning.account(timer, pauses).reckoning.used_at(at)


def _notes(timer: Timer) -> list[str]:
    years = reckoning.account(timer, []).clock.provisional_years(timer.started_at, timer.due_at)
    return [
        _("The holidays of %(year)d are not published yet; the deadline will be worked out again.") % {"year": year}
        for year in years
    ]
