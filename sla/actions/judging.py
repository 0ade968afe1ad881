"""Judging a timer: kept, broken, withdrawn, and when the sweep has to look again."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core import history
from sla import definitions, reckoning, telling
from sla.models import Timer, TimerPause

RUNNING, HELD, KEPT, BROKEN = (
    Timer.State.RUNNING,
    Timer.State.HELD,
    Timer.State.KEPT,
    Timer.State.BROKEN,
)


def note(
    kind: str,
    timer: Timer,
    *,
    by: Any,
    at: datetime,
    why: str = "",
    into: list[history.Draft] | None = None,
    **data: Any,
) -> None:
    """One history entry about a timer and its subject, written now or put among the drafts `into`."""
    draft = history.Draft(kind, timer, at, about(timer), why, facts_of(timer, **data))
    if into is None:
        history.record_many([draft], by=by)
    else:
        into.append(draft)


def about(timer: Timer) -> list[str]:
    """What entries of a timer are about beside itself."""
    return [timer.subject, *timer.about]


def facts_of(timer: Timer, **data: Any) -> dict[str, Any]:
    """The data of a timer's entries."""
    return {
        "target": timer.target,
        "due": timer.due_at.isoformat(),
        "promise": timer.line.promise.code,
        **({"grade": timer.grade} if timer.grade else {}),
        **data,
    }


def next_look(timer: Timer) -> datetime | None:
    """When the sweep has something to do for a timer; None for never."""
    if timer.state == RUNNING:
        if timer.warned_at is None and timer.warn_at is not None and timer.warn_at < timer.due_at:
            return timer.warn_at
        return timer.due_at
    if timer.state == BROKEN and timer.is_open and timer.acknowledged_at is None:
        chain = definitions.at_hand().chain(timer.line.chain)
        if chain is not None and timer.told < len(chain.rungs) and timer.broken_at is not None:
            return timer.broken_at + timedelta(minutes=int(chain.rungs[timer.told]["after"]))
    return None


def breach(timer: Timer, *, by: Any, why: str = "", into: list[history.Draft] | None = None) -> None:
    """Mark a deadline as missed, once; entered as having happened at the deadline."""
    timer.state, timer.broken_at = BROKEN, timer.due_at
    if why:
        timer.breach_reason = why[:300]
    if not timer.responsible:
        timer.responsible = timer.line.party
    data = {"ended": timer.ended_at.isoformat()} if timer.ended_at else {}
    note("timer.broken", timer, by=by, at=timer.due_at, why=why, into=into, **data)


def withdraw(timer: Timer, *, by: Any, at: datetime, why: str) -> None:
    """Take back a missed deadline that later knowledge shows to be kept or moved; those told are told again."""
    missed = timer.broken_at
    telling.taken_back(timer, at=at)
    timer.broken_at, timer.told, timer.breach_reason, timer.responsible = None, 0, "", ""
    timer.acknowledged_at, timer.acknowledged_by = None, None
    note("timer.withdrawn", timer, by=by, at=at, why=why, missed=missed.isoformat() if missed else "")


def end(timer: Timer, pauses: list[TimerPause], kind: str, *, by: Any, at: datetime) -> None:
    """What was promised has happened: kept or late, judged by when it happened (edge case 8)."""
    was_broken = timer.state == BROKEN
    close_pause(pauses, at=at, by=by)
    reckoning.settle(timer, pauses)
    timer.ended_at, timer.end_kind = at, kind
    timer.held_reason_code, timer.left_seconds = "", None
    if at <= timer.due_at:
        timer.state = KEPT
        if was_broken:
            withdraw(timer, by=by, at=at, why="")
    elif was_broken:
        minutes = int((at - timer.due_at).total_seconds() // 60)
        note("timer.late", timer, by=by, at=at, minutes=minutes)
    else:
        breach(timer, by=None)
    timer.next_at = None


def close_pause(pauses: list[TimerPause], *, at: datetime, by: Any) -> None:
    """End the pause that lasts, if there is one; one that began later than `at` shrinks to nothing."""
    for row in pauses:
        if row.resumed_at is None:
            row.resumed_at, row.resumed_by = max(at, row.paused_at), by if getattr(by, "pk", None) else None
            row.save(update_fields=["resumed_at", "resumed_by"])


def settle_open(timer: Timer, pauses: list[TimerPause], *, by: Any, at: datetime, why: str = "") -> None:
    """Work an open timer's deadline out anew after its pauses, line or clock changed.

    A breach stays unless a pause entered later shows that the deadline had not come when it was noted.
    """
    missed = timer.broken_at
    reckoning.settle(timer, pauses)
    held = next((row for row in pauses if row.resumed_at is None), None) if timer.left_seconds is not None else None
    if timer.state != BROKEN:
        timer.state = HELD if held else RUNNING
    elif missed is not None and (held or timer.due_at > max(missed, timezone.now())):
        withdraw(timer, by=by, at=at, why=why)
        timer.state = HELD if held else RUNNING
    timer.held_reason_code = held.reason if held and timer.state == HELD else ""
    if timer.warned_at is not None and timer.warn_at is not None and timer.warn_at > timezone.now():
        timer.warned_at = None
    timer.next_at = next_look(timer)
