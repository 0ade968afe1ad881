"""The one warranty decision (WAR-01 to WAR-05, WAR-07): facts of a machine and terms in, verdict out, in words.

Without Django.

1. Of each term the version that bound the sale counts; agreements of a contract or of one machine count as amended.
2. For the component and each phase (free, cost price, lifetime paid) the most specific scope wins; where the
   component has no rows of its own, the machine's are taken. The phases follow each other.
3. A part put in later, a bought extension or a maintenance contract may cover the day better; the best cover wins.
4. A cause that the term excludes takes the cover away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from warranty import wording
from warranty.facts import (
    OWN_AGREEMENT,
    Allowance,
    Extension,
    MachineFacts,
    Replaced,
    Span,
    Term,
    Verdict,
)
from warranty.periods import add_months
from warranty.spans import all_spans
from warranty.wording import NOTHING, Text

__all__ = [
    "Allowance",
    "Extension",
    "MachineFacts",
    "Replaced",
    "Span",
    "Term",
    "Verdict",
    "changes",
    "decide",
    "in_force",
]

RANK = {"free": 0, "cost": 1, "charged": 2, "unknown": 3}


class Cover(NamedTuple):
    """Who pays labour, parts and travel under a span, and whether the cause was excluded."""

    labour: str
    parts: str
    travel: str
    excluded: bool = False

    @property
    def code(self) -> str:
        """The worse of labour and parts."""
        return max(self.labour, self.parts, key=lambda code: RANK[code])


def decide(
    facts: MachineFacts | None, terms: Iterable[Term], on: date, component: str = "", cause: str = ""
) -> Verdict:
    """Free, at cost or charged on a local day for a component (empty: the machine) and a cause (WAR-07)."""
    cause = wording.SYNONYMS.get(cause, cause)
    empty = Verdict("unknown", on=on, component=component, cause=cause)
    if facts is None:
        text = Text("还不知道是哪台机器。", "It is not known which machine this is about.")
        return replace(empty, reason_text=text)
    bound = in_force(facts, terms, on)
    spans = [span for span in all_spans(facts, bound, on, component) if span.holds(on)]
    if not spans:
        return replace(empty, reason_text=_why_unknown(bound))
    covered = [(_cover(span, cause), span) for span in spans]
    cover, span = min(covered, key=_preference)
    return _verdict(facts, span, cover, empty)


def in_force(facts: MachineFacts, terms: Iterable[Term], on: date) -> list[Term]:
    """Of each code the version that binds this machine: at the sale, for own agreements at the day asked."""
    by_code: dict[str, list[Term]] = {}
    for term in terms:
        by_code.setdefault(term.code, []).append(term)
    chosen = []
    for versions in by_code.values():
        versions.sort(key=lambda term: (term.valid_from, term.version))
        day = on if versions[0].scope >= OWN_AGREEMENT else (facts.sold_on or on)
        known = [term for term in versions if term.valid_from <= day]
        chosen.append(known[-1] if known else versions[0])
    return [term for term in chosen if not term.withdrawn]


def changes(old: Verdict, new: Verdict) -> list[Text]:
    """What a later fact changed in a frozen verdict, in words; empty when nothing did (WAR-07)."""
    said = []
    for name, zh, en in (
        ("code", "结论", "verdict"),
        ("labour", "人工", "labour"),
        ("parts", "配件", "parts"),
        ("travel", "差旅", "travel"),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            a, b = wording.CODES[before], wording.CODES[after]
            said.append(Text(f"{zh}：{a.zh} → {b.zh}", f"{en}: {a.en.lower()} → {b.en.lower()}"))
    if old.until != new.until:
        a_day, b_day = old.until or "—", new.until or "—"
        said.append(Text(f"到期：{a_day} → {b_day}", f"until: {a_day} → {b_day}"))
    return said


def _preference(pair: tuple[Cover, Span]) -> tuple[int, ...]:
    """Best code first, then the best travel, then the longest."""
    cover, span = pair
    return RANK[cover.code], RANK[cover.labour], RANK[cover.travel], -(span.until or date.max).toordinal()


def _cover(span: Span, cause: str) -> Cover:
    term = span.term
    if cause and cause in term.excluded and RANK[term.labour] + RANK[term.parts] < 2 * RANK["charged"]:
        then = term.when_excluded
        return Cover(_worse(term.labour, then), _worse(term.parts, then), _worse(term.travel, then), True)
    return Cover(term.labour, term.parts, term.travel)


def _worse(one: str, other: str) -> str:
    return max(one, other, key=lambda code: RANK[code])


def _verdict(facts: MachineFacts, span: Span, cover: Cover, empty: Verdict) -> Verdict:
    term = span.term
    return replace(
        empty,
        code=cover.code,
        labour=cover.labour,
        parts=cover.parts,
        travel=cover.travel,
        phase=term.phase if span.kind in ("chain", "extended", "maintenance") else "part",
        since=None if span.since == date.min else span.since,
        until=span.until,
        mode=term.mode,
        term_code=term.code,
        term_version=term.version,
        term_text=term.source if term.source != NOTHING else term.name,
        reason_text=wording.capital(_reason(span, cover, empty)),
        terms_text=_terms_text(span, cover),
        excluded=cover.excluded,
        allowances=tuple(_allowances(facts, span, empty.on or span.since)),
    )


def _reason(span: Span, cover: Cover, asked: Verdict) -> Text:
    text = _about(span) + _why(span, asked.on or span.since)
    if span.by_hours and span.until:
        text += Text("（运行小时先到）", " (the hours came first)")
    if span.start.instead_of:
        missing, taken = wording.BASES[span.start.instead_of], wording.BASES[span.start.basis]
        text += Text(
            f"；没有{missing.zh}日期，从{taken.zh}（{span.start.day}）算起",
            f"; no date of {missing.en}, counted from {taken.en} ({span.start.day})",
        )
    if cover.excluded:
        cause = wording.CAUSES.get(asked.cause, Text(asked.cause, asked.cause))
        text = (
            Text(f"原因是{cause.zh}，不在质保范围内；", f"the cause is {cause.en}, which the warranty excludes; ")
            + text
        )
    return text + Text("。", ".")


def _about(span: Span) -> Text:
    """What the sentence speaks of: the component whose phases these are, else the machine."""
    first = span
    while first.before is not None:
        first = first.before
    name = span.term.component_name if span.term.component else first.term.component_name
    if span.kind in ("extended", "maintenance"):
        return NOTHING
    if name == NOTHING and not first.term.component:
        name = wording.WHOLE_MACHINE
    return name + Text("，", ", ") if name != NOTHING else NOTHING


def _why(span: Span, on: date) -> Text:
    """The heart of the sentence: within what, or what ended and what runs now."""
    term, source, end = span.term, wording.in_brackets(span.term.source), wording.until(span.until)
    if span.kind in ("extended", "maintenance"):
        return wording.PHASES[span.kind] + source + end
    if span.kind == "own":
        return wording.PHASES["part"] + end
    if on < span.since and span.covers_before:
        basis = wording.BASES[span.start.basis]
        begun = Text(f"尚未{basis.zh}（{span.start.day}），质保还没开始计算", f"before {basis.en} on {span.start.day}")
        return begun + source + end
    if span.before is None:
        since = "acceptance" if term.basis == "previous" else span.start.basis
        return wording.length(since, term.months, term.hours) + source + end
    ended, now = wording.PHASES[span.before.term.phase], wording.PHASES[term.phase]
    if span.before.term.phase == term.phase:
        return Text(f"仍在{now.zh}", f"still in the {now.en}") + source + end
    return (
        Text(
            f"{ended.zh}已于 {span.before.until} 到期，现为{now.zh}",
            f"{ended.en} ended {span.before.until}, now {now.en}",
        )
        + source
        + end
    )


def _terms_text(span: Span, cover: Cover) -> Text:
    """Who pays what, how the service is given, and what would change it."""
    term = span.term
    parts = [wording.covers(*cover[:3]), wording.MODES[term.mode]]
    text = wording.joined(parts, "·", " · ")
    if term.excluded and not cover.excluded and cover.code == "free":
        causes = [wording.CAUSES.get(code, Text(code, code)) for code in term.excluded]
        named, then = wording.joined(causes, "、", ", "), wording.CODES[term.when_excluded]
        text += Text(f"。若查明是{named.zh}，转为{then.zh}", f". If found to be {named.en}: {then.en.lower()}")
    return text + Text("。", ".")


def _allowances(facts: MachineFacts, span: Span, on: date) -> Iterable[dict[str, Any]]:
    """What the term grants and how much of it is left on the day."""
    for granted in span.term.allowances:
        first, last = _window(span, granted.per, on)
        used = sum(first <= day <= last for day in facts.used.get(granted.code, ()))
        yield {
            "code": granted.code,
            "name_zh": granted.name.zh,
            "name_en": granted.name.en,
            "limit": granted.limit,
            "per": granted.per,
            "used": used,
            "left": max(0, granted.limit - used),
        }


def _window(span: Span, per: str, on: date) -> tuple[date, date]:
    """The days an allowance is counted over: the term, or the year of it that the day lies in."""
    if per == "term":
        return span.since, span.until or date.max
    years = 0
    while add_months(span.since, 12 * (years + 1)) <= on:
        years += 1
    return add_months(span.since, 12 * years), add_months(span.since, 12 * (years + 1))


def _why_unknown(bound: Sequence[Term]) -> Text:
    if not bound:
        return Text("没有适用的质保条款。", "No warranty term applies to this machine.")
    return Text(
        "不知道从哪天算起：请补上验收、交货或购买日期。",
        "It is not known since when: enter the day of acceptance, delivery or purchase.",
    )
