"""Timers: they follow what happens to a subject, stand still, change their promise, end (SLA-04 to SLA-06).

`follow` and its kin are called by the actions of other apps inside their transaction; the entry those write tells
the story, so timers write entries of their own only for what nobody did: a deadline missed or withdrawn.
"""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotAllowed, Refused
from core.refs import ref
from sla import definitions, reckoning, wording
from sla.actions import judging, starting
from sla.definitions import Definitions
from sla.facts import Facts
from sla.matching import Match
from sla.models import PauseReason, PromiseLine, Timer, TimerPause
from sla.permissions import require_acknowledger, require_explainer

together = transaction.atomic(savepoint=False)


@together
def follow(
    subject: models.Model,
    kind: str,
    *,
    at: datetime,
    facts: Facts,
    by: Any = None,
    agreed_at: datetime | None = None,
) -> list[Timer]:
    """Something happened to a subject: end, restart, reopen and start its timers; returns those still open.

    An event that both fulfils one promise and begins another does both. An event earlier than the start of a
    second or later cycle belongs to an earlier one and changes nothing. `agreed_at` is a moment agreed with the
    customer: what begins now is due then, whatever the span says.
    """
    known = definitions.current()
    timers = _locked(subject, known)
    wanted = {match.key: match for match in known.match(facts, at) if _begins(match.line.record, kind)}
    for timer in timers:
        if not timer.is_open:
            continue
        _hand_over(timer, facts)
        if kind in timer.line.cancel_kinds:
            _cancel_one(timer, at=at, by=by, why=kind)
        elif kind in timer.line.stop_kinds and (timer.cycle == 1 or at >= timer.started_at):
            judging.end(timer, _pauses(timer), kind, by=by, at=at)
            timer.save()
        elif kind in timer.line.restart_kinds and timer.state != judging.BROKEN:
            _restart(timer, kind, by=by, at=at, agreed_at=agreed_at)
    for timer in _latest(timers):
        _reopen(timer, kind, wanted, by=by, at=at)
    fresh = starting.begin(subject, timers, wanted, kind, known, facts, at, by, agreed_at)
    return [timer for timer in timers if timer.is_open] + fresh


@together
def refit(subject: models.Model, *, facts: Facts, at: datetime, by: Any, why: str = "") -> list[Timer]:
    """Re-graded, re-assigned, moved to another contract or region: open timers follow with the time already used.

    A deadline that the new promise puts into the past is missed once, by this change; one missed before stays
    missed; a promise that no longer holds ends its timer; one that newly holds starts when its event happened.
    """
    known = definitions.current()
    timers = _locked(subject, known)
    matches = {match.key: match for match in known.match(facts, at)}
    for timer in timers:
        if timer.is_open:
            match = next((m for m in known.match(facts, timer.started_at) if m.key == (timer.target, timer.leg)), None)
            _refit_one(timer, match, facts, known, at=at, by=by, why=why)
    keys = {(timer.target, timer.leg) for timer in timers if timer.state != Timer.State.CANCELLED}
    missing = {key: match for key, match in matches.items() if key not in keys}
    started = starting.begin_late(subject, missing, timers, known, facts, at)
    return [timer for timer in timers if timer.is_open] + started


@together
def pause(
    subject: models.Model, *, at: datetime, reason: str, why: str = "", by: Any, evidence: str = ""
) -> list[Timer]:
    """The clock of every open timer that may wait for this reason stands still from `at`; returns those it held.

    A timer that stands still already is left as it is. Raises Refused for an unknown reason.
    """
    if reason not in PauseReason.values:
        raise Refused({"reason": _("This is not a reason to stop the clock.")})
    held = []
    for timer in _locked(subject, definitions.current()):
        if not timer.is_open or reason not in timer.line.pausable or timer.started_at > at:
            continue
        rows = _pauses(timer)
        if any(row.resumed_at is None for row in rows):
            continue
        rows.append(
            TimerPause.objects.create(
                timer=timer,
                reason=reason,
                why=why[:300],
                evidence=evidence[:300],
                paused_at=at,
                paused_by=starting.person(by),
            )
        )
        judging.settle_open(timer, rows, by=by, at=at, why=why)
        timer.save()
        held.append(timer)
    return held


@together
def resume(subject: models.Model, *, at: datetime, by: Any) -> list[Timer]:
    """Every timer of the subject that stands still goes on from `at`; without a pause nothing happens."""
    resumed = []
    for timer in _locked(subject, definitions.current()):
        rows = _pauses(timer) if timer.is_open else []
        if any(row.resumed_at is None for row in rows):
            judging.close_pause(rows, at=at, by=by)
            judging.settle_open(timer, rows, by=by, at=at)
            timer.save()
            resumed.append(timer)
    return resumed


@together
def cancel(subject: models.Model, *, at: datetime, by: Any, why: str = "") -> list[Timer]:
    """End the open timers of a subject that is given up; a deadline already missed stays missed."""
    ended = []
    for timer in _locked(subject, definitions.current()):
        if timer.is_open:
            _cancel_one(timer, at=at, by=by, why=why)
            ended.append(timer)
    return ended


@together
def merge(subject: models.Model, into: models.Model, *, at: datetime, by: Any, why: str = "") -> list[Timer]:
    """End the open timers of a subject that lives on in another; the other keeps its own deadlines."""
    return cancel(subject, at=at, by=by, why=why or _("Merged into %(other)s") % {"other": into})


@transaction.atomic
def acknowledge(timer: Timer, *, by: Any, at: datetime | None = None, why: str = "") -> Timer:
    """Somebody of the chain has taken note: no further escalation; the clock goes on (SLA-05)."""
    require_acknowledger(by, timer)
    timer = Timer.objects.select_for_update(of=("self",)).select_related("line__promise").get(pk=timer.pk)
    if not timer.is_open:
        raise NotAllowed(_("This deadline is settled already."))
    if timer.acknowledged_at is not None:
        raise NotAllowed(_("Somebody has taken note already."))
    timer.acknowledged_at, timer.acknowledged_by = at or timezone.now(), by
    timer.next_at = judging.next_look(timer)
    timer.save(update_fields=["acknowledged_at", "acknowledged_by", "next_at"])
    judging.note("timer.acknowledged", timer, by=by, at=timer.acknowledged_at, why=why)
    return timer


@transaction.atomic
def give_reason(timer: Timer, *, reason: str, responsible: str, by: Any, at: datetime | None = None) -> Timer:
    """Say why a deadline was missed and who is responsible (SLA-06)."""
    require_explainer(by, timer)
    if not reason.strip():
        raise Refused({"reason": _("Say why the deadline was missed.")})
    timer = Timer.objects.select_for_update(of=("self",)).select_related("line__promise").get(pk=timer.pk)
    if timer.state != judging.BROKEN:
        raise NotAllowed(_("This deadline was not missed."))
    timer.breach_reason, timer.responsible = reason.strip()[:300], responsible.strip()[:40]
    timer.save(update_fields=["breach_reason", "responsible"])
    judging.note(
        "timer.explained",
        timer,
        by=by,
        at=at or timezone.now(),
        why=timer.breach_reason,
        responsible=timer.responsible,
    )
    return timer


def refit_clock(
    code: str, *, by: Any = None, at: datetime | None = None, why: str = "", at_most: int = 100_000, batch: int = 200
) -> int:
    """Work the open timers of a clock out anew on its newest version, in batches; returns how many it looked at.

    Deadlines already missed or met keep their verdict (edge case 11). Each one that moves enters the history.
    """
    seen, last = 0, 0
    while seen < at_most:
        with together:
            known = definitions.current()
            rows = list(
                Timer.objects.select_for_update(of=("self",))
                .filter(pk__gt=last, line__clock=code, state__in=["running", "held"])
                .exclude(clock_version=known.clock_version(code))
                .order_by("pk")[:batch]
            )
            for timer in rows:
                _follow_clock(timer, known, by=by, at=at or timezone.now(), why=why)
        if not rows:
            return seen
        seen, last = seen + len(rows), rows[-1].pk
    return seen


def _follow_clock(timer: Timer, known: Definitions, *, by: Any, at: datetime, why: str) -> None:
    timer.line = known.line(timer.line_id)
    timer.clock_version, before = known.clock_version(timer.line.clock), timer.due_at
    judging.settle_open(timer, _pauses(timer), by=by, at=at)
    if timer.due_at != before:
        _remember(timer, "clock", before, at=at, by=by, why=why or wording.clock_name(timer.line.clock))
        judging.note("timer.moved", timer, by=by, at=at, why=why, before=before.isoformat())
    timer.save()


def _locked(subject: models.Model, known: Definitions) -> list[Timer]:
    timers = list(Timer.objects.select_for_update(of=("self",)).filter(subject=ref(subject)).order_by("id"))
    for timer in timers:
        timer.line = known.line(timer.line_id)
    return timers


def _pauses(timer: Timer) -> list[TimerPause]:
    """Pause rows of a timer; a cycle that has none costs one small query."""
    return list(TimerPause.objects.filter(timer=timer).order_by("paused_at", "id"))


def _latest(timers: list[Timer]) -> list[Timer]:
    latest = {(timer.target, timer.leg): timer for timer in timers}
    return list(latest.values())


def _begins(line: PromiseLine, kind: str) -> bool:
    return kind in line.start_kinds or kind in line.reopen_kinds


def _restart(timer: Timer, kind: str, *, by: Any, at: datetime, agreed_at: datetime | None) -> None:
    before = timer.due_at
    timer.agreed_at = agreed_at or timer.agreed_at
    timer.started_at, timer.start_kind, timer.started_by, timer.warned_at = at, kind, starting.person(by), None
    judging.settle_open(timer, _pauses(timer), by=by, at=at)
    _remember(timer, "restart", before, at=at, by=by, why=kind)
    timer.save()


def _reopen(timer: Timer, kind: str, wanted: dict[tuple[str, str], Match], *, by: Any, at: datetime) -> None:
    """A kept promise goes on with what was left (edge case 9); other policies begin a new cycle in `starting.begin`."""
    line = timer.line
    if kind not in line.reopen_kinds or timer.is_open or timer.ended_at is None:
        return
    if line.reopen == PromiseLine.Reopen.CONTINUE and timer.state == judging.KEPT:
        rows = _pauses(timer)
        rows.append(
            TimerPause.objects.create(
                timer=timer,
                reason=PauseReason.CLOSED,
                paused_at=timer.ended_at,
                paused_by=starting.person(by),
                resumed_at=max(at, timer.ended_at),
                resumed_by=starting.person(by),
            )
        )
        timer.ended_at, timer.end_kind, timer.state = None, "", judging.RUNNING
        judging.settle_open(timer, rows, by=by, at=at)
        timer.save()
        wanted.pop((timer.target, timer.leg), None)
    elif line.reopen == PromiseLine.Reopen.NONE and kind not in line.start_kinds:
        wanted.pop((timer.target, timer.leg), None)


def _hand_over(timer: Timer, facts: Facts) -> None:
    """Whoever has the work now hears of its deadlines."""
    engineer = facts.people.get("engineer")
    if engineer and timer.engineer_id != engineer:
        timer.engineer_id = engineer
        timer.save(update_fields=["engineer"])


def _refit_one(
    timer: Timer, match: Match | None, facts: Facts, known: Definitions, *, at: datetime, by: Any, why: str
) -> None:
    before = timer.due_at
    if timer.state != judging.BROKEN and not _still_begun(timer, match):
        _cancel_one(timer, at=at, by=by, why=why)
        return
    starting.place(timer, facts)
    timer.facts, timer.about = facts.selecting(), facts.about
    if match is not None and timer.state != judging.BROKEN:
        line: PromiseLine = match.line.record
        timer.line, timer.reasons = line, list(match.reasons)
        timer.clock_version = known.clock_version(line.clock)
        timer.allowance_seconds = int(reckoning.allowance_of(line, facts.is_remote).total_seconds())
        judging.settle_open(timer, _pauses(timer), by=by, at=at, why=why)
        if timer.state == judging.RUNNING and timer.due_at < at <= before:
            judging.breach(timer, by=by, why=why)
            timer.next_at = judging.next_look(timer)
    _remember(timer, "refit", before, at=at, by=by, why=why)
    timer.save()


def _still_begun(timer: Timer, match: Match | None) -> bool:
    """Whether the line that holds now began with the same event; one that begins later has not begun yet."""
    if match is None:
        return False
    line: PromiseLine = match.line.record
    return line.pk == timer.line_id or timer.start_kind in (*line.start_kinds, *line.restart_kinds, *line.reopen_kinds)


def _cancel_one(timer: Timer, *, at: datetime, by: Any, why: str) -> None:
    before = timer.due_at
    judging.close_pause(_pauses(timer), at=at, by=by)
    if timer.state == judging.BROKEN:
        timer.ended_at, timer.end_kind = at, "cancelled"
    else:
        timer.state, timer.ended_at = Timer.State.CANCELLED, at
    timer.held_reason_code, timer.left_seconds, timer.next_at = "", None, None
    _remember(timer, "cancel", before, at=at, by=by, why=why)
    timer.save()


def _remember(timer: Timer, what: str, before: datetime, *, at: datetime, by: Any, why: str) -> None:
    """Keep what a change did to the deadline, for the ledger."""
    timer.changes = [
        *timer.changes,
        {
            "what": what,
            "at": at.isoformat(),
            "by": getattr(by, "pk", None),
            "why": why[:300],
            "before": before.isoformat(),
            "after": timer.due_at.isoformat(),
            "promise": timer.line.promise.code,
            "grade": timer.grade,
        },
    ]
