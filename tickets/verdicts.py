"""The warranty verdict of a ticket: frozen at intake, compared with what would be decided today (WAR-07)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.cache import cache
from django.utils import timezone

from core.refs import ref
from customers.models import Equipment
from tickets.models import FaultType, Ticket
from warranty import actions as warranty
from warranty.facts import Verdict
from warranty.models import Finding

LOOK_AGAIN_SECONDS = 300


def decide(equipment: Equipment | None, fault_type: FaultType | None, at: datetime, cause: str = "") -> Verdict:
    """The verdict for a machine and fault on the local day of a moment."""
    component = fault_type.component if fault_type else ""
    return warranty.decide(equipment, on=_day(at), component=component, cause=cause)


def frozen(ticket: Ticket) -> Verdict | None:
    """The verdict as it was told to the customer."""
    return Verdict.from_json(ticket.verdict) if ticket.verdict else None


def with_cause(ticket: Ticket, cause: str) -> Verdict:
    """The verdict by what is known today, were that the cause."""
    return decide(ticket.equipment, ticket.fault_type, ticket.reported_at, cause)


def now(ticket: Ticket) -> Verdict:
    """The verdict by what is known today: the cause a second person signed, changed terms, corrected dates."""
    return with_cause(ticket, causes_of([ticket]).get(ref(ticket), ""))


def difference(ticket: Ticket) -> Verdict | None:
    """Today's verdict where it is another one than the frozen one, else None; looked at anew every few minutes."""
    then = frozen(ticket)
    if then is None:
        return None
    cause = causes_of([ticket]).get(ref(ticket), "")
    key = f"verdict:{ticket.pk}:{ticket.version}:{cause}"
    today = cache.get(key)
    if today is None:
        today = with_cause(ticket, cause).as_json()
        cache.set(key, today, LOOK_AGAIN_SECONDS)
    verdict = Verdict.from_json(today)
    return verdict if then.code != verdict.code else None


def holding(ticket: Ticket) -> Verdict | None:
    """The verdict that charges go by: the frozen one, until a signed cause makes it another."""
    if not causes_of([ticket]):
        return frozen(ticket)
    return difference(ticket) or frozen(ticket)


def would_become(ticket: Ticket, finding: Finding | None) -> Verdict | None:
    """The verdict if the proposed cause is signed, where that changes it (WAR-04)."""
    if finding is None or finding.state != "proposed":
        return None
    then, today = with_cause(ticket, finding.cause), now(ticket)
    return then if then.code != today.code else None


def causes_of(tickets: Iterable[Ticket]) -> dict[str, str]:
    """The causes that a second person signed, by reference of the ticket; others decide nothing."""
    signed = Finding.objects.filter(source__in=[ref(ticket) for ticket in tickets], state="confirmed")
    return dict(signed.values_list("source", "cause"))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
