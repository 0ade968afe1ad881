"""Messages about orders to the people they concern."""

from datetime import datetime
from typing import Any

from notices.actions import tell
from staff.models import User
from tickets import links
from tickets.models import DispatchOrder

FOR_THE_ENGINEER = ("order.issued", "order.reassigned", "order.cancelled", "approval.decided")


def order(kind: str, about: DispatchOrder, *, to: User, at: datetime, why: str = "", dedupe: str = "") -> None:
    """Tell one person what became of an order."""
    ticket = about.ticket
    url = links.my_order_url(about) if kind in FOR_THE_ENGINEER else links.order_url(about)
    context: dict[str, Any] = {
        "number": about.number,
        "title": ticket.symptom[:80],
        "customer": str(ticket.customer),
        "due": about.appointment_from or "",
        "why": why,
        "url": url,
    }
    tell(kind, to=to, about=about, context=context, at=at, dedupe=dedupe)
