"""Rows to values: what the pure decision needs to know of a machine and the terms that may apply to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from customers.models import Component, Equipment, MeterReading
from warranty import decision
from warranty.guarantees import Sale
from warranty.models import AllowanceUse, DaysOut, Extension, GuaranteeRule, Replacement, Term
from warranty.spans import chain
from warranty.wording import Text


def terms_for(machine: Equipment) -> list[decision.Term]:
    """All versions of the terms that may apply to a machine, as values (one query)."""
    rows = Term.objects.for_machine(machine).select_related("component", "contract")
    return [as_value(row) for row in rows]


def as_value(row: Term) -> decision.Term:
    """A term row as the decision reads it."""
    kind = row.component
    return decision.Term(
        code=row.code,
        phase=row.phase,
        component=kind.code if kind else "",
        basis=row.basis,
        months=row.months,
        hours=row.hours,
        order=row.order,
        scope=row.scope,
        version=row.version,
        valid_from=row.valid_from,
        withdrawn=row.withdrawn,
        labour=row.labour,
        parts=row.parts,
        travel=row.travel,
        mode=row.mode,
        allowances=tuple(
            decision.Allowance(a["code"], Text(a["name_zh"], a["name_en"]), a["limit"], a.get("per", "term"))
            for a in row.allowances
        ),
        excluded=tuple(row.excluded_causes),
        when_excluded=row.when_excluded,
        adds_days_out=row.adds_days_out,
        restarts_machine=row.restarts_machine,
        made_plus_months=row.made_plus_months,
        name=Text(row.name_zh, row.name_en),
        source=_source(row),
        component_name=Text(kind.name_zh, kind.name_en.lower()) if kind else Text("", ""),
    )


def _source(row: Term) -> Text:
    """The contract with its clause, else the letter or rule the term rests on, else its name."""
    if row.contract is not None:
        number = row.contract.number
        zh = f"合同 {number}" + (f" {row.source_zh}" if row.source_zh else "")
        return Text(zh, f"contract {number}" + (f", {row.source_en}" if row.source_en else ""))
    return Text(row.source_zh or row.name_zh, row.source_en or row.name_en)


def facts_of(machine: Equipment, terms: Iterable[decision.Term]) -> decision.MachineFacts:
    """The facts of one machine: one query to see what there is, then one for each kind that is there."""
    there = _what_is_there(machine)
    needs_hours = any(term.hours is not None for term in terms)
    return decision.MachineFacts(
        purchased_on=machine.purchased_on,
        delivered_on=machine.delivered_on,
        accepted_on=machine.accepted_on,
        first_used_on=machine.first_used_on,
        produced_on=machine.produced_on,
        readings=_readings(machine) if needs_hours else (),
        replaced=_replaced(machine) if there["replaced"] or there["has_parts"] else (),
        out_of_service=_days_out(machine) if there["out"] else (),
        extensions=_extensions(machine) if there["extended"] else (),
        part_terms=_part_terms(machine) if there["has_parts"] else (),
        used=_used(machine) if there["has_used"] else {},
    )


def _what_is_there(machine: Equipment) -> Mapping[str, bool]:
    mine = {"equipment": OuterRef("pk")}
    found: Mapping[str, Any] = (
        Equipment.objects.filter(pk=machine.pk)
        .values(
            replaced=Exists(Replacement.objects.filter(**mine)),
            out=Exists(DaysOut.objects.filter(**mine)),
            extended=Exists(Extension.objects.approved().filter(**mine)),
            has_parts=Exists(Component.objects.filter(**mine, removed_on=None)),
            has_used=Exists(AllowanceUse.objects.filter(**mine)),
        )
        .get()
    )
    return found


def _readings(machine: Equipment) -> tuple[tuple[date, Decimal], ...]:
    rows = MeterReading.objects.filter(equipment=machine, is_plausible=True).order_by("at", "id")
    return tuple((timezone.localtime(at).date(), hours) for at, hours in rows.values_list("at", "hours"))


def _replaced(machine: Equipment) -> tuple[decision.Replaced, ...]:
    """Replacements on this machine, and those of numbered parts that came from another one; not of parts that left."""
    serials = set(machine.components.filter(removed_on=None).exclude(serial="").values_list("serial", flat=True))
    own = list(Replacement.objects.filter(equipment=machine))
    moved_in = Replacement.objects.filter(serial_in__in=serials).exclude(equipment=machine) if serials else ()
    numbers = [row.serial_in for row in own if row.serial_in and row.serial_in not in serials]
    elsewhere = set(
        Component.objects.filter(serial__in=numbers, removed_on=None)
        .exclude(equipment=machine)
        .values_list("serial", flat=True)
        if numbers
        else ()
    )
    return tuple(
        decision.Replaced(row.on, row.component, row.whole_machine, row.name)
        for row in (*own, *moved_in)
        if row.serial_in not in elsewhere or not row.serial_in
    )


def _days_out(machine: Equipment) -> tuple[tuple[date, date], ...]:
    today = timezone.localdate()
    rows = DaysOut.objects.filter(equipment=machine).values_list("first", "last")
    return tuple((first, last or max(first, today)) for first, last in rows)


def _extensions(machine: Equipment) -> tuple[decision.Extension, ...]:
    return tuple(extension_value(row) for row in Extension.objects.approved().filter(equipment=machine))


def extension_value(row: Extension) -> decision.Extension:
    """An extension row as the decision reads it."""
    return decision.Extension(
        kind=row.kind,
        number=row.number,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        components=tuple(row.components),
        labour=row.labour,
        parts=row.parts,
        travel=row.travel,
        excluded=tuple(row.excluded_causes),
    )


def _part_terms(machine: Equipment) -> tuple[tuple[str, str, date], ...]:
    rows = Component.objects.filter(equipment=machine, removed_on=None, warranty_until__isnull=False)
    return tuple((row.kind, row.name, row.warranty_until) for row in rows if row.warranty_until)


def _used(machine: Equipment) -> dict[str, tuple[date, ...]]:
    found: dict[str, list[date]] = defaultdict(list)
    for code, on in AllowanceUse.objects.filter(equipment=machine).values_list("code", "on"):
        found[code].append(on)
    return {code: tuple(days) for code, days in found.items()}


def rules_for(machine: Equipment, on: date) -> list[GuaranteeRule]:
    """The guarantee rules that hold for a machine on a day, the newest version of each code."""
    mine = Q(product_line=None, contract=None) | Q(product_line=machine.model.product_line_id)
    if machine.contract_id:
        mine |= Q(contract=machine.contract_id)
    found: dict[str, GuaranteeRule] = {}
    for rule in GuaranteeRule.objects.filter(mine, valid_from__lte=on).order_by("version"):
        found[rule.code] = rule
    return [rule for rule in found.values() if rule.active]


def sale_of(facts: decision.MachineFacts, terms: list[decision.Term], on: date) -> Sale | None:
    """The sale the guarantees count from: the last exchange, else the purchase or the next best day."""
    exchanged = [done.on for done in facts.replaced if done.whole_machine and done.on <= on]
    sold_on = max(exchanged) if exchanged else facts.sold_on
    if sold_on is None:
        return None
    free = [span.until for span in chain(facts, decision.in_force(facts, terms, on), on) if span.term.phase == "free"]
    return Sale(sold_on, free_until=max((day for day in free if day), default=None))


def working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5
