"""The deadline of a timer, worked out from its line, clock and pauses; the same values decide and explain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sla import definitions
from sla.models import PromiseLine, Timer, TimerPause
from sla.working_time import Clock, Pause, Reckoning, Segment, Span


@dataclass(frozen=True)
class Account:
    """A deadline with the values it was worked out from."""

    clock: Clock
    span: Span
    allowance: timedelta
    pauses: tuple[Pause, ...]
    reckoning: Reckoning


def allowance_of(line: PromiseLine, is_remote: bool) -> timedelta:
    """What a line adds for a remote place."""
    return timedelta(minutes=line.remote_minutes) if is_remote else timedelta(0)


def begin(line: PromiseLine, clock: Clock, at: datetime, is_remote: bool) -> Reckoning:
    """The deadline of a line started at a moment, without pauses."""
    return clock.due(at, Span.parse(line.span), (), allowance_of(line, is_remote))


def warn_at(line: PromiseLine, reckoning: Reckoning) -> datetime | None:
    """When the share of counted time that calls for a warning is used up."""
    share = float(line.warn_share)
    return reckoning.moment_of(share) if 0 < share < 1 else None


def account(timer: Timer, pauses: Iterable[TimerPause] | None = None, *, open_counts: bool = True) -> Account:
    """Work out a timer's deadline; without `open_counts` as if a pause that still lasts had not begun."""
    known = definitions.covering(timer.line.clock, timer.clock_version)
    rows = timer.pauses.all() if pauses is None else pauses
    spans = tuple((row.paused_at, row.resumed_at) for row in rows if open_counts or row.resumed_at is not None)
    clock = known.clock(timer.line.clock, timer.region, timer.clock_version)
    span, extra = Span.parse(timer.line.span), timedelta(seconds=timer.allowance_seconds)
    if timer.agreed_at is not None:
        return Account(clock, span, timedelta(0), (), _agreed(timer))
    return Account(clock, span, extra, spans, clock.due(timer.started_at, span, spans, extra))


def _agreed(timer: Timer) -> Reckoning:
    """A moment agreed with the customer: time up to it counts around the clock and nothing moves it."""
    assert timer.agreed_at is not None
    segment = Segment(timer.started_at, timer.agreed_at)
    return Reckoning(timer.started_at, timer.agreed_at, (segment,), segment.length)


def settle(timer: Timer, pauses: Iterable[TimerPause]) -> None:
    """Set deadline, warning and what is left from the stored events; the state is the caller's."""
    rows = list(pauses)
    full = account(timer, rows).reckoning
    if full.due is None:
        timer.left_seconds = int((full.span - full.counted).total_seconds())
        full = account(timer, rows, open_counts=False).reckoning
    else:
        timer.left_seconds = None
    assert full.due is not None
    timer.due_at, timer.warn_at = full.due, warn_at(timer.line, full)
    timer.span_seconds = int(full.span.total_seconds())


def share_used(timer: Timer, at: datetime) -> float:
    """Share of the counted time used by a moment, 0 to 1; held timers by what is left."""
    total = timer.span_seconds or 1
    if timer.left_seconds is not None:
        return 1 - timer.left_seconds / total
    at = timer.ended_at or at
    if at >= timer.due_at:
        return 1.0
    known = definitions.covering(timer.line.clock, timer.clock_version)
    clock: Any = known.clock(timer.line.clock, timer.region, timer.clock_version)
    if timer.agreed_at or Span.parse(timer.line.span).kind in ("days", "same_day"):
        left = timer.due_at - at
    else:
        left = clock.between(at, timer.due_at)
    return max(0.0, 1 - left.total_seconds() / total)
