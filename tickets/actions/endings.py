"""How tickets end and come back: solved by phone, confirmed, closed, reopened, cancelled, merged (TKT-05 to TKT-08)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from sla import actions as sla
from tickets import permissions, timers
from tickets.actions import gate
from tickets.models import Call, FaultCase, Ticket, TriedStep
from tickets.states import TICKET


@transaction.atomic
def solve_by_phone(
    ticket: Ticket,
    steps: str | Iterable[str],
    *,
    by: Any,
    at: datetime | None = None,
    case: FaultCase | None = None,
    version: int | None = None,
) -> Ticket:
    """The fault is gone without a visit; what helped is kept, a call-back follows (TKT-05, FUP-01)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.move(ticket, "solve_by_phone", by)
    texts = [line.strip() for line in (steps.splitlines() if isinstance(steps, str) else steps) if line.strip()]
    gate.require(steps="".join(texts))
    if ticket.orders.open().exists():
        raise NotAllowed(_("An order is still open. Cancel it first."), allowed=["cancel_order"])
    at = gate.moment(at, not_before=ticket.reported_at)
    TriedStep.objects.bulk_create(
        [TriedStep(ticket=ticket, text=text[:300], helped=True, case=case, at=at, by=by) for text in texts]
    )
    if case is not None:
        counts = {"times_tried": F("times_tried") + 1, "times_solved": F("times_solved") + 1}
        FaultCase.objects.filter(pk=case.pk).update(**counts)
    ticket.path, ticket.case, ticket.solved_at, ticket.waiting_for = Ticket.Path.PHONE, case, at, ""
    gate.keep(ticket, "state", "path", "case", "solved_at", "waiting_for")
    data = {"steps": "\n".join(texts), **({"case": f"faultcase:{case.pk}"} if case else {})}
    history.record("ticket.solved_by_phone", ticket, by=by, at=at, about=timers.references(ticket), data=data)
    timers.follow(ticket, "ticket.solved_by_phone", at=at, by=by)
    return ticket


@transaction.atomic
def confirm(ticket: Ticket, *, by: Any, at: datetime | None = None, how: str = "", close: bool = True) -> Ticket:
    """The customer said that it works; the ticket may end, and does unless `close` is false (TKT-06)."""
    if not permissions.can_confirm(by):
        raise Forbidden(_("Your role does not confirm for the customer."))
    ticket = gate.lock_ticket(ticket)
    if ticket.state != "solved":
        raise NotAllowed(
            _("Only a solved ticket can be confirmed; this one is “%(state)s”.") % {"state": ticket.status.label},
            allowed=TICKET.possible(ticket.state, by),
        )
    at = gate.moment(at, not_before=ticket.solved_at or ticket.reported_at)
    ticket.confirmed_at = at
    gate.keep(ticket, "confirmed_at")
    history.record("ticket.confirmed", ticket, by=by, at=at, about=timers.references(ticket), data={"how": how})
    return _close(ticket, by=by, at=at) if close and TICKET.permitted("close", by) else ticket


@transaction.atomic
def close_ticket(
    ticket: Ticket, *, by: Any, at: datetime | None = None, why: str = "", version: int | None = None
) -> Ticket:
    """Close a solved ticket; a person only after the customer confirmed, the system after the follow-up (TKT-06)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.check(ticket, "close", by)
    if by is not None and ticket.confirmed_at is None:
        raise NotAllowed(
            _("The customer has not confirmed yet. Confirm first, or wait for the follow-up call."),
            allowed=["confirm", "reopen"],
        )
    at = gate.moment(at, not_before=ticket.solved_at or ticket.reported_at)
    return _close(ticket, by=by, at=at, why=why)


def _close(ticket: Ticket, *, by: Any, at: datetime, why: str = "") -> Ticket:
    TICKET.move(ticket, "close", by)
    ticket.closed_at = at
    gate.keep(ticket, "state", "closed_at")
    history.record("ticket.closed", ticket, by=by, at=at, about=timers.references(ticket), why=why)
    timers.follow(ticket, "ticket.closed", at=at, by=by)
    return ticket


@transaction.atomic
def reopen_ticket(
    ticket: Ticket, why: str, *, by: Any, at: datetime | None = None, version: int | None = None
) -> Ticket:
    """The fault is back or the customer is not content: work goes on under the same number (TKT-08)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.move(ticket, "reopen", by)
    gate.require(why=why)
    at = gate.moment(at, not_before=ticket.closed_at or ticket.solved_at or ticket.reported_at)
    ticket.solved_at = ticket.confirmed_at = ticket.closed_at = None
    gate.keep(ticket, "state", "solved_at", "confirmed_at", "closed_at")
    history.record("ticket.reopened", ticket, by=by, at=at, about=timers.references(ticket), why=why)
    timers.follow(ticket, "ticket.reopened", at=at, by=by)
    return ticket


@transaction.atomic
def cancel_ticket(
    ticket: Ticket, why: str, *, by: Any, at: datetime | None = None, version: int | None = None
) -> Ticket:
    """Give a ticket up with a reason; orders must have been cancelled before."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.move(ticket, "cancel", by)
    gate.require(why=why)
    _no_open_order(ticket)
    at = gate.moment(at, not_before=ticket.reported_at)
    ticket.waiting_for = ""
    gate.keep(ticket, "state", "waiting_for")
    history.record("ticket.cancelled", ticket, by=by, at=at, about=timers.references(ticket), why=why)
    timers.cancel(ticket, at=at, by=by, why=why)
    return ticket


@transaction.atomic
def merge_ticket(
    ticket: Ticket, into: Ticket, *, by: Any, at: datetime | None = None, why: str = "", version: int | None = None
) -> Ticket:
    """Two reports of one fault become one; calls go along, the earlier report counts for the promises (TKT-08)."""
    if ticket.pk == into.pk:
        raise Refused({"into": _("A ticket cannot be merged into itself.")})
    locked = {pk: gate.lock_ticket(Ticket(pk=pk)) for pk in sorted([ticket.pk, into.pk])}
    ticket, into = locked[ticket.pk], locked[into.pk]
    gate.check_version(ticket, version)
    TICKET.move(ticket, "merge", by)
    if not into.is_open:
        raise NotAllowed(_("Ticket %(number)s is not open any more.") % {"number": into.number})
    if into.customer_id != ticket.customer_id:
        raise Refused({"into": _("The tickets belong to different customers.")})
    _no_open_order(ticket)
    at = gate.moment(at, not_before=max(ticket.reported_at, into.reported_at))
    ticket.merged_into, ticket.waiting_for = into, ""
    gate.keep(ticket, "state", "merged_into", "waiting_for")
    Call.objects.filter(ticket=ticket).update(ticket=into)
    about: list[Any] = [*timers.references(ticket), into]
    history.record("ticket.merged", ticket, by=by, at=at, about=about, why=why, data={"into": f"ticket:{into.pk}"})
    sla.merge(ticket, into, at=at, by=by)
    timers.refresh(ticket)
    timers.refresh(into)
    return ticket


def _no_open_order(ticket: Ticket) -> None:
    order = ticket.orders.open().first()
    if order is not None:
        raise NotAllowed(
            _("Order %(number)s is still open. Cancel it first.") % {"number": order.number},
            allowed=["cancel_order"],
        )
