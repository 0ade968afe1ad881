"""Which promise line holds for given facts: the most specific one wins, and it can say why. Pure.

1. A line is a candidate when its promise is in force on the day, not a draft, chosen by the contract where it must
   be chosen, and every selector of promise and line contains the fact of its name.
2. Candidates of the same target and leg compete. Selectors weigh, from heavy to light: contract (or a contract's
   choice), customer, model, product line, fault type, province, region, home, remote, grade, kind of subject.
   The heavier set wins; on a draw the promise that began later, then the newer version, then the first line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

WEIGHTS = {
    name: 2**power
    for power, name in enumerate(
        [
            "kind",
            "grade",
            "is_remote",
            "is_home",
            "region",
            "province",
            "fault_type",
            "product_line",
            "product_model",
            "customer",
            "contract",
        ]
    )
}
FLAGS = ("is_home", "is_remote")


@dataclass(frozen=True)
class Line:
    """A promise line as the engine needs it."""

    id: int
    target: str
    leg: str
    selectors: Mapping[str, Any]
    position: int = 1
    record: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class PromiseRow:
    """A version of a promise as the engine needs it."""

    code: str
    version: int
    since: date
    until: date | None
    by_choice: bool
    selectors: Mapping[str, Any]
    lines: tuple[Line, ...]
    is_draft: bool = False
    record: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Match:
    """The line that holds, the selectors that spoke for it, and the promises it came before."""

    promise: PromiseRow
    line: Line
    reasons: tuple[str, ...]
    beaten: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Target and leg: one timer at a time for each."""
        return self.line.target, self.line.leg


def in_force(rows: Iterable[PromiseRow], on: date) -> list[PromiseRow]:
    """Of each code the newest version that holds on a day; a version whose time is over ends its code."""
    newest: dict[str, PromiseRow] = {}
    for row in rows:
        if row.since <= on and not row.is_draft:
            known = newest.get(row.code)
            if known is None or (row.since, row.version) > (known.since, known.version):
                newest[row.code] = row
    return [row for row in newest.values() if row.until is None or on <= row.until]


def holds(selectors: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether every selector contains the fact of its name; an empty selector says nothing."""
    for name, wanted in selectors.items():
        if name in FLAGS:
            if wanted is not None and bool(facts.get(name)) is not bool(wanted):
                return False
        elif wanted and facts.get(name) not in wanted:
            return False
    return True


def find(
    rows: Iterable[PromiseRow],
    facts: Mapping[str, Any],
    on: date,
    chosen: Iterable[str] = (),
) -> list[Match]:
    """The winning line of each target and leg for the facts on a day; `chosen` are the contract's promises."""
    codes = frozenset(chosen)
    best: dict[tuple[str, str], tuple[tuple[Any, ...], Match]] = {}
    beaten: dict[tuple[str, str], set[str]] = {}
    for row in in_force(rows, on):
        if (row.by_choice and row.code not in codes) or not holds(row.selectors, facts):
            continue
        for line in row.lines:
            if not holds(line.selectors, facts):
                continue
            reasons = _reasons(row, line, codes)
            rank = (sum(WEIGHTS[name] for name in reasons), row.since, row.version, -line.position)
            match = Match(row, line, reasons)
            beaten.setdefault(match.key, set()).add(row.code)
            if match.key not in best or rank > best[match.key][0]:
                best[match.key] = (rank, match)
    return [
        Match(match.promise, match.line, match.reasons, tuple(sorted(beaten[key] - {match.promise.code})))
        for key, (_rank, match) in best.items()
    ]


def _reasons(row: PromiseRow, line: Line, chosen: frozenset[str]) -> tuple[str, ...]:
    named = {
        name for part in (row.selectors, line.selectors) for name, value in part.items() if value not in (None, [], "")
    }
    if row.code in chosen:
        named.add("contract")
    return tuple(sorted(named & WEIGHTS.keys(), key=lambda name: -WEIGHTS[name]))
