"""Dispatch orders: sending, accepting, refusing, calling the customer, reassigning, cancelling, signing.

The journey itself (set off, arrive, leave) is in `visits`, the report in `reports`; both are offered here too.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import approvals, history, numbers
from core.errors import Forbidden, NotAllowed, Refused
from core.models import Approval
from customers.actions import grant_field_access
from staff.models import Engineer
from staff.roles import Role
from tickets import availability, candidates, telling, timers
from tickets.actions import gate
from tickets.actions.reports import correct_report, report
from tickets.actions.visits import add_photo, arrive, ask_to_leave, depart, leave
from tickets.models import DispatchOrder, Ticket
from tickets.states import TICKET

__all__ = [
    "accept",
    "add_photo",
    "arrive",
    "ask_to_leave",
    "cancel_order",
    "contact",
    "correct_report",
    "depart",
    "dispatch",
    "leave",
    "reassign",
    "refuse",
    "report",
    "sign",
]

CALL_WITHIN = timedelta(minutes=15)


@transaction.atomic
def dispatch(
    ticket: Ticket,
    engineer: Engineer,
    *,
    by: Any,
    at: datetime | None = None,
    appointment_from: datetime | None = None,
    appointment_to: datetime | None = None,
    expected_return_at: datetime | None = None,
    travel: str = "",
    travel_note: str = "",
    parts_to_take: str = "",
    note: str = "",
    additional: bool = False,
    version: int | None = None,
) -> DispatchOrder:
    """Send an engineer (DSP-01). NotAllowed with the reason when he may not or cannot go (ORG-05).

    While an order is open another engineer is sent only as `additional`, so two dispatchers never send two.
    """
    ticket = gate.lock_ticket(ticket, version)
    was = ticket.state
    TICKET.move(ticket, "dispatch", by)
    at = gate.moment(at, not_before=ticket.reported_at)
    _check_plan(at, appointment_from, appointment_to, expected_return_at, travel)
    open_order = ticket.orders.open().select_related("engineer__user").first()
    if open_order is not None and not additional:
        words = {"number": open_order.number, "engineer": open_order.engineer}
        raise NotAllowed(
            _("%(engineer)s has order %(number)s for this ticket. Reassign it, or send another engineer as well.")
            % words,
            allowed=["reassign", "dispatch additional"],
        )
    engineer = _ready(engineer, ticket, appointment_from or at)
    if was == "working":
        ticket.state = was
    ticket.path = ticket.path or Ticket.Path.ONSITE
    ticket.waiting_for = ""
    gate.keep(ticket, "state", "path", "waiting_for")
    plan = {
        "appointment_from": appointment_from,
        "appointment_to": appointment_to,
        "expected_return_at": expected_return_at,
        "travel": travel,
        "travel_note": travel_note,
        "parts_to_take": parts_to_take,
        "note": note,
    }
    if was == "waiting":
        timers.resume(ticket, at=at, by=by)
    return _issue(ticket, engineer, plan, by=by, at=at)


def _check_plan(at: datetime, start: datetime | None, end: datetime | None, back: datetime | None, travel: str) -> None:
    if end is not None and start is None:
        raise Refused({"appointment_from": _("Say when the appointment begins.")})
    if start is not None and end is not None and end <= start:
        raise Refused({"appointment_to": _("The appointment ends before it begins.")})
    if start is not None and start < at - timedelta(days=1):
        raise Refused({"appointment_from": _("The appointment lies before the order.")})
    if back is not None and back < (start or at):
        raise Refused({"expected_return_at": _("The return lies before the departure.")})
    gate.one_of("travel", travel, ["", *DispatchOrder.Travel.values])


def _ready(engineer: Engineer, ticket: Ticket, when: datetime) -> Engineer:
    """The engineer, locked; NotAllowed with the reason when he cannot go (ORG-05, leave)."""
    locked: Engineer = (
        Engineer.objects.select_for_update(of=("self",)).select_related("user", "tier", "region").get(pk=engineer.pk)
    )
    reason = availability.obstacle(locked, ticket, when)
    if reason:
        raise NotAllowed(reason, allowed=["candidates"], engineer=locked.user.username)
    return locked


def _issue(ticket: Ticket, engineer: Engineer, plan: dict[str, Any], *, by: Any, at: datetime) -> DispatchOrder:
    """Write the order: number, ranking as it stood, access, signatures, history, clock, message."""
    ranking = candidates.for_ticket(ticket, start=plan["appointment_from"], end=plan["appointment_to"], at=at)
    order = DispatchOrder.objects.create(
        number=numbers.daily("PG", at),
        ticket=ticket,
        engineer=engineer,
        issued_by=by,
        issued_at=at,
        ranking=candidates.snapshot(ranking, engineer),
        **plan,
    )
    grant_field_access(engineer.user, ticket.customer, ticket.equipment, at=at)
    for role, step in ((Role.HEAD, "order.head"), (Role.MARKETING, "order.marketing")):
        approvals.ask(order, step, role=role, by=by, at=at)
    warnings = availability.warnings(engineer, ticket, order)
    history.record(
        "order.issued",
        order,
        by=by,
        at=at,
        about=timers.references(ticket, order),
        data={"engineer": f"engineer:{engineer.pk}", **({"warnings": warnings} if warnings else {})},
    )
    timers.follow(ticket, "order.issued", at=at, by=by, order=order)
    telling.order("order.issued", order, to=engineer.user, at=at)
    return order


@transaction.atomic
def accept(order: DispatchOrder, *, by: Any, at: datetime | None = None) -> DispatchOrder:
    """The engineer takes the order (DSP-04)."""
    order = gate.lock_order(order)
    gate.step(order, "accept", by)
    at = gate.moment(at, not_before=order.issued_at)
    order.accepted_at = at
    gate.keep(order, "state", "accepted_at")
    return _done("order.accepted", order, by=by, at=at)


@transaction.atomic
def refuse(order: DispatchOrder, why: str, *, by: Any, at: datetime | None = None) -> DispatchOrder:
    """The engineer cannot take the order and says why; the ticket goes back to the desk (DSP-04)."""
    order = gate.lock_order(order)
    gate.step(order, "refuse", by)
    gate.require(why=why)
    at = gate.moment(at, not_before=order.accepted_at or order.issued_at)
    order.ended_why = why
    gate.keep(order, "state", "ended_why")
    give_back(order.ticket)
    _withdraw_signatures(order)
    timers.cancel(order.ticket, at=at, by=by, why=why, order=order)
    telling.order("order.refused", order, to=order.issued_by, at=at, why=why)
    return _done("order.refused", order, by=by, at=at, why=why)


@transaction.atomic
def contact(
    order: DispatchOrder,
    *,
    by: Any,
    at: datetime | None = None,
    note: str = "",
    why: str = "",
    appointment_from: datetime | None = None,
    appointment_to: datetime | None = None,
) -> DispatchOrder:
    """The engineer called the customer, perhaps with a new time; late by more than 15 minutes is kept with its
    reason and the apology (DSP-04)."""
    order = gate.lock_order(order)
    gate.step(order, "contact", by)
    at = gate.moment(at, not_before=order.accepted_at or order.issued_at)
    if appointment_from is not None:
        _check_plan(at, appointment_from, appointment_to, None, "")
        order.appointment_from, order.appointment_to = appointment_from, appointment_to
    late = at - order.issued_at - CALL_WITHIN if order.contacted_at is None else timedelta()
    order.contacted_at = order.contacted_at or at
    gate.keep(order, "state", "contacted_at", "appointment_from", "appointment_to")
    data: dict[str, Any] = {"note": note}
    if late > timedelta():
        data["late_minutes"] = int(late.total_seconds() // 60)
    if appointment_from is not None:
        data["appointment_from"] = appointment_from.isoformat()
    return _done("order.contacted", order, by=by, at=at, why=why, data=data)


@transaction.atomic
def reassign(
    order: DispatchOrder,
    engineer: Engineer,
    why: str,
    *,
    by: Any,
    at: datetime | None = None,
    appointment_from: datetime | None = None,
    appointment_to: datetime | None = None,
    version: int | None = None,
) -> DispatchOrder:
    """Give the work to another engineer; the old order ends, the new one is returned (DSP-12)."""
    order = gate.lock_order(order, version)
    gate.step(order, "reassign", by)
    gate.require(why=why)
    at = gate.moment(at, not_before=order.issued_at)
    if order.engineer_id == engineer.pk:
        raise Refused({"engineer": _("%(engineer)s has this order already.") % {"engineer": engineer}})
    start = appointment_from or order.appointment_from
    end = appointment_to if appointment_from else order.appointment_to
    _check_plan(order.issued_at, start, end, None, "")
    engineer = _ready(engineer, order.ticket, max(start, at) if start else at)
    ticket = order.ticket
    if ticket.state == "waiting":
        timers.resume(ticket, at=at, by=by)
    ticket.state, ticket.waiting_for = "dispatched", ""
    gate.keep(ticket, "state", "waiting_for")
    order.ended_why = why
    gate.keep(order, "state", "ended_why")
    _withdraw_signatures(order)
    timers.cancel(ticket, at=at, by=by, why=why, order=order)
    plan = {
        "appointment_from": start,
        "appointment_to": end,
        "expected_return_at": order.expected_return_at,
        "travel": order.travel,
        "travel_note": order.travel_note,
        "parts_to_take": order.parts_to_take,
        "note": order.note,
    }
    new = _issue(ticket, engineer, plan, by=by, at=at)
    order.replaced_by = new
    order.save(update_fields=["replaced_by"])
    telling.order("order.reassigned", order, to=order.engineer.user, at=at, why=why)
    data = {"engineer": f"engineer:{engineer.pk}", "new": f"dispatchorder:{new.pk}"}
    about = timers.references(ticket, order)
    history.record("order.reassigned", order, by=by, at=at, about=about, why=why, data=data)
    return new


@transaction.atomic
def cancel_order(
    order: DispatchOrder, why: str, *, by: Any, at: datetime | None = None, version: int | None = None
) -> DispatchOrder:
    """Call an order off with a reason; the ticket goes back to the desk (DSP-12)."""
    order = gate.lock_order(order, version)
    gate.step(order, "cancel", by)
    gate.require(why=why)
    at = gate.moment(at, not_before=order.issued_at)
    order.ended_why = why
    gate.keep(order, "state", "ended_why")
    give_back(order.ticket)
    _withdraw_signatures(order)
    timers.cancel(order.ticket, at=at, by=by, why=why, order=order)
    telling.order("order.cancelled", order, to=order.engineer.user, at=at, why=why)
    return _done("order.cancelled", order, by=by, at=at, why=why)


@transaction.atomic
def sign(
    order: DispatchOrder,
    step: str,
    *,
    approve: bool,
    by: Any,
    at: datetime | None = None,
    opinion: str = "",
    approval: Approval | None = None,
) -> Approval:
    """Give or decline a signature: the service head's, marketing's, or the leave to go unfinished (DSP-01, DSP-06).

    `approval` is the very request that was shown; without it the newest of the step is meant.
    """
    order = gate.lock_order(order)
    asked = approval or Approval.objects.filter(subject=f"dispatchorder:{order.pk}", step=step).order_by("-id").first()
    if asked is None:
        raise NotAllowed(_("Nobody asked for this signature."))
    if not DispatchOrder.objects.visible_to(by).filter(pk=order.pk).exists():
        raise Forbidden(_("This order is outside your region."))
    at = gate.moment(at, not_before=asked.asked_at)
    if not approve:
        gate.require(opinion=opinion)
    decided = approvals.decide(asked, approve=approve, by=by, at=at, opinion=opinion)
    data = {"step": step, "decision": decided.decision, "opinion": opinion}
    history.record("order.signed", order, by=by, at=at, about=timers.references(order.ticket, order), data=data)
    if step == "order.leave_unsolved" and asked.asked_by is not None:
        telling.order("approval.decided", order, to=asked.asked_by, at=at, why=opinion, dedupe=str(asked.pk))
    return decided


def give_back(ticket: Ticket) -> None:
    """Without another open order the ticket is the desk's again."""
    if ticket.state in TICKET.moves["give_back"].sources and not ticket.orders.open().exists():
        ticket.state = str(TICKET.moves["give_back"].target)
        gate.keep(ticket, "state")


def _withdraw_signatures(order: DispatchOrder) -> None:
    open_ones = Q(subject=f"dispatchorder:{order.pk}", decision=Approval.Decision.OPEN)
    Approval.objects.filter(open_ones).update(decision=Approval.Decision.WITHDRAWN)


def _done(
    kind: str, order: DispatchOrder, *, by: Any, at: datetime, why: str = "", data: dict[str, Any] | None = None
) -> DispatchOrder:
    about = timers.references(order.ticket, order)
    history.record(kind, order, by=by, at=at, about=about, why=why, data=data)
    timers.follow(order.ticket, kind, at=at, by=by, order=order)
    return order
