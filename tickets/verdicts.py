"""The warranty verdict of a ticket: frozen at intake, compared with what would be decided today (WAR-07)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from customers.models import Equipment
from tickets.models import FaultType, Ticket, Visit
from warranty import actions as warranty
from warranty.facts import Verdict


def decide(equipment: Equipment | None, fault_type: FaultType | None, at: datetime, cause: str = "") -> Verdict:
    """The verdict for a machine and fault on the local day of a moment."""
    component = fault_type.component if fault_type else ""
    return warranty.decide(equipment, on=_day(at), component=component, cause=cause)


def frozen(ticket: Ticket) -> Verdict | None:
    """The verdict as it was told to the customer."""
    return Verdict.from_json(ticket.verdict) if ticket.verdict else None


def now(ticket: Ticket) -> Verdict:
    """The verdict by what is known today: the diagnosed cause, changed terms, corrected dates."""
    return decide(ticket.equipment, ticket.fault_type, ticket.reported_at, diagnosed_cause(ticket))


def difference(ticket: Ticket) -> Verdict | None:
    """Today's verdict where it is another one than the frozen one, else None."""
    then, today = frozen(ticket), now(ticket)
    return today if then is not None and then.code != today.code else None


def diagnosed_cause(ticket: Ticket) -> str:
    """The cause of the newest report."""
    reported: Any = Visit.objects.filter(order__ticket=ticket, reported_at__isnull=False)
    return reported.order_by("-reported_at", "-id").values_list("cause", flat=True).first() or ""


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
