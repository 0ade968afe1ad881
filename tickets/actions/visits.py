"""The journey: setting off, arriving, leaving; each journey is a visit of the order (DSP-04, DSP-06, DSP-13)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import approvals, history
from core.errors import NotAllowed
from core.models import Approval, StoredFile
from customers.actions import record_meter
from customers.models import MeterReading
from staff.models import User
from staff.roles import Role
from tickets import telling, timers
from tickets.actions import gate
from tickets.models import DispatchOrder, Visit, VisitPhoto
from tickets.states import DESK, ORDER, TICKET

LATE = timedelta(minutes=15)
"""Late by less is excused with an apology; by more with the reason, a new time or another engineer (DSP-04)."""

LEAVE = "order.leave_unsolved"


@transaction.atomic
def depart(order: DispatchOrder, *, by: Any, at: datetime | None = None) -> DispatchOrder:
    """The engineer sets off: a visit begins (DSP-13)."""
    order = gate.lock_order(order)
    gate.step(order, "depart", by)
    last = current(order)
    at = gate.moment(at, not_before=_latest(order.issued_at, order.accepted_at, last.reported_at if last else None))
    sequence = last.sequence + 1 if last else 1
    visit = Visit.objects.create(order=order, sequence=sequence, departed_at=at)
    order.departed_at, order.arrived_at, order.left_at = at, None, None
    gate.keep(order, "state", "departed_at", "arrived_at", "left_at")
    ticket = order.ticket
    if ticket.state == "waiting":
        ticket.state, ticket.waiting_for = "dispatched", ""
        gate.keep(ticket, "state", "waiting_for")
        timers.resume(ticket, at=at, by=by)
    return _done("order.departed", order, visit, by=by, at=at, data={"visit": sequence})


@transaction.atomic
def arrive(
    order: DispatchOrder,
    *,
    by: Any,
    at: datetime | None = None,
    running_hours: Decimal | float | str | None = None,
    why: str = "",
) -> DispatchOrder:
    """The engineer is on site; being late against the appointment is kept with its reason (DSP-04)."""
    order = gate.lock_order(order)
    gate.step(order, "arrive", by)
    visit = current(order)
    assert visit is not None
    at = gate.moment(at, not_before=visit.departed_at)
    order.arrived_at = visit.arrived_at = at
    visit.running_hours = _read_meter(order, running_hours, by, at)
    visit.save(update_fields=["arrived_at", "running_hours"])
    gate.keep(order, "state", "arrived_at")
    TICKET.move(order.ticket, "start", by)
    gate.keep(order.ticket, "state")
    return _done("order.arrived", order, visit, by=by, at=at, why=why, data=lateness(order, visit, at))


def lateness(order: DispatchOrder, visit: Visit, at: datetime) -> dict[str, Any]:
    """Minutes after the end of the appointment and what the rule asks for; nothing for a later visit."""
    agreed = order.appointment_to or order.appointment_from
    if agreed is None or at <= agreed or visit.sequence > 1:
        return {}
    treatment = "apology" if at - agreed < LATE else "reason"
    return {"late_minutes": int((at - agreed).total_seconds() // 60), "treatment": treatment}


def _read_meter(order: DispatchOrder, hours: Any, by: Any, at: datetime) -> Decimal | None:
    machine = order.ticket.equipment
    if hours in (None, "") or machine is None:
        return None
    reading = record_meter(machine, by=by, at=at, hours=hours, source=MeterReading.Source.VISIT)
    return reading.hours


@transaction.atomic
def ask_to_leave(order: DispatchOrder, why: str, *, by: Any, at: datetime | None = None) -> Approval:
    """Ask a superior for leave to go with the fault unsolved (DSP-06)."""
    order = gate.lock_order(order)
    ORDER.check(order, "leave", by)
    gate.step(order, "leave", by)
    gate.require(why=why)
    at = gate.moment(at, not_before=order.arrived_at)
    asked = request_leave(order, why, by=by, at=at)
    about = timers.references(order.ticket, order)
    history.record("order.leave_asked", order, by=by, at=at, about=about, why=why)
    return asked


def request_leave(order: DispatchOrder, why: str, *, by: Any, at: datetime) -> Approval:
    """The request itself, to the region's supervisor, or to the service head where there is none."""
    superiors = User.objects.filter(is_active=True, roles__contains=[Role.SUPERVISOR], region=order.ticket.region)
    role = Role.SUPERVISOR if superiors.exists() else Role.HEAD
    people = superiors if role == Role.SUPERVISOR else User.objects.filter(is_active=True, roles__contains=[role])
    asked = approvals.ask(order, LEAVE, role=role, by=by, at=at, reason=why)
    for person in people:
        telling.order("approval.asked", order, to=person, at=at, why=why, dedupe=str(asked.pk))
    return asked


@transaction.atomic
def leave(
    order: DispatchOrder,
    *,
    by: Any,
    at: datetime | None = None,
    solved: bool = True,
    customer_agreed: bool = False,
    why: str = "",
) -> DispatchOrder:
    """The engineer leaves; with the fault unsolved only if a superior approved and the customer agrees (DSP-06).

    Who reported while still on site leaves afterwards, and the state stays.
    """
    order = gate.lock_order(order)
    visit = current(order)
    reported_on_site = visit is not None and visit.reported_at is not None and visit.left_at is None
    gate.step(order, "leave_after_report" if reported_on_site else "leave", by)
    assert visit is not None
    at = gate.moment(at, not_before=visit.reported_at or visit.arrived_at)
    if not solved:
        gate.require(why=why)
        _check_leave(order, visit, customer_agreed)
    order.left_at = visit.left_at = at
    visit.left_unsolved, visit.customer_agreed = visit.left_unsolved or not solved, customer_agreed
    visit.save(update_fields=["left_at", "left_unsolved", "customer_agreed"])
    gate.keep(order, "state", "left_at")
    kind = "order.left" if solved else "order.left_unsolved"
    about = timers.references(order.ticket, order)
    history.record(kind, order, by=by, at=at, about=about, why=why, data={"visit": visit.sequence})
    if not reported_on_site:
        timers.follow(order.ticket, kind, at=at, by=by, order=order)
    return order


def _check_leave(order: DispatchOrder, visit: Visit, customer_agreed: bool) -> None:
    if not leave_approved(order, visit):
        raise NotAllowed(
            _("With the fault unsolved you leave only when a superior has approved it. Ask first."),
            allowed=["ask-leave", "report"],
        )
    if not customer_agreed:
        raise NotAllowed(
            _("With the fault unsolved you leave only when the customer agrees."),
            allowed=["leave with customer_agreed"],
        )


def leave_approved(order: DispatchOrder, visit: Visit) -> bool:
    """Whether a superior approved leaving during this very visit."""
    newest = approvals.of(order).filter(step=LEAVE).last()
    return (
        newest is not None
        and newest.decision == Approval.Decision.APPROVED
        and (visit.departed_at is None or newest.asked_at >= visit.departed_at)
    )


@transaction.atomic
def add_photo(
    order: DispatchOrder, file: StoredFile, *, by: Any, at: datetime | None = None, caption: str = ""
) -> VisitPhoto:
    """Add a photo taken on the order; it belongs to the visit that is going on (DSP-07)."""
    order = gate.lock_order(order)
    gate.holder_or(order, by, *DESK)
    at = gate.moment(at, not_before=order.issued_at)
    photo = VisitPhoto.objects.create(order=order, visit=current(order), file=file, caption=caption[:80])
    about = timers.references(order.ticket, order)
    history.record("order.photo_added", order, by=by, at=at, about=about, data={"file": file.pk})
    return photo


def current(order: DispatchOrder) -> Visit | None:
    """The newest visit of an order."""
    visit: Visit | None = order.visits.order_by("-sequence").first()
    return visit


def _latest(*moments: datetime | None) -> datetime:
    return max(moment for moment in moments if moment is not None)


def _done(
    kind: str,
    order: DispatchOrder,
    visit: Visit,
    *,
    by: Any,
    at: datetime,
    why: str = "",
    data: dict[str, Any] | None = None,
) -> DispatchOrder:
    about = timers.references(order.ticket, order)
    history.record(kind, order, by=by, at=at, about=about, why=why, data={"visit": visit.sequence, **(data or {})})
    timers.follow(order.ticket, kind, at=at, by=by, order=order)
    return order
