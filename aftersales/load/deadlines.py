"""The timers of a subject, from its events and the promises in force; deadlines come from the functions of `sla`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aftersales.load.lives import Event
from core.models import Entry
from sla import definitions, reckoning
from sla.actions import judging
from sla.facts import Facts
from sla.matching import Match
from sla.models import Timer, TimerPause


@dataclass
class Kept:
    """Timers with their pauses and what the history tells of them; primary keys are still missing."""

    timers: list[Timer] = field(default_factory=list)
    pauses: list[TimerPause] = field(default_factory=list)


class Promises:
    """The promise lines in force, remembered by what they are chosen by."""

    def __init__(self) -> None:
        self.known = definitions.current()
        self._beginning: dict[tuple[object, ...], dict[str, list[Match]]] = {}

    def beginning(self, facts: Facts, at: datetime) -> dict[str, list[Match]]:
        """Lines that hold, by the kinds they begin with; none of the load's contracts and customers chose any."""
        key = (
            facts.kind,
            facts.product_model,
            facts.province,
            facts.is_remote,
            facts.grade,
            facts.fault_type,
            at.year,
        )
        found = self._beginning.get(key)
        if found is None:
            found = self._beginning[key] = {}
            for match in self.known.match(replace(facts, customer="", contract=""), at):
                for kind in match.line.record.start_kinds:
                    found.setdefault(kind, []).append(match)
        return found

    def run(self, subject: str, facts: Facts, events: Sequence[Event], now: datetime, kept: Kept) -> list[Timer]:
        """Timers of a subject after its events; those still open stand as the sweep would have left them."""
        timers: list[Timer] = []
        pauses: dict[int, list[TimerPause]] = {}
        if not events:
            return timers
        beginning, selecting = self.beginning(facts, events[0].at), facts.selecting()
        for event in events:
            for timer in timers:
                if timer.is_open:
                    self._follow(timer, pauses.setdefault(id(timer), []), event)
            for match in beginning.get(event.kind, ()):
                before = [timer for timer in timers if (timer.target, timer.leg) == match.key]
                if not any(timer.is_open for timer in before):
                    timers.append(self._begin(subject, facts, selecting, match, event, len(before) + 1))
        for timer in timers:
            rows = pauses.get(id(timer), [])
            if timer.is_open:
                self._leave_open(timer, rows, now)
            kept.pauses += rows
        kept.timers += timers
        return timers

    def _begin(
        self, subject: str, facts: Facts, selecting: dict[str, Any], match: Match, event: Event, cycle: int
    ) -> Timer:
        line = match.line.record
        timer = Timer(
            subject=subject,
            about=facts.about,
            kind=facts.kind,
            line=line,
            target=line.target,
            leg=line.leg,
            cycle=cycle,
            facts=selecting,
            reasons=list(match.reasons),
            clock_version=self.known.clock_version(line.clock),
            start_kind=event.kind,
            started_at=event.at,
            due_at=event.at,
            allowance_seconds=int(reckoning.allowance_of(line, facts.is_remote).total_seconds()),
            grade=facts.grade,
            region=facts.region,
            engineer_id=facts.people.get("engineer"),
            owner_id=facts.people.get("owner"),
        )
        reckoning.settle(timer, [])
        return timer

    def _follow(self, timer: Timer, rows: list[TimerPause], event: Event) -> None:
        line = timer.line
        if event.kind in ("ticket.cancelled", "ticket.merged") or event.kind in line.cancel_kinds:
            _resume(rows, event.at)
            timer.state, timer.ended_at, timer.end_kind = Timer.State.CANCELLED, event.at, event.kind
        elif event.kind in line.stop_kinds:
            _resume(rows, event.at)
            if rows:
                reckoning.settle(timer, rows)
            timer.ended_at, timer.end_kind = event.at, event.kind
            timer.state = judging.KEPT if event.at <= timer.due_at else judging.BROKEN
        elif event.kind in line.restart_kinds:
            timer.started_at, timer.start_kind = event.at, event.kind
            reckoning.settle(timer, rows)
        elif event.kind == "ticket.waiting" and event.data["waiting_for"] in line.pausable:
            rows.append(TimerPause(timer=timer, reason=event.data["waiting_for"], why=event.why, paused_at=event.at))
        elif event.kind in ("ticket.resumed", "order.departed"):
            _resume(rows, event.at)
        if timer.state == judging.BROKEN:
            _break(timer)

    def _leave_open(self, timer: Timer, rows: list[TimerPause], now: datetime) -> None:
        if rows:
            reckoning.settle(timer, rows)
        if rows and rows[-1].resumed_at is None:
            timer.state, timer.held_reason_code = judging.HELD, rows[-1].reason
        elif timer.due_at < now:
            timer.state = judging.BROKEN
            _break(timer)
            chain = self.known.chain(timer.line.chain)
            timer.told = len(chain.rungs) if chain else 0
        elif timer.warn_at is not None and timer.warn_at < now:
            timer.warned_at = timer.warn_at
        timer.next_at = None if timer.state == judging.BROKEN else judging.next_look(timer)


def entries_of(timer: Timer) -> list[Entry]:
    """What the history tells of a missed deadline."""
    if timer.broken_at is None:
        return []
    about = [f"timer:{timer.pk}", *dict.fromkeys(judging.about(timer))]
    told = [("timer.broken", timer.broken_at, judging.facts_of(timer))]
    if timer.ended_at is not None:
        minutes = int((timer.ended_at - timer.due_at).total_seconds() // 60)
        told.append(("timer.late", timer.ended_at, judging.facts_of(timer, minutes=minutes)))
    return [Entry(kind=kind, subject=about[0], about=about, at=at, entered_at=at, data=data) for kind, at, data in told]


def _resume(rows: list[TimerPause], at: datetime) -> None:
    if rows and rows[-1].resumed_at is None:
        rows[-1].resumed_at = max(at, rows[-1].paused_at)


def _break(timer: Timer) -> None:
    timer.broken_at, timer.responsible = timer.due_at, timer.line.party
