"""What the warranty decision reasons about: terms, facts of a machine, spans of time, the verdict. No Django."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from warranty import wording
from warranty.periods import Days
from warranty.wording import NOTHING, Text

PHASES = ("free", "cost", "charged")
OWN_AGREEMENT = 3
"""Scope from which a term is an agreement of a contract or of one machine."""


class Reader:
    """Whoever reads a verdict now; the app sets `language` to ask the request."""

    language: Callable[[], str] = staticmethod(lambda: "zh-hans")


@dataclass(frozen=True)
class Allowance:
    """So many services of one kind within the term or within each of its years (WAR-03)."""

    code: str
    name: Text
    limit: int
    per: str = "term"


@dataclass(frozen=True)
class Term:
    """One version of a warranty term. `scope` is 0 for all, 1 line, 2 model, 3 contract, 4 machine."""

    code: str
    phase: str = "free"
    component: str = ""
    basis: str = "acceptance"
    months: int | None = None
    hours: Decimal | None = None
    order: int = 10
    scope: int = 0
    version: int = 1
    valid_from: date = date.min
    withdrawn: bool = False
    labour: str = "free"
    parts: str = "free"
    travel: str = "free"
    mode: str = ""
    allowances: tuple[Allowance, ...] = ()
    excluded: tuple[str, ...] = ()
    when_excluded: str = "charged"
    adds_days_out: bool = False
    restarts_machine: bool = False
    made_plus_months: int | None = None
    name: Text = NOTHING
    source: Text = NOTHING
    component_name: Text = NOTHING


@dataclass(frozen=True)
class Replaced:
    """A part put in, or the whole machine exchanged."""

    on: date
    component: str = ""
    whole_machine: bool = False
    name: str = ""


@dataclass(frozen=True)
class Extension:
    """A bought extension or a maintenance contract; without components it covers all."""

    kind: str
    number: str
    starts_on: date
    ends_on: date
    components: tuple[str, ...] = ()
    labour: str = "free"
    parts: str = "free"
    travel: str = "free"
    mode: str = ""
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class MachineFacts:
    """What the decision needs to know of a machine; days are local."""

    purchased_on: date | None = None
    delivered_on: date | None = None
    accepted_on: date | None = None
    first_used_on: date | None = None
    produced_on: date | None = None
    readings: tuple[tuple[date, Decimal], ...] = ()
    replaced: tuple[Replaced, ...] = ()
    out_of_service: tuple[Days, ...] = ()
    extensions: tuple[Extension, ...] = ()
    part_terms: tuple[tuple[str, str, date], ...] = ()
    used: Mapping[str, tuple[date, ...]] = field(default_factory=dict)

    def day_of(self, basis: str) -> date | None:
        """The day a basis names, where it is known."""
        return {
            "purchase": self.purchased_on,
            "delivery": self.delivered_on,
            "acceptance": self.accepted_on,
            "first_use": self.first_used_on,
        }.get(basis)

    @property
    def sold_on(self) -> date | None:
        """The day whose terms bind: purchase, else the earliest later day that is known."""
        days = [self.purchased_on, self.delivered_on, self.accepted_on, self.first_used_on, self.produced_on]
        return next((day for day in days if day), None)


@dataclass(frozen=True)
class Start:
    """Where a chain of phases begins: the day, what it is, and the basis that was missing."""

    day: date
    basis: str
    instead_of: str = ""


@dataclass(frozen=True)
class Span:
    """A term over time on one machine; `until` None has no end, both days counted.

    `anchor` and `offset` are the day and the months from it that `until` was counted with, so that the next
    phase does not lose days at short months.
    """

    term: Term
    start: Start
    since: date
    until: date | None
    anchor: date
    offset: int = 0
    by_hours: bool = False
    covers_before: bool = False
    kind: str = "chain"
    before: "Span | None" = None

    def holds(self, on: date) -> bool:
        """Whether the day lies in the span."""
        return (self.covers_before or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Verdict:
    """What a repair on a day would cost the customer, in words of both languages, and what it rests on."""

    code: str
    labour: str = "unknown"
    parts: str = "unknown"
    travel: str = "unknown"
    on: date | None = None
    component: str = ""
    cause: str = ""
    phase: str = ""
    since: date | None = None
    until: date | None = None
    mode: str = ""
    term_code: str = ""
    term_version: int = 0
    term_text: Text = NOTHING
    reason_text: Text = NOTHING
    terms_text: Text = NOTHING
    excluded: bool = False
    allowances: tuple[dict[str, Any], ...] = ()

    @property
    def word(self) -> str:
        """The deciding word in the reader's language."""
        return wording.CODES[self.code].within(Reader.language())

    @property
    def tone(self) -> str:
        """Tone of the verdict box."""
        return wording.TONES[self.code]

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return self.reason_text.within(Reader.language())

    @property
    def term(self) -> str:
        """What is covered how, in the reader's language."""
        return self.terms_text.within(Reader.language())

    @property
    def term_name(self) -> str:
        """The term or contract it rests on, in the reader's language."""
        return self.term_text.within(Reader.language())

    def sentence(self, language: str = "") -> str:
        """The whole verdict as one sentence."""
        language = language or Reader.language()
        colon = ": " if language.startswith("en") else "："
        return wording.CODES[self.code].within(language) + colon + self.reason_text.within(language)

    def as_json(self) -> dict[str, Any]:
        """Plain values for freezing and for the API."""
        plain = asdict(self)
        for name in ("on", "since", "until"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        for name in ("term_text", "reason_text", "terms_text"):
            text = plain.pop(name)
            plain[f"{name}_zh"], plain[f"{name}_en"] = text[0], text[1]
        plain["allowances"] = list(self.allowances)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Verdict":
        """The verdict that was frozen; nothing frozen is unknown."""
        if not plain:
            return cls("unknown")
        values = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        for name in ("on", "since", "until"):
            values[name] = date.fromisoformat(plain[name]) if plain.get(name) else None
        for name in ("term_text", "reason_text", "terms_text"):
            values[name] = Text(plain.get(f"{name}_zh", ""), plain.get(f"{name}_en", ""))
        values["allowances"] = tuple(plain.get("allowances", ()))
        return cls(**values)
