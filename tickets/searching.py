"""Tickets and orders in the one search box of every page."""

from typing import Any

from django.urls import reverse

from core import search
from core.finder import Hit
from tickets.models import DispatchOrder, Ticket


def tickets(query: str, user: Any, limit: int) -> list[Hit]:
    """Tickets by number, symptom, customer, serial or phone; open ones and the newest first."""
    if not search.wanted(query):
        return []
    rows = Ticket.objects.visible_to(user).matching(query).select_related("customer", "equipment")
    found = list(rows.order_by("-reported_at", "-id")[:limit])
    return [
        Hit(
            url=ticket.get_absolute_url(),
            title=ticket.symptom.splitlines()[0][:60],
            detail=f"{ticket.number} · {ticket.customer}",
            aside=str(ticket.status.label),
            grade=ticket.grade,
        )
        for ticket in sorted(found, key=lambda ticket: not ticket.is_open)
    ]


def orders(query: str, user: Any, limit: int) -> list[Hit]:
    """Dispatch orders by the beginning of their number, with or without PG."""
    digits = query.strip().upper().removeprefix("PG")
    if not digits.startswith("20") or not digits.replace("-", "").isdigit():
        return []
    rows = DispatchOrder.objects.visible_to(user).filter(number__startswith=f"PG{digits}")
    return [
        Hit(
            url=reverse("tickets:order", args=[order.number]),
            title=order.number,
            detail=f"{order.engineer} · {order.ticket.customer}",
            aside=str(order.status.label),
            grade=order.ticket.grade,
        )
        for order in rows.select_related("engineer__user", "ticket__customer").order_by("-number")[:limit]
    ]
