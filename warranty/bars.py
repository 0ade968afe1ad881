"""The warranty bar of a machine: terms over time per component, on one scale with today on it. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from warranty import wording
from warranty.facts import MachineFacts, Span, Term, Verdict
from warranty.periods import add_months
from warranty.spans import all_spans, supply
from warranty.wording import Text

AFTER_LAST = 12
"""Months shown after the last end, so that phases without end can be seen."""

TONES = {"free": "kept", "part": "kept", "own": "kept", "extended": "act", "maintenance": "act", "cost": "plain",
         "charged": "soon", "supply": "calm"}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One stretch of a row, in percent of the scale."""

    begin: float
    end: float
    tone: str
    label: Text
    since: date
    until: date | None


@dataclass(frozen=True)
class Row:
    """A component (empty code: the machine) and what covers it when."""

    code: str
    name: Text
    pieces: list[Piece]
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Bar:
    """All rows on one scale; ticks are years, `today` is in percent."""

    rows: list[Row]
    ticks: list[tuple[float, int]]
    today: float
    supply_until: date | None


def bar(
    facts: MachineFacts, terms: Sequence[Term], components: Sequence[tuple[str, Text, Verdict]], on: date
) -> Bar | None:
    """The bar for components with their verdicts; None when no term has a date."""
    found = [(code, name, verdict, all_spans(facts, terms, on, code)) for code, name, verdict in components]
    days = [day for _c, _n, _v, spans in found for span in spans for day in (span.since, span.until) if day]
    days = [day for day in days if day.year > 1]
    if not days:
        return None
    first = min(days).replace(month=1, day=1)
    last = add_months(max([*days, on]), AFTER_LAST)
    scale = _Scale(first, last)
    years = range(first.year, last.year + 1)
    ticks = [(scale.at(date(year, 1, 1)), year) for year in years]
    supplied = supply(facts, terms, on)
    rows = [Row(code, name, _pieces(spans, scale), verdict) for code, name, verdict, spans in found]
    return Bar(rows, _thinned(ticks), scale.at(on), supplied.until if supplied else None)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day lies, in percent."""
        whole = (self.last - self.first).days or 1
        return round(100 * min(max((day - self.first).days / whole, 0), 1), 2)


def _pieces(spans: Sequence[Span], scale: _Scale) -> list[Piece]:
    pieces = []
    for span in spans:
        if span.since.year == 1:
            continue
        kind = span.term.phase if span.kind == "chain" else span.kind
        end = scale.at(span.until + timedelta(days=1)) if span.until else 100.0
        label = wording.PHASES.get(kind, wording.PHASES["part"])
        pieces.append(Piece(scale.at(span.since), end, TONES.get(kind, "calm"), label, span.since, span.until))
    return pieces


def _thinned(ticks: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """No more than a dozen years are written."""
    step = len(ticks) // 12 + 1
    return ticks[::step]
