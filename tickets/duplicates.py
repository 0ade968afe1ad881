"""Reports of the same fault: open tickets that may be the same one (TKT-03), repairs within the year (TKT-08)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from customers.models import Customer, Equipment
from tickets.likeness import ALIKE, likeness
from tickets.models import FaultType, Ticket

SECOND_REPAIR_WITHIN = timedelta(days=365)
AT_MOST = 5


@dataclass(frozen=True)
class Duplicate:
    """An open ticket that may be the same report, with the reason in words and how alike they are (0 to 1)."""

    ticket: Ticket
    reason: str
    likeness: float


def possible(
    customer: Customer | None, equipment: Equipment | None, symptom: str = "", at: datetime | None = None
) -> list[Duplicate]:
    """Open tickets that may be the same report, likeliest first (TKT-03). One query."""
    where = _about(customer, equipment)
    if where is None:
        return []
    rows = Ticket.objects.open().filter(where).select_related("customer", "equipment__model", "region")
    found = [_judge(ticket, equipment, symptom, at) for ticket in rows.order_by("-reported_at", "-id")[:50]]
    return sorted((one for one in found if one), key=lambda one: -one.likeness)[:AT_MOST]


def _about(customer: Customer | None, equipment: Equipment | None) -> Q | None:
    if equipment is not None:
        return Q(equipment=equipment) | Q(customer=equipment.customer_id, equipment__isnull=True)
    return Q(customer=customer) if customer is not None else None


def _judge(ticket: Ticket, equipment: Equipment | None, symptom: str, at: datetime | None) -> Duplicate | None:
    same_words = likeness(symptom, ticket.symptom)
    ago = timesince(ticket.reported_at, at or timezone.now())
    words = {"number": ticket.number, "ago": ago}
    if equipment is not None and ticket.equipment_id == equipment.pk:
        if same_words >= ALIKE:
            return Duplicate(
                ticket, _("Same machine, same symptom, reported %(ago)s ago") % words, 0.6 + 0.4 * same_words
            )
        return Duplicate(ticket, _("Same machine, reported %(ago)s ago") % words, 0.5 + 0.1 * same_words)
    if same_words >= ALIKE:
        return Duplicate(ticket, _("Same customer, same symptom, reported %(ago)s ago") % words, 0.5 * same_words)
    return None


def repeated(
    equipment: Equipment | None, fault_type: FaultType | None, symptom: str, at: datetime, but: Any = None
) -> Ticket | None:
    """The newest repair of the same fault on the same machine within a year before `at` (TKT-08)."""
    if equipment is None:
        return None
    rows = Ticket.objects.filter(
        equipment=equipment,
        kind=Ticket.Kind.REPAIR,
        reported_at__gte=at - SECOND_REPAIR_WITHIN,
        reported_at__lt=at,
        solved_at__isnull=False,
        state__in=["solved", "closed"],
    ).exclude(pk=but)
    for earlier in rows.order_by("-reported_at", "-id")[:30]:
        same_type = fault_type is not None and earlier.fault_type_id == fault_type.pk
        if same_type or likeness(symptom, earlier.symptom) >= ALIKE:
            return earlier
    return None
