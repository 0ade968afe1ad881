"""Which term covers a component when: phases one after the other, parts of their own term, extensions. No Django."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from warranty.facts import PHASES, Extension, MachineFacts, Span, Start, Term
from warranty.periods import ONE_DAY, add_months, lengthened
from warranty.wording import Text

FALLBACK = ("purchase", "delivery", "acceptance", "first_use")


def all_spans(facts: MachineFacts, terms: Sequence[Term], on: date, component: str = "") -> list[Span]:
    """Everything that may cover a component over time, as known on a day."""
    return [
        *chain(facts, terms, on, component),
        *_part_spans(facts, terms, on, component),
        *_extensions(facts, component),
    ]


def chain(facts: MachineFacts, terms: Sequence[Term], on: date, component: str = "") -> list[Span]:
    """The phases of a component one after the other; the first also covers the days before it begins."""
    spans: list[Span] = []
    for term in _rows(terms, component):
        before = spans[-1] if spans else None
        if before is not None and before.until is None:
            break
        start = _start(facts, terms, term, on, before)
        if start is None:
            break
        span = _span(facts, term, start, before)
        if span is not None:
            spans.append(span)
    return spans


def supply(facts: MachineFacts, terms: Sequence[Term], on: date) -> Span | None:
    """How long spare parts are supplied (WAR-08)."""
    promised = [term for term in terms if term.phase == "supply"]
    if not promised:
        return None
    term = max(promised, key=lambda term: (term.scope, -term.order))
    start = _start(facts, terms, term, on, None)
    return _span(facts, term, start, None) if start else None


def _rows(terms: Sequence[Term], component: str) -> list[Term]:
    """Per phase the rows of the most specific scope, the component's own before the machine's."""
    rows: list[Term] = []
    for phase in PHASES:
        here = [term for term in terms if term.phase == phase and term.basis != "replacement"]
        own = [term for term in here if component and term.component == component]
        found = own or [term for term in here if not term.component]
        if found:
            best = max(term.scope for term in found)
            rows += sorted((t for t in found if t.scope == best), key=lambda t: (t.order, t.code))
    return rows


def _start(facts: MachineFacts, terms: Sequence[Term], term: Term, on: date, before: Span | None) -> Start | None:
    """The day a term counts from: the phase before, a restart, the basis, else the next best day that is known."""
    if term.basis == "previous" and before is not None and before.until is not None:
        return Start(before.until, before.start.basis)
    restart = _restart(facts, terms, term, on)
    if restart is not None:
        return restart
    day = facts.day_of(term.basis)
    if day is not None:
        return Start(day, term.basis)
    missing = "" if term.basis == "previous" else term.basis
    for basis in FALLBACK:
        day = facts.day_of(basis)
        if day is not None:
            return Start(day, basis, instead_of=missing)
    if facts.produced_on is not None and term.made_plus_months is not None:
        return Start(add_months(facts.produced_on, term.made_plus_months), "production", instead_of=missing)
    return None


def _restart(facts: MachineFacts, terms: Sequence[Term], term: Term, on: date) -> Start | None:
    """The last exchange of the machine, or for the whole machine that of a key part whose term says so."""
    days = [(done.on, "exchange") for done in facts.replaced if done.whole_machine and done.on <= on]
    if not term.component:
        key_parts = {t.component for t in terms if t.basis == "replacement" and t.restarts_machine}
        days += [(d.on, "restart") for d in facts.replaced if d.component in key_parts - {""} and d.on <= on]
    return Start(*max(days)) if days else None


def _span(facts: MachineFacts, term: Term, start: Start, before: Span | None) -> Span | None:
    """The days of a term, ending by months or hours, whichever is first; None for an empty one."""
    if term.months == 0:
        return None
    follows = term.basis == "previous" and before is not None
    since = start.day + ONE_DAY if before is not None else start.day
    if before is not None and before.until is not None:
        since = max(since, before.until + ONE_DAY) if follows else before.until + ONE_DAY
    anchor, offset = (before.anchor, before.offset) if follows and before is not None else (start.day, 0)
    until = None
    if term.months is not None:
        offset += term.months
        until = add_months(anchor, offset)
        if term.adds_days_out:
            longer = lengthened(start.day, until, facts.out_of_service)
            if longer != until:
                until, anchor, offset = longer, longer, 0
    worn_on = _hours_end(facts, term.hours, start.day)
    by_hours = worn_on is not None and (until is None or worn_on < until)
    if by_hours and worn_on is not None:
        until, anchor, offset = worn_on, worn_on, 0
    if until is not None and until < since:
        return None
    return Span(term, start, since, until, anchor, offset, by_hours, before is None, "chain", before)


def _hours_end(facts: MachineFacts, limit: Decimal | None, since: date) -> date | None:
    """The day before the first reading above the limit, counted from the reading at the start."""
    if limit is None:
        return None
    readings = sorted(facts.readings)
    at_start = max((hours for day, hours in readings if day <= since), default=Decimal(0))
    for day, hours in readings:
        used = hours - at_start if hours >= at_start else hours
        if day > since and used > limit:
            return day - ONE_DAY
    return None


def _part_spans(facts: MachineFacts, terms: Sequence[Term], on: date, component: str) -> list[Span]:
    """The term of a part put in later: its last replacement counts, the machine's own term stays as it was."""
    if not component:
        return []
    spans = []
    days = [done.on for done in facts.replaced if done.component == component and done.on <= on]
    own = [t for t in terms if t.basis == "replacement" and t.component == component]
    found = own or [t for t in terms if t.basis == "replacement" and not t.component]
    if days and found:
        term = max(found, key=lambda t: (t.scope, -t.order))
        span = _span(facts, term, Start(max(days), "replacement"), None)
        if span is not None:
            spans.append(replace(span, kind="part", covers_before=False))
    for kind, name, last in facts.part_terms:
        if kind == component:
            term = Term(f"part:{name}", component=kind, name=Text(name, name), component_name=Text(name, name))
            spans.append(Span(term, Start(last, "replacement"), date.min, last, last, kind="own"))
    return spans


def _extensions(facts: MachineFacts, component: str) -> list[Span]:
    """Bought extensions and maintenance contracts that include the component."""
    return [
        Span(
            _as_term(sold), Start(sold.starts_on, sold.kind), sold.starts_on, sold.ends_on, sold.ends_on, kind=sold.kind
        )
        for sold in facts.extensions
        if not sold.components or component in sold.components
    ]


def _as_term(sold: Extension) -> Term:
    return Term(
        code=sold.number,
        phase=sold.kind,
        basis=sold.kind,
        labour=sold.labour,
        parts=sold.parts,
        travel=sold.travel,
        mode=sold.mode,
        excluded=sold.excluded,
        source=Text(sold.number, sold.number),
    )
