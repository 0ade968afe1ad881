"""Promises, clocks, chains and choices as frozen values, one copy per process, dropped when the stamp changes."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from sla import matching, working_time
from sla.facts import Facts
from sla.models import Chain, Clock, Promise, PromiseChoice, PromiseLine, Stamp


@dataclass
class Definitions:
    """All policy of one stamp."""

    stamp: str
    promises: list[matching.PromiseRow]
    lines: dict[int, PromiseLine]
    clocks: dict[str, list[Clock]]
    chains: dict[str, list[Chain]]
    choices: dict[str, list[PromiseChoice]]
    _working: dict[tuple[str, str, int], working_time.Clock] = field(default_factory=dict)

    def match(self, facts: Facts, at: datetime) -> list[matching.Match]:
        """The lines that hold for a subject at a moment, drafts left out."""
        on = timezone.localdate(at)
        return matching.find(self.promises, facts.selecting(), on, self.chosen(facts.contract, on))

    def chosen(self, contract: str, on: date) -> list[str]:
        """Codes of the promises that a contract has chosen."""
        rows = self.choices.get(contract, []) if contract else []
        return [row.promise for row in rows if row.since <= on and (row.until is None or on <= row.until)]

    def line(self, pk: int) -> PromiseLine:
        """A line with its promise; lines younger than the copy are read."""
        found = self.lines.get(pk)
        if found is None:
            found = self.lines[pk] = PromiseLine.objects.select_related("promise").get(pk=pk)
        return found

    def clock_version(self, code: str) -> int:
        """The newest version of a clock."""
        return self.clocks[code][-1].version

    def clock(self, code: str, region: str = "", version: int = 0) -> working_time.Clock:
        """The working clock of a region, made of all versions up to the given one (0: the newest)."""
        version = version or self.clock_version(code)
        key = (code, region, version)
        found = self._working.get(key)
        if found is None:
            rows = [row for row in self.clocks[code] if row.version <= version]
            found = self._working[key] = working_clock(rows, region)
        return found

    def chain(self, code: str) -> Chain | None:
        """The newest version of a chain."""
        rows = self.chains.get(code)
        return rows[-1] if rows else None


def working_clock(rows: list[Clock], region: str = "") -> working_time.Clock:
    """The frozen clock of some versions, oldest first; the first holds for all days before it too."""
    layers = tuple(
        working_time.layer(
            row.weekly,
            {**row.days, **row.region_days.get(region, {})},
            since=date.min if row is rows[0] else row.valid_from,
        )
        for row in rows
    )
    last = rows[-1]
    published = frozenset(last.published_years) if last.follows_holidays else None
    return working_time.Clock(last.zone, layers, published)


_copy: list[Definitions] = []


def current() -> Definitions:
    """The copy of this process, read anew when the stamp has changed (one small query)."""
    stamp = Stamp.objects.values_list("value", flat=True).first() or ""
    if not _copy or _copy[0].stamp != stamp:
        _copy[:] = [_read(stamp)]
    return _copy[0]


def at_hand() -> Definitions:
    """The copy of this process as it is, for figures on a page; read when there is none."""
    return _copy[0] if _copy else current()


def covering(clock: str, version: int) -> Definitions:
    """The copy at hand when it knows that version of a clock, else the current one."""
    known = at_hand()
    rows = known.clocks.get(clock)
    return known if rows and rows[-1].version >= version else current()


def changed() -> None:
    """Set a new stamp; called by every action that changes policy, in its transaction."""
    Stamp.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4().hex})


def promise_row(promise: Promise, lines: list[PromiseLine]) -> matching.PromiseRow:
    """A promise as the matching needs it."""
    return matching.PromiseRow(
        code=promise.code,
        version=promise.version,
        since=promise.valid_from,
        until=promise.valid_to,
        by_choice=promise.by_choice,
        selectors=promise.selectors,
        lines=tuple(
            matching.Line(line.pk or 0, line.target, line.leg, line.selectors, line.position, line) for line in lines
        ),
        is_draft=promise.is_draft,
        record=promise,
    )


def _read(stamp: str) -> Definitions:
    lines = list(PromiseLine.objects.select_related("promise").order_by("position", "id"))
    of_promise: dict[int, list[PromiseLine]] = defaultdict(list)
    for line in lines:
        of_promise[line.promise_id].append(line)
    clocks, chains, choices = defaultdict(list), defaultdict(list), defaultdict(list)
    for clock in Clock.objects.order_by("code", "version"):
        clocks[clock.code].append(clock)
    for chain in Chain.objects.order_by("code", "version"):
        chains[chain.code].append(chain)
    for choice in PromiseChoice.objects.all():
        choices[choice.contract].append(choice)
    return Definitions(
        stamp=stamp,
        promises=[promise_row(promise, of_promise[promise.pk]) for promise in Promise.objects.all()],
        lines={line.pk: line for line in lines},
        clocks=dict(clocks),
        chains=dict(chains),
        choices=dict(choices),
    )
