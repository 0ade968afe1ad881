"""What solved this before: fault cases and similar past tickets of the model (TKT-05)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from customers.models import Equipment
from staff.models import ProductLine
from tickets.likeness import likeness, pairs
from tickets.models import FaultCase, FaultType, Ticket, TriedStep, Visit

LOOKED_AT = 200
LEAST = 0.15


@dataclass(frozen=True)
class Suggestion:
    """A fault case with its steps, how often it was tried and solved, and how alike it is (0 to 1)."""

    case: FaultCase
    likeness: float

    @property
    def steps(self) -> list[str]:
        """The remedy, step by step."""
        return [line for line in self.case.remedy.splitlines() if line.strip()]


@dataclass(frozen=True)
class Past:
    """A solved ticket of the same model: what was found and done, and how alike it is (0 to 1)."""

    ticket: Ticket
    likeness: float
    diagnosis: str = ""
    work_done: str = ""
    steps: list[str] = field(default_factory=list)


def suggest(
    symptom: str,
    *,
    equipment: Equipment | None = None,
    product_line: ProductLine | None = None,
    fault_type: FaultType | None = None,
    at_most: int = 3,
) -> list[Suggestion]:
    """Fault cases for a symptom, the likeliest and most often successful first. One query."""
    line = equipment.model.product_line if equipment else product_line
    rows = FaultCase.objects.filter(is_active=True).select_related("fault_type", "product_line", "product_model")
    if line is not None:
        rows = rows.filter(product_line=line)
    if equipment is not None:
        rows = rows.filter(Q(product_model__isnull=True) | Q(product_model=equipment.model_id))
    wanted = _wanted(symptom)
    if wanted:
        about = Q(search__overlap=wanted)
        rows = rows.filter(about | Q(fault_type=fault_type) if fault_type else about)
    elif fault_type is not None:
        rows = rows.filter(fault_type=fault_type)
    else:
        return []
    found = [_case(case, symptom, fault_type) for case in rows.order_by("-times_solved", "id")[:LOOKED_AT]]
    likely = [one for one in found if one.likeness >= LEAST]
    return sorted(likely, key=lambda one: (-one.likeness, -one.case.times_solved, one.case.pk))[:at_most]


def _wanted(symptom: str) -> list[str]:
    return sorted(piece for piece in pairs(symptom) if len(piece) > 1)


def _case(case: FaultCase, symptom: str, fault_type: FaultType | None) -> Suggestion:
    alike = max(likeness(symptom, case.symptom), likeness(symptom, case.title))
    if fault_type is not None and case.fault_type_id == fault_type.pk:
        alike = min(1.0, alike + 0.3)
    return Suggestion(case, round(alike, 3))


def similar(symptom: str, equipment: Equipment, *, but: Any = None, at_most: int = 3) -> list[Past]:
    """Solved tickets of the same model with a like symptom, newest first among the likeliest. Constant queries."""
    wanted = _wanted(symptom)
    if not wanted:
        return []
    rows = Ticket.objects.filter(
        equipment__model=equipment.model_id, state__in=["solved", "closed"], search__overlap=wanted
    ).exclude(pk=but)
    newest = rows.select_related("equipment", "customer", "case").order_by("-reported_at", "-id")[:LOOKED_AT]
    scored = [(round(likeness(symptom, ticket.symptom), 2), ticket) for ticket in newest]
    best = sorted((one for one in scored if one[0] >= LEAST), key=lambda one: -one[0])[:at_most]
    done = _what_was_done([ticket.pk for _alike, ticket in best])
    return [Past(ticket, alike, **done.get(ticket.pk, {})) for alike, ticket in best]


def _what_was_done(keys: list[int]) -> dict[int, dict[str, Any]]:
    """Diagnosis and work of the last visit, or the steps that helped by phone, by ticket."""
    found: dict[int, dict[str, Any]] = {}
    for step in TriedStep.objects.filter(ticket__in=keys, helped=True).order_by("id"):
        found.setdefault(step.ticket_id, {}).setdefault("steps", []).append(step.text)
    visits = Visit.objects.filter(order__ticket__in=keys, reported_at__isnull=False).select_related("order")
    for visit in visits.order_by("reported_at"):
        found.setdefault(visit.order.ticket_id, {}).update(diagnosis=visit.diagnosis, work_done=visit.work_done)
    return found
