"""The register of repairs of a month [产品维修情况登记表] and the repeat faults behind it."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from reports.figures.intake import VOID
from reports.months import Month
from tickets.models import DispatchOrder, Ticket, Visit


def tickets_of(month: Month) -> QuerySet[Ticket]:
    """Tickets that were reported in the month and count."""
    return Ticket.objects.filter(reported_at__gte=month.start, reported_at__lt=month.end).exclude(state__in=VOID)


def register(month: Month) -> list[dict[str, Any]]:
    """One row per ticket, oldest first; codes stay codes and are put into words when printed."""
    visits = Visit.objects.order_by("sequence").prefetch_related("parts")
    orders = DispatchOrder.objects.order_by("id").select_related("engineer__user")
    rows = (
        tickets_of(month)
        .select_related("customer", "province", "equipment__model", "fault_type")
        .prefetch_related(Prefetch("orders", orders), Prefetch("orders__visits", visits))
        .order_by("reported_at", "id")
    )
    return [_row(ticket) for ticket in rows]


def _row(ticket: Ticket) -> dict[str, Any]:
    orders = list(ticket.orders.all())
    visits = [visit for order in orders for visit in order.visits.all()]
    last = next((o for o in reversed(orders) if o.state not in ("refused", "reassigned", "cancelled")), None)
    charge = sum(visit.labour_charge + visit.parts_charge + visit.travel_charge for visit in visits)
    first_contact = min((o.contacted_at for o in orders if o.contacted_at), default=None)
    first_arrival = min((v.arrived_at for v in visits if v.arrived_at), default=None)
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "customer": str(ticket.customer),
        "province": ticket.province_id,
        "model": ticket.equipment.model.code if ticket.equipment else "",
        "serial": ticket.equipment.serial if ticket.equipment else "",
        "fault": ticket.symptom[:80],
        "work": "; ".join(v.work_done for v in visits if v.work_done)[:80],
        "grade": ticket.grade,
        "path": ticket.path,
        "engineer": str(last.engineer) if last else "",
        "reported_at": _iso(ticket.reported_at),
        "contacted_at": _iso(first_contact),
        "arrived_at": _iso(first_arrival),
        "solved_at": _iso(ticket.solved_at),
        "imported": ticket.source_key is not None,
        "parts": [f"{p.name} ×{p.quantity.normalize():f}" for v in visits for p in v.parts.all()],
        "verdict": ticket.verdict_code,
        "charge": f"{charge:.2f}",
        "cost": None if ticket.cost is None else f"{ticket.cost:.2f}",
        "visits": len(visits),
        "state": ticket.state,
        "repeat": ticket.repeat_of_id is not None,
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="minutes")


def repeat_faults(month: Month) -> list[dict[str, Any]]:
    """Second repairs of the month: the machine, the fault, the ticket before and the days between."""
    rows = (
        tickets_of(month)
        .filter(repeat_of__isnull=False)
        .select_related("customer", "equipment__model", "repeat_of")
        .order_by("reported_at", "id")
    )
    return [
        {
            "number": ticket.number,
            "serial": ticket.equipment.serial if ticket.equipment else "",
            "model": ticket.equipment.model.code if ticket.equipment else "",
            "customer": str(ticket.customer),
            "fault": ticket.symptom[:80],
            "before": before.number,
            "days": (ticket.reported_at - before.reported_at).days,
        }
        for ticket in rows
        if (before := ticket.repeat_of)
    ]
