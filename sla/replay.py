"""A promise tried on history: the same rules as the timers, without a database (SLA-07). Pure.

1. A case is a subject with its facts and the events that happened to it, oldest first. An event may change facts
   (a new grade) or let the clock stand still and go on again.
2. A run begins with an event its line starts with and ends with one it stops with. The line that holds is sought
   again when facts change, with the time already used; a deadline that had passed by then stays missed.
3. A run that has not ended counts as missed when its deadline has passed by `until`, else it does not count.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sla import matching
from sla.matching import PromiseRow
from sla.working_time import NOTHING, Clock, Pause, Span

WAITS, GOES_ON = "ticket.waiting", "ticket.resumed"
GRADED = "ticket.graded"
GIVEN_UP = ("ticket.cancelled", "ticket.merged")
SHARES = (90, 95, 99)
MOST_NEEDED = 400

ClockOf = Callable[[str, str], Clock]
Terms = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """Something that happened: `waits` is the reason a clock may stand still for, `facts` what it changed."""

    kind: str
    at: datetime
    waits: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A subject with its story."""

    ref: str
    facts: Mapping[str, Any]
    events: Sequence[Event]


@dataclass(frozen=True)
class Run:
    """One deadline of the replay. `used` is the counted time from start to end."""

    ref: str
    key: tuple[str, str]
    line: int
    start: datetime
    due: datetime
    end: datetime | None
    used: timedelta
    broken: bool
    grade: int | None
    region: str
    penalty: float
    clock: str
    span: Span
    pauses: tuple[Pause, ...] = ()
    allowance: timedelta = NOTHING

    @property
    def late(self) -> timedelta:
        """How long after the deadline it ended; the shortest for those kept."""
        return (self.end or self.due) - self.due


@dataclass(frozen=True)
class Count:
    """Runs of a group and how many of them would have been missed."""

    key: Any
    count: int
    broken: int

    @property
    def percent(self) -> float:
        """Share that would have been missed."""
        return 100 * self.broken / self.count if self.count else 0.0


@dataclass(frozen=True)
class Tightest:
    """The shortest span of a line that would have been kept in so many of a hundred cases."""

    line: int
    unit: str
    count: int
    spans: Mapping[int, int]


@dataclass
class _Open:
    line: matching.Line
    start: datetime
    facts: Mapping[str, Any]
    pauses: list[Pause]
    kind: str = ""


def replay(case: Case, promise: PromiseRow, clock_of: ClockOf, until: datetime) -> list[Run]:
    """All runs of a case under a promise, in the order they began; those that do not count yet are left out."""
    rules = replace(promise, is_draft=False, by_choice=False, since=date.min, until=None)
    facts, runs = dict(case.facts), list[Run]()
    running: dict[tuple[str, str], _Open] = {}
    waiting: tuple[str, datetime] | None = None
    for event in case.events:
        if event.at > until:
            break
        if event.facts:
            facts |= event.facts
            _refit(running, rules, facts, event, clock_of, case, runs)
        if event.kind == WAITS and waiting is None:
            waiting = (event.waits, event.at)
        elif event.kind == GOES_ON and waiting is not None:
            _held(running, waiting, event.at)
            waiting = None
        for key in list(running):
            terms = _terms(running[key].line)
            if event.kind in (*GIVEN_UP, *terms["cancel_kinds"]):
                del running[key]
            elif event.kind in terms["stop_kinds"]:
                if waiting is not None:
                    _held({key: running[key]}, waiting, event.at)
                runs.append(_end(case, running.pop(key), event.at, clock_of))
            elif event.kind in terms["restart_kinds"]:
                running[key] = replace_start(running[key], event)
        for match in matching.find([rules], facts, event.at.date()):
            terms = _terms(match.line)
            if event.kind in (*terms["start_kinds"], *terms["reopen_kinds"]) and match.key not in running:
                running[match.key] = _Open(match.line, event.at, dict(facts), [], event.kind)
    return runs + _unfinished(case, running, waiting, clock_of, until)


def replace_start(run: _Open, event: Event) -> _Open:
    """The run begun anew with an event."""
    return _Open(run.line, event.at, run.facts, run.pauses, event.kind)


def counts(runs: Iterable[Run], key: Callable[[Run], Any]) -> list[Count]:
    """Runs by a group, in the order of its keys."""
    groups: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for run in runs:
        group = groups[key(run)]
        group[0] += 1
        group[1] += run.broken
    return [Count(key, *groups[key]) for key in sorted(groups, key=lambda key: (key is None, key))]


def tightest(runs: Iterable[Run], clock_of: ClockOf, line: int) -> Tightest | None:
    """What span of a line would have been kept in 90, 95 and 99 of 100 cases that ended; None without any."""
    ended = [run for run in runs if run.line == line and run.end is not None]
    if not ended:
        return None
    unit = ended[0].span.kind
    needed = sorted(_needed(run, clock_of) for run in ended)
    spans = {share: needed[math.ceil(share * len(needed) / 100) - 1] for share in SHARES}
    return Tightest(line, unit, len(needed), spans)


def _needed(run: Run, clock_of: ClockOf) -> int:
    """The smallest span of the line's unit that this run would have kept, with its allowance for a remote place.

    A run that ended while the clock stood still needs a minute more than it used.
    """
    assert run.end is not None
    clock, kind = clock_of(run.clock, run.region), run.span.kind
    if kind == "minutes":
        used = math.ceil((run.used - run.allowance) / timedelta(minutes=1))
        amounts = range(max(1, used), max(1, used) + 2)
    else:
        amounts = range(0 if kind == "same_day" else 1, MOST_NEEDED)
    for amount in amounts:
        span = Span("days" if kind == "same_day" else kind, amount, run.span.cutoff)
        due = clock.due(run.start, span, run.pauses, run.allowance).due
        if due is not None and run.end <= due:
            return amount
    return amounts.stop


def _terms(line: matching.Line) -> Terms:
    """What the replay needs of a line; its record is a mapping."""
    terms: Terms = line.record
    return terms


def _refit(
    running: dict[tuple[str, str], _Open],
    rules: PromiseRow,
    facts: Mapping[str, Any],
    event: Event,
    clock_of: ClockOf,
    case: Case,
    runs: list[Run],
) -> None:
    """New facts: another line may hold for what runs; what had been missed by then stays so."""
    found = {match.key: match for match in matching.find([rules], facts, event.at.date())}
    for key in list(running):
        run = running[key]
        due = _due(run, clock_of).due
        if due is not None and due < event.at:
            continue
        if key not in found:
            del running[key]
        else:
            running[key] = _Open(found[key].line, run.start, dict(facts), run.pauses, run.kind)


def _held(running: Mapping[tuple[str, str], _Open], waiting: tuple[str, datetime], end: datetime) -> None:
    reason, start = waiting
    for run in running.values():
        if reason in _terms(run.line)["pausable"] and end > start:
            run.pauses.append((max(start, run.start), end))


def _due(run: _Open, clock_of: ClockOf) -> Any:
    terms = _terms(run.line)
    clock = clock_of(terms["clock"], str(run.facts.get("region", "")))
    return clock.due(run.start, Span.parse(terms["span"]), run.pauses, _allowance(run))


def _allowance(run: _Open) -> timedelta:
    return timedelta(minutes=_terms(run.line)["remote_minutes"]) if run.facts.get("is_remote") else NOTHING


def _end(case: Case, run: _Open, end: datetime | None, clock_of: ClockOf) -> Run:
    terms = _terms(run.line)
    clock = clock_of(terms["clock"], str(run.facts.get("region", "")))
    due = _due(run, clock_of).due
    assert due is not None
    return Run(
        ref=case.ref,
        key=(run.line.target, run.line.leg),
        line=run.line.position,
        start=run.start,
        due=due,
        end=end,
        used=clock.between(run.start, end, run.pauses) if end else NOTHING,
        broken=end is None or end > due,
        grade=run.facts.get("grade"),
        region=str(run.facts.get("region", "")),
        penalty=float(terms.get("penalty") or 0),
        clock=str(terms["clock"]),
        span=Span.parse(terms["span"]),
        pauses=tuple(run.pauses),
        allowance=_allowance(run),
    )


def _unfinished(
    case: Case,
    running: dict[tuple[str, str], _Open],
    waiting: tuple[str, datetime] | None,
    clock_of: ClockOf,
    until: datetime,
) -> list[Run]:
    if waiting is not None:
        _held(running, waiting, until)
    found = [_end(case, run, None, clock_of) for run in running.values()]
    return [run for run in found if run.due < until]
