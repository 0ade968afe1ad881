"""The decision for many machines at once, with the same number of queries for one and for a thousand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from customers.models import Component, Equipment, MeterReading
from warranty import decision
from warranty.facts_of import as_value, extension_value
from warranty.models import DaysOut, Extension, Replacement, Term
from warranty.periods import add_months
from warranty.spans import chain

AT_MOST = 500
DAYS = ("purchased_on", "delivered_on", "accepted_on", "first_used_on")
SHORT_MONTHS = timedelta(days=3)
"""31 August less six months is 28 February: days that short months swallow."""


def facts_of_many(machines: Sequence[Equipment]) -> dict[int, tuple[decision.MachineFacts, list[decision.Term]]]:
    """Facts and terms by machine; parts that moved between machines count where they were put in."""
    keys = [machine.pk for machine in machines]
    readings, replaced, out, bought, parts = (defaultdict(list) for _kind in range(5))
    for read in MeterReading.objects.filter(equipment__in=keys, is_plausible=True):
        readings[read.equipment_id].append((timezone.localtime(read.at).date(), read.hours))
    for done in Replacement.objects.filter(equipment__in=keys):
        replaced[done.equipment_id].append(decision.Replaced(done.on, done.component, done.whole_machine, done.name))
    for stood in DaysOut.objects.filter(equipment__in=keys):
        out[stood.equipment_id].append((stood.first, stood.last or max(stood.first, timezone.localdate())))
    for sold in Extension.objects.approved().filter(equipment__in=keys):
        bought[sold.equipment_id].append(extension_value(sold))
    for part in Component.objects.filter(equipment__in=keys, removed_on=None):
        if part.warranty_until:
            parts[part.equipment_id].append((part.kind, part.name, part.warranty_until))
    terms = _terms(machines)
    found = {}
    for machine in machines:
        facts = decision.MachineFacts(
            purchased_on=machine.purchased_on,
            delivered_on=machine.delivered_on,
            accepted_on=machine.accepted_on,
            first_used_on=machine.first_used_on,
            produced_on=machine.produced_on,
            readings=tuple(readings[machine.pk]),
            replaced=tuple(replaced[machine.pk]),
            out_of_service=tuple(out[machine.pk]),
            extensions=tuple(bought[machine.pk]),
            part_terms=tuple(parts[machine.pk]),
        )
        found[machine.pk] = (facts, [value for row, value in terms if _applies(row, machine)])
    return found


def _terms(machines: Iterable[Equipment]) -> list[tuple[Term, decision.Term]]:
    contracts = {machine.contract_id for machine in machines if machine.contract_id}
    keys = [machine.pk for machine in machines]
    rows = Term.objects.filter(
        Q(contract=None, equipment=None) | Q(contract__in=contracts) | Q(equipment__in=keys)
    ).select_related("component", "contract")
    return [(row, as_value(row)) for row in rows]


def _applies(row: Term, machine: Equipment) -> bool:
    """Whether a term may apply to a machine."""
    wanted = (
        (row.equipment_id, machine.pk),
        (row.contract_id, machine.contract_id),
        (row.product_model_id, machine.model_id),
        (row.product_line_id, machine.model.product_line_id),
    )
    return all(key is None or key == own for key, own in wanted)


def ending(machines: Any, *, on: date, days: int) -> list[tuple[Equipment, date]]:
    """Machines whose free period ends within so many days, the next to end first (WAR-08)."""
    last = on + timedelta(days=days)
    months = Term.objects.filter(component=None, phase="free", months__gt=0).values_list("months", flat=True)
    exchanged = Replacement.objects.filter(whole_machine=True).values("equipment")
    near = Q(pk__in=DaysOut.objects.values("equipment")) | Q(pk__in=exchanged)
    for count in {count for count in months if count}:
        begun = (add_months(on, -count) - SHORT_MONTHS, add_months(last, -count))
        for field in DAYS:
            near |= Q(**{f"{field}__range": begun})
    rows = machines.filter(near).exclude(state=Equipment.State.SCRAPPED).order_by(F("accepted_on").asc(nulls_last=True))
    rows = list(rows.select_related("model__product_line", "customer", "contract")[:AT_MOST])
    found = []
    for pk, (facts, terms) in facts_of_many(rows).items():
        free = [span for span in chain(facts, decision.in_force(facts, terms, on), on) if span.term.phase == "free"]
        until = max((span.until for span in free if span.until), default=None)
        if until is not None and on <= until <= last:
            found.append((pk, until))
    by_key = {row.pk: row for row in rows}
    return [(by_key[pk], until) for pk, until in sorted(found, key=lambda pair: (pair[1], pair[0]))]
