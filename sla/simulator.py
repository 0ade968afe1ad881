"""The simulator: a promise replayed over a stretch of history, with the figures that a signature needs (SLA-07)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from sla import definitions, matching, replay
from sla.models import Promise, PromiseLine
from sla.replay import Case, Count, Run, Tightest
from sla.working_time import Clock

AT_MOST = 20_000
WORST = 20


@dataclass(frozen=True)
class LineResult:
    """One line of the promise: how it would have fared, and how tight it could be."""

    line: PromiseLine
    count: int
    broken: int
    tightest: Tightest | None

    @property
    def percent(self) -> float:
        """Share that would have been missed."""
        return 100 * self.broken / self.count if self.count else 0.0


@dataclass(frozen=True)
class Result:
    """What the replay found. `cases` were replayed of `of` in the stretch."""

    cases: int
    of: int
    runs: int
    broken: int
    cost: float
    lines: list[LineResult]
    by_grade: list[Count]
    by_region: list[Count]
    by_month: list[Count]
    worst: list[Run]

    @property
    def percent(self) -> float | None:
        """Share of all deadlines that would have been missed."""
        return 100 * self.broken / self.runs if self.runs else None


def run(promise: Promise, lines: list[PromiseLine], cases: Iterable[Case], of: int, until: datetime) -> Result:
    """Replay cases one after the other; only what the figures need is kept."""
    known = definitions.current()
    rules = _rules(promise, lines)
    memo: dict[tuple[str, str], Clock] = {}

    def clock_of(code: str, region: str) -> Clock:
        key = (code, region)
        if key not in memo:
            memo[key] = known.clock(code, region)
        return memo[key]

    count, found = 0, list[Run]()
    for case in cases:
        count += 1
        found += replay.replay(case, rules, clock_of, until)
    return _result(found, lines, clock_of, count, max(of, count))


def _result(found: list[Run], lines: list[PromiseLine], clock_of: Any, cases: int, of: int) -> Result:
    broken = [one for one in found if one.broken]
    return Result(
        cases=cases,
        of=of,
        runs=len(found),
        broken=len(broken),
        cost=sum(one.penalty for one in broken),
        lines=[_line_result(line, found, clock_of) for line in lines],
        by_grade=replay.counts(found, lambda one: one.grade),
        by_region=replay.counts(found, lambda one: one.region),
        by_month=replay.counts(found, lambda one: f"{timezone.localtime(one.due):%Y-%m}"),
        worst=sorted(broken, key=lambda one: (one.end is not None, -_lateness(one)))[:WORST],
    )


def _lateness(one: Run) -> float:
    return (one.late if one.end else timedelta(0)).total_seconds()


def _line_result(line: PromiseLine, found: list[Run], clock_of: Any) -> LineResult:
    own = [one for one in found if one.line == line.position]
    tight = replay.tightest(own, clock_of, line.position)
    return LineResult(line, len(own), sum(one.broken for one in own), tight)


def _rules(promise: Promise, lines: list[PromiseLine]) -> matching.PromiseRow:
    """The promise for the replay: its lines as plain values."""
    names = (
        "span",
        "clock",
        "start_kinds",
        "restart_kinds",
        "stop_kinds",
        "cancel_kinds",
        "reopen_kinds",
        "pausable",
        "remote_minutes",
        "penalty",
    )
    rows = tuple(
        matching.Line(
            id=line.position,
            target=line.target,
            leg=line.leg,
            selectors=_of_a_ticket(line.selectors),
            position=line.position,
            record={name: getattr(line, name) for name in names},
        )
        for line in lines
    )
    return matching.PromiseRow(
        code=promise.code,
        version=promise.version,
        since=promise.valid_from,
        until=None,
        by_choice=False,
        selectors={name: value for name, value in _of_a_ticket(promise.selectors).items() if name != "contract"},
        lines=rows,
    )


def _of_a_ticket(selectors: dict[str, Any]) -> dict[str, Any]:
    """A ticket's story holds what happens to its orders too, so both kinds of line are tried on it."""
    if {"ticket", "order"} & set(selectors.get("kind") or ()):
        return {name: value for name, value in selectors.items() if name != "kind"}
    return selectors
