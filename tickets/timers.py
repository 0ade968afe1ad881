"""The one seam to the promises: what happened to a ticket or order is told to its timers, and the next
deadline comes back onto the ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.models import Entry
from sla import actions as sla
from sla import queries
from sla.facts import Facts
from tickets.models import DispatchOrder, Ticket


def facts_of(ticket: Ticket, order: DispatchOrder | None = None, kind: str = "ticket") -> Facts:
    """What promises are chosen by: machine, contract, customer, place, grade, people; `order` says who is sent."""
    machine = ticket.equipment
    people = {"owner": ticket.owner_id, "engineer": order.engineer.user_id if order else None}
    return Facts(
        product_line=machine.model.product_line.code if machine else "",
        product_model=machine.model.code if machine else "",
        contract=machine.contract.number if machine and machine.contract else "",
        customer=ticket.customer.number,
        region=ticket.region.code,
        province=ticket.province_id,
        is_home=ticket.province.is_home,
        is_remote=ticket.is_remote,
        grade=ticket.grade,
        fault_type=ticket.fault_type.code if ticket.fault_type else "",
        people={role: key for role, key in people.items() if key},
        about=references(ticket, order),
        kind=kind,
    )


def references(ticket: Ticket, order: DispatchOrder | None = None) -> list[str]:
    """The records that an entry about this ticket or order is also about."""
    found = [f"ticket:{ticket.pk}", f"customer:{ticket.customer_id}"]
    if ticket.equipment_id:
        found.append(f"equipment:{ticket.equipment_id}")
    if order is not None:
        found += [f"dispatchorder:{order.pk}", f"engineer:{order.engineer_id}"]
    return found


def follow(ticket: Ticket, kind: str, *, at: datetime, by: Any, order: DispatchOrder | None = None) -> None:
    """Something happened: let the timers of the ticket, and of the order if it was there, follow."""
    running = sla.follow(ticket, kind, at=at, facts=facts_of(ticket, order), by=by)
    if order is not None:
        of_order = sla.follow(order, kind, at=at, facts=facts_of(ticket, order, "order"), by=by)
        running += of_order if order.status.open else []
    if kind != "ticket.opened":
        running += _of_other_orders(ticket, order)
    _keep(ticket, queries.nearest(running))


def _of_other_orders(ticket: Ticket, order: DispatchOrder | None) -> list[Any]:
    """Open timers of the open orders beside the one at hand; mostly there is none."""
    others = ticket.orders.open().exclude(pk=order.pk if order else None).values_list("pk", flat=True)
    subjects = [f"dispatchorder:{pk}" for pk in others]
    return [timer for timers in queries.timers_for(subjects).values() for timer in timers] if subjects else []


def refit(ticket: Ticket, *, at: datetime, by: Any, why: str) -> None:
    """Grade, machine or engineer changed: promises are chosen anew, time already used stays used (SLA-04)."""
    order = ticket.orders.open().select_related("engineer").order_by("-id").first()
    sla.refit(ticket, facts=facts_of(ticket, order), at=at, by=by, why=why)
    refresh(ticket)


def pause(ticket: Ticket, *, at: datetime, reason: str, why: str, by: Any, evidence: str = "") -> None:
    """The clock stands still with a reason (SLA-04)."""
    sla.pause(ticket, at=at, reason=reason, why=why, by=by, evidence=evidence)
    refresh(ticket)


def resume(ticket: Ticket, *, at: datetime, by: Any) -> None:
    """The clock goes on."""
    sla.resume(ticket, at=at, by=by)
    refresh(ticket)


def cancel(ticket: Ticket, *, at: datetime, by: Any, why: str, order: DispatchOrder | None = None) -> None:
    """The ticket, or one order of it, will not be worked on any more."""
    sla.cancel(order or ticket, at=at, by=by, why=why)
    refresh(ticket)


def refresh(ticket: Ticket) -> None:
    """Keep the nearest open deadline of the ticket and its open orders on the ticket."""
    by_subject = queries.timers_for([ticket, *ticket.orders.open()])
    _keep(ticket, queries.nearest(timer for timers in by_subject.values() for timer in timers))


def _keep(ticket: Ticket, due: datetime | None) -> None:
    if ticket.next_due_at != due:
        ticket.next_due_at = due
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)


def of(ticket: Ticket, orders: Iterable[DispatchOrder] | None = None) -> list[Any]:
    """All timers of a ticket and its orders: the open ones by deadline, then the settled ones."""
    subjects = ticket.orders.all() if orders is None else orders
    by_subject = queries.timers_for([ticket, *subjects], open_only=False)
    return queries.worst_first(timer for timers in by_subject.values() for timer in timers)


def read_moved(entry: Entry) -> None:
    """A changed clock moved a deadline: keep the nearest one on the ticket."""
    keys = [name.partition(":")[2] for name in entry.about if name.startswith("ticket:")]
    for ticket in Ticket.objects.select_for_update().filter(pk__in=keys):
        refresh(ticket)
