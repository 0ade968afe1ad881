"""The calendar of follow-ups: dates of machines, half-years in warranty, random samples. Run twice it does no more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import history
from customers.models import Equipment
from followups import scheduling
from followups.actions.making import ZONE, make, make_for_machine, rules_in_force
from followups.models import Draw, FollowUp, Rule
from tickets.models import Ticket
from warranty import decision, many
from warranty.periods import add_months

MOST_PERIODS = 20
"""How many intervals after its start a machine is looked at, at most."""


SHORT_MONTHS = timedelta(days=3)
"""31 August and six months is 28 February: days that short months swallow."""


def sweep(*, at: datetime | None = None) -> int:
    """Make everything the calendar asks for by a moment; a stopped system catches up; returns how many."""
    at = at or timezone.now()
    today = timezone.localtime(at).date()
    made = sum(_dates(rule, today, at) for rule in rules_in_force(today, Rule.Trigger.DATE))
    made += sum(_intervals(rule, today, at) for rule in rules_in_force(today, Rule.Trigger.INTERVAL))
    return made + sum(_samples(rule, today, at) for rule in rules_in_force(today, Rule.Trigger.SAMPLE))


def _dates(rule: Rule, today: date, at: datetime) -> int:
    """Machines whose date lies in the days the rule looks back over."""
    field = rule.spec["field"]
    back = timedelta(days=rule.spec["lookback_days"])
    first = today - back
    recent = FollowUp.objects.filter(rule_code=rule.code, created_at__gte=at - back - timedelta(days=1))
    known = set(recent.values_list("subject", "slot"))
    made = 0
    for machine in _machines().filter(**{f"{field}__range": (first, today)}).iterator(500):
        if (f"equipment:{machine.pk}", f"{field}:{getattr(machine, field)}") not in known:
            made += len(make_for_machine(machine, at=at, rules=[rule]))
    return made


def _intervals(rule: Rule, today: date, at: datetime) -> int:
    """Machines in warranty whose next so many months are over since they began to work."""
    months, back = rule.spec["every_months"], timedelta(days=rule.spec["lookback_days"])
    recent = FollowUp.objects.filter(rule_code=rule.code, created_at__gte=at - back - timedelta(days=1))
    known = set(recent.values_list("subject", "slot"))
    made = 0
    for period in range(1, MOST_PERIODS + 1):
        latest = add_months(today, -months * period) + SHORT_MONTHS
        earliest = add_months(today - back, -months * period)
        wanted = []
        for machine in _begun_between(rule, earliest, latest):
            day = add_months(_begin(rule, machine), months * period)
            if today - back <= day <= today and (f"equipment:{machine.pk}", f"period:{period}") not in known:
                wanted.append((machine, day))
        for chunk in _batched(wanted, 500):
            for machine, day in _still_free(chunk):
                since = datetime.combine(day, time(0), ZONE)
                made += make(rule, machine, slot=f"period:{period}", since=since, at=at) is not None
    return made


def _still_free(machines: Sequence[tuple[Equipment, date]]) -> Iterator[tuple[Equipment, date]]:
    """Those that were in the free period on their day."""
    facts = many.facts_of_many([machine for machine, _day in machines])
    for machine, day in machines:
        known, terms = facts[machine.pk]
        if decision.decide(known, terms, day).code == "free":
            yield machine, day


def _batched(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows in pieces of a size."""
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size]


def _begun_between(rule: Rule, first: date, last: date) -> Any:
    """Machines whose first known day of the rule's fields lies in a range, and which have not had this turn."""
    rows = _machines().none()
    unknown: dict[str, bool] = {}
    for field in rule.spec["fields"]:
        rows |= _machines().filter(**{f"{field}__range": (first, last)}, **unknown)
        unknown[f"{field}__isnull"] = True
    return rows.iterator(500)


def _begin(rule: Rule, machine: Equipment) -> date:
    days = [getattr(machine, field) for field in rule.spec["fields"]]
    return next(day for day in days if day is not None)


def _samples(rule: Rule, today: date, at: datetime) -> int:
    """Draw for every weekday of the rule that has come since the last draw."""
    last = Draw.objects.filter(rule_code=rule.code).order_by("-slot").values_list("slot", flat=True).first()
    earliest = today - timedelta(days=rule.spec["lookback_days"])
    after = max(last or earliest, earliest, rule.valid_from - timedelta(days=1))
    return sum(_draw(rule, slot, at) for slot in scheduling.weekly_slots(rule.spec["weekdays"], after, today))


@transaction.atomic
def _draw(rule: Rule, slot: date, at: datetime) -> int:
    """Draw from the tickets closed since the slot before whose customers were not asked yet."""
    begin, end = scheduling.slot_before(rule.spec["weekdays"], slot), slot
    bounds = [datetime.combine(day, time(0), ZONE) for day in (begin, end)]
    closed = Ticket.objects.filter(closed_at__gte=bounds[0], closed_at__lt=bounds[1])
    asked = FollowUp.objects.filter(ticket__in=closed, done_at__isnull=False).exclude(rule_code=rule.code)
    population = sorted(closed.exclude(pk__in=asked.values("ticket")).values_list("number", flat=True))
    seed = scheduling.seed(rule.code, slot)
    chosen = scheduling.draw(population, rule.spec["size"], seed)
    values = {"rule": rule, "seed": seed, "population": population, "chosen": chosen, "at": at}
    draw, created = Draw.objects.get_or_create(rule_code=rule.code, slot=slot, defaults=values)
    if not created:
        return 0
    data = {"slot": slot.isoformat(), "population": len(population), "chosen": len(chosen)}
    history.record("followup.drawn", draw, by=None, at=at, data=data)
    tickets = Ticket.objects.filter(number__in=chosen).select_related("customer", "equipment", "region")
    made = [make(rule, ticket, slot=f"draw:{slot}", since=at, at=at) for ticket in tickets.order_by("number")]
    return sum(followup is not None for followup in made)


def _machines() -> Any:
    return Equipment.objects.select_related("customer__province__region", "model__product_line", "contract").exclude(
        state=Equipment.State.SCRAPPED
    )
