"""Who may do what with calls, tickets and orders; the state tables hold the rest."""

from typing import Any

from django.db.models import Q

from core.models import StoredFile
from staff.roles import EVERYWHERE, FIELD, Role
from tickets.models import DispatchOrder, ServiceReport, Ticket, TicketPhoto, VisitPhoto
from tickets.states import DESK, ORDER

TALKERS = DESK | {Role.SUPERVISION, Role.MARKETING, Role.TRAINER}
"""Roles that pick up the phone."""


def can_record_call(user: Any) -> bool:
    """The desk and everybody in the house who talks with customers."""
    return user is None or user.has_role(*TALKERS)


def can_open_ticket(user: Any) -> bool:
    """The desk."""
    return user is None or user.has_role(*DESK)


def can_add_to_ticket(user: Any) -> bool:
    """Notes, photos, tried steps: the desk, field staff, supervision."""
    return user is None or user.has_role(*TALKERS, *FIELD)


def can_confirm(user: Any) -> bool:
    """Record that the customer said it works."""
    return user is None or user.has_role(*DESK, *FIELD, Role.SUPERVISION)


def can_agree_charges(user: Any) -> bool:
    """Settle charges with the customer before anybody travels."""
    return user is None or user.has_role(*DESK, Role.FINANCE, Role.MARKETING)


def can_settle(user: Any) -> bool:
    """Finance books what was paid."""
    return user is None or user.has_role(Role.FINANCE)


def can_see_charges(user: Any) -> bool:
    """What is charged and paid: finance, marketing, and those who answer for it."""
    return bool(user.has_role(Role.FINANCE, Role.MARKETING, Role.HEAD, Role.MANAGER, Role.SUPERVISOR))


def can_see_waiting(user: Any) -> bool:
    """Tickets that wait for parts: the office and regional supervisors."""
    return bool(user.has_role(*EVERYWHERE, Role.SUPERVISOR))


def can_see_candidates(user: Any) -> bool:
    """The ranking of engineers is for those who dispatch."""
    return user.has_role(*DESK)


def can_correct(user: Any, order: DispatchOrder) -> bool:
    """A report is corrected by whoever wrote it, or by a superior (DSP-14)."""
    return user is None or holds(user, order) or user.has_role(Role.SUPERVISOR, Role.HEAD)


def can_sign(user: Any) -> bool:
    """Roles that are asked for signatures on orders (DSP-01, DSP-06)."""
    return user.has_role(Role.HEAD, Role.MARKETING, Role.SUPERVISOR)


def can_add_to_order(user: Any) -> bool:
    """Photos of an order: the desk and field staff."""
    return user is None or user.has_role(*DESK, *FIELD)


def holds(user: Any, order: DispatchOrder) -> bool:
    """Whether the order is the person's own."""
    return user is not None and order.engineer.user_id == user.pk


def may_see_file(user: Any, file: StoredFile) -> bool:
    """Whether a stored file belongs to a ticket or order that the person may see."""
    orders = DispatchOrder.objects.visible_to(user)
    return (
        TicketPhoto.objects.filter(file=file, ticket__in=Ticket.objects.visible_to(user)).exists()
        or VisitPhoto.objects.filter(file=file, order__in=orders).exists()
        or ServiceReport.objects.filter(Q(signature=file), visit__order__in=orders).exists()
    )


def is_desk_verb(code: str) -> bool:
    """Whether the verb of an order is the desk's; all others are for the engineer who holds the order."""
    return not (ORDER.moves[code].roles & FIELD)
