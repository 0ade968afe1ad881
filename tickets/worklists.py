"""Lists of work: what is open with whom, sorted by what breaks next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from core.refs import ref
from sla import queries
from tickets.models import DispatchOrder, Ticket

AT_MOST = 40


@dataclass(frozen=True)
class Row:
    """A row of a worklist as the component shows it."""

    url: str
    grade: int | None
    what: str
    aside: str
    where: str
    timer: Any
    note: Any
    record: Any


def mine(user: Any) -> list[Row]:
    """Open tickets that a dispatcher minds, next deadline first. Constant queries."""
    return rows_of(Ticket.objects.filter(owner=user).open())


def rows_of(tickets: QuerySet[Ticket], at_most: int = AT_MOST) -> list[Row]:
    """Rows of tickets by next deadline, each with its nearest timer; those whose clock stands still come last."""
    related = ("customer", "equipment__model", "province")
    found = list(tickets.select_related(*related).order_by(F("next_due_at").asc(nulls_last=True), "id")[:at_most])
    return with_timers(found)


def with_timers(tickets: list[Ticket], orders: Iterable[tuple[int, int]] | None = None) -> list[Row]:
    """Rows in the order given, with the timers of the tickets and of their open orders; two or three queries.

    `orders` are the open orders as pairs of keys (order, ticket) where they are known already.
    """
    live = [ticket for ticket in tickets if ticket.is_open]
    if orders is None:
        orders = DispatchOrder.objects.filter(ticket__in=live).open().values_list("id", "ticket_id") if live else []
    of_ticket: dict[int, list[str]] = {ticket.pk: [ref(ticket)] for ticket in live}
    for order, ticket in orders:
        of_ticket[ticket].append(f"dispatchorder:{order}")
    asked = [one for references in of_ticket.values() for one in references]
    timers = queries.timers_for(asked) if asked else {}
    return [
        _row(ticket, [t for one in of_ticket.get(ticket.pk, []) for t in timers.get(one, [])]) for ticket in tickets
    ]


def _row(ticket: Ticket, timers: list[Any]) -> Row:
    machine = ticket.equipment
    where = f"{ticket.customer}·{machine.serial}" if machine else str(ticket.customer)
    return Row(
        url=ticket.get_absolute_url(),
        grade=ticket.grade,
        what=ticket.symptom.splitlines()[0][:60],
        aside=ticket.customer.city or str(ticket.province),
        where=where,
        timer=nearest(timers),
        note=ticket.status.label,
        record=ticket,
    )


def nearest(timers: list[Any]) -> Any:
    """The running timer that is due first, else one that stands still, else none."""
    open_ones = sorted((t for t in timers if t.is_open), key=lambda t: (t.state == "held", t.due_at))
    return open_ones[0] if open_ones else None
