"""Where calls, tickets, orders and visits are found: references of the history and addresses of pages."""

from typing import Any

from django.urls import reverse

from core import refs
from staff.roles import EVERYWHERE, FIELD, Role
from tickets.models import Call, DispatchOrder, FaultCase, ServiceReport, Ticket, Visit


def ticket_url(ticket: Ticket) -> str:
    """Page of a ticket."""
    return reverse("tickets:ticket", args=[ticket.number])


def order_url(order: DispatchOrder) -> str:
    """Page of a dispatch order for the office."""
    return reverse("tickets:order", args=[order.number])


def my_order_url(order: DispatchOrder) -> str:
    """Page of a dispatch order on the engineer's tablet."""
    return reverse("tickets:my_order", args=[order.number])


def call_url(call: Call) -> str:
    """Page of a call."""
    return reverse("tickets:call", args=[call.number])


def complaints_of_own_tickets(user: Any) -> list[int]:
    """Calls that field staff do not learn of: complaints on tickets they were sent to (CMP-07)."""
    if not user.has_role(*FIELD) or user.has_role(*EVERYWHERE, Role.SUPERVISOR):
        return []
    found = Call.objects.filter(kind=Call.Kind.COMPLAINT, ticket__orders__engineer__user=user)
    return list(found.values_list("pk", flat=True).distinct())


def register() -> None:
    """Register all that the history may be about; called from the app's `ready`."""
    refs.register(Call, natural_key="number", url=call_url)
    refs.conceal(Call, complaints_of_own_tickets)
    refs.register(Ticket, natural_key="number", url=ticket_url)
    refs.register(DispatchOrder, natural_key="number", url=order_url)
    refs.register(Visit, natural_key="pk", url=lambda visit: order_url(visit.order))
    refs.register(ServiceReport, natural_key="pk", url=lambda report: order_url(report.visit.order))
    refs.register(FaultCase, natural_key="pk", url=lambda _case: reverse("tickets:desk"))
