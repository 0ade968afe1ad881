"""The three guarantees [三包] as policy data: which rights of the customer have arisen. No Django.

A fault counts only if one was found and the customer did not cause it. The day of the sale is not counted.
After an exchange everything begins anew with the exchanged machine (WAR-06).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from warranty.periods import ONE_DAY
from warranty.wording import NOTHING, Text

NOT_THE_MAKERS = frozenset({"operation", "alteration", "storage", "force_majeure"})

REMEDIES = {
    "repair": Text("修理", "repair"),
    "exchange": Text("换货", "exchange"),
    "return": Text("退货", "return"),
    "loan": Text("备用机", "loan machine"),
}

TRIGGERS = {
    "fault_within": Text("售出后若干天内出故障", "fault within days of the sale"),
    "no_reason_within": Text("售出后若干天内无理由", "within days of the sale, no reason asked"),
    "repairs": Text("同一故障修过若干次仍坏", "the same fault again after repairs"),
    "repair_longer": Text("修理超过若干天", "a repair longer than days"),
    "parts_wait": Text("等配件超过若干天", "parts awaited longer than days"),
    "repair_running": Text("修理期间", "while a repair lasts"),
}

IsWorkingDay = Callable[[date], bool]


@dataclass(frozen=True)
class Rule:
    """One rule: what triggers it, within how long, and what the customer may then ask for."""

    code: str
    trigger: str
    remedies: tuple[str, ...]
    days: int | None = None
    working_days: int | None = None
    count: int | None = None
    claim_within_days: int | None = None
    claim_within_working_days: int | None = None
    name: Text = NOTHING
    source: Text = NOTHING


@dataclass(frozen=True)
class Fault:
    """One reported fault of a machine and what came of it; days are local."""

    source: str
    reported_on: date
    kind: str = ""
    number: str = ""
    repaired_on: date | None = None
    cause: str = ""
    fault_found: bool = True
    out_since: date | None = None
    out_until: date | None = None
    parts_awaited_since: date | None = None
    parts_came_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether there was a fault and it was not the customer's doing."""
        return self.fault_found and self.cause not in NOT_THE_MAKERS


@dataclass(frozen=True)
class Sale:
    """When the guarantees begin: the sale or the last exchange; and the last day of the free period."""

    on: date
    free_until: date | None = None


@dataclass(frozen=True)
class Arisen:
    """A right with the day it arose and the last day it can be claimed (None: open)."""

    rule: Rule
    source: str
    number: str
    arose_on: date
    ends_on: date | None
    reason: Text


def weekdays_only(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def add_working_days(day: date, count: int, is_working_day: IsWorkingDay = weekdays_only) -> date:
    """The working day so many working days after a day, which itself is not counted."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def rights(
    sale: Sale,
    faults: Iterable[Fault],
    rules: Iterable[Rule],
    on: date,
    is_working_day: IsWorkingDay = weekdays_only,
) -> list[Arisen]:
    """All rights that have arisen up to a day, each rule and fault once, in the order they arose."""
    mine = sorted(
        (f for f in faults if f.counts and sale.on <= f.reported_on <= on), key=lambda f: (f.reported_on, f.source)
    )
    found = [arisen for rule in rules for arisen in _of_rule(rule, sale, mine, on, is_working_day)]
    return sorted((a for a in found if a.arose_on <= on), key=lambda a: (a.arose_on, a.rule.code, a.source))


def _of_rule(rule: Rule, sale: Sale, faults: list[Fault], on: date, working: IsWorkingDay) -> Iterator[Arisen]:
    if rule.trigger == "no_reason_within":
        last = _window(rule, sale, working)
        said = Text(f"{sale.on} 售出，到 {last} 可以无理由退换", f"sold {sale.on}, no reason needed until {last}")
        yield Arisen(rule, "", "", sale.on, last, said)
        return
    for place, fault in enumerate(faults):
        if rule.trigger == "fault_within":
            yield from _early_fault(rule, sale, fault, working)
        elif rule.trigger == "repairs":
            yield from _repeated(rule, sale, fault, faults[:place], working)
        elif rule.trigger == "repair_running" and fault.out_since is not None:
            said = Text(f"{fault.out_since} 起停机修理", f"out of service for repair since {fault.out_since}")
            yield Arisen(rule, fault.source, fault.number, fault.out_since, fault.out_until, said)
        elif rule.trigger == "repair_longer":
            yield from _too_long(rule, sale, fault, fault.out_since, fault.out_until, working, on)
        elif rule.trigger == "parts_wait":
            yield from _too_long(rule, sale, fault, fault.parts_awaited_since, fault.parts_came_on, working, on)


def _window(rule: Rule, sale: Sale, working: IsWorkingDay) -> date:
    if rule.working_days is not None:
        return add_working_days(sale.on, rule.working_days, working)
    return sale.on + timedelta(days=rule.days or 0)


def _ends(rule: Rule, arose: date, otherwise: date | None, working: IsWorkingDay) -> date | None:
    if rule.claim_within_working_days is not None:
        return add_working_days(arose, rule.claim_within_working_days, working)
    if rule.claim_within_days is not None:
        return arose + timedelta(days=rule.claim_within_days)
    return otherwise


def _early_fault(rule: Rule, sale: Sale, fault: Fault, working: IsWorkingDay) -> Iterator[Arisen]:
    last = _window(rule, sale, working)
    if fault.reported_on <= last:
        zh = f"{sale.on} 售出，{fault.reported_on} 出故障，在 {last} 之内"
        en = f"sold {sale.on}, fault on {fault.reported_on}, which is not later than {last}"
        ends = _ends(rule, fault.reported_on, last, working)
        yield Arisen(rule, fault.source, fault.number, fault.reported_on, ends, Text(zh, en))


def _repeated(rule: Rule, sale: Sale, fault: Fault, earlier: list[Fault], working: IsWorkingDay) -> Iterator[Arisen]:
    """The fault is there again although it was repaired so many times in the free period."""
    done = [f for f in earlier if f.kind and f.kind == fault.kind and f.repaired_on is not None]
    done = [f for f in done if f.repaired_on is not None and f.repaired_on <= fault.reported_on]
    in_time = sale.free_until is None or fault.reported_on <= sale.free_until
    if in_time and len(done) >= (rule.count or 2):
        days = "、".join(str(f.repaired_on) for f in done)
        zh = f"同一故障已修 {len(done)} 次（{days}），{fault.reported_on} 又出现"
        listed = days.replace("、", ", ")
        en = f"the same fault was repaired {len(done)} times ({listed}) and is back on {fault.reported_on}"
        ends = _ends(rule, fault.reported_on, sale.free_until, working)
        yield Arisen(rule, fault.source, fault.number, fault.reported_on, ends, Text(zh, en))


def _too_long(
    rule: Rule, sale: Sale, fault: Fault, since: date | None, until: date | None, working: IsWorkingDay, on: date
) -> Iterator[Arisen]:
    """Longer than the days of the rule, counted from the day after it began."""
    if since is None:
        return
    arose = since + timedelta(days=(rule.days or 0) + 1)
    if arose <= min(until or on, on):
        what = TRIGGERS[rule.trigger]
        days = ((until or on) - since).days
        said = Text(f"{since} 起已 {days} 天：{what.zh}", f"since {since}, {days} days: {what.en}")
        yield Arisen(rule, fault.source, fault.number, arose, _ends(rule, arose, sale.free_until, working), said)
