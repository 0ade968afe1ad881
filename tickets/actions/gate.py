"""How every verb begins and ends: the moment it speaks of, the locked row, the saved row."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.checks import moment, one_of, require
from core.errors import Forbidden, NotAllowed
from tickets import permissions
from tickets.models import DispatchOrder, Ticket
from tickets.states import ORDER

__all__ = [
    "check_version",
    "holder_or",
    "keep",
    "lock_order",
    "lock_ticket",
    "moment",
    "one_of",
    "require",
    "step",
    "still_open",
]

TICKET_PARTS = (
    "customer",
    "equipment__model__product_line",
    "equipment__contract",
    "region",
    "province",
    "fault_type",
)
PIECES = ("search", "customer__search", "equipment__search")
"""Long arrays that no verb looks at."""


def lock_ticket(ticket: Ticket, version: int | None = None) -> Ticket:
    """The ticket as it stands now, locked until the transaction ends; NotAllowed if `version` is outdated."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related(*TICKET_PARTS).defer(*PIECES)
    found: Ticket = rows.get(pk=ticket.pk)
    check_version(found, version)
    return found


def lock_order(order: DispatchOrder, version: int | None = None) -> DispatchOrder:
    """The order and its ticket as they stand now, both locked, always the ticket first."""
    ticket = lock_ticket(Ticket(pk=order.ticket_id))
    rows = DispatchOrder.objects.select_for_update(of=("self",))
    found: DispatchOrder = rows.select_related("engineer__user").get(pk=order.pk)
    found.ticket = ticket
    check_version(found, version)
    return found


def check_version(record: Any, version: int | None) -> None:
    """NotAllowed when somebody else has changed the record since it was read."""
    if version is not None and version != record.version:
        raise NotAllowed(
            _("Somebody else has changed %(number)s in the meantime. Look at it again before you go on.")
            % {"number": record.number},
            allowed=["reload"],
        )


def still_open(ticket: Ticket) -> None:
    """NotAllowed when nothing is to be done on the ticket any more."""
    if not ticket.is_open:
        raise NotAllowed(
            _("Ticket %(number)s is “%(state)s”.") % {"number": ticket.number, "state": ticket.status.label},
            allowed=["reopen"],
        )


def step(order: DispatchOrder, code: str, by: Any) -> None:
    """Check a verb of the order's table, and that field staff move their own orders only."""
    if by is not None and ORDER.permitted(code, by) and not _may_move(order, code, by):
        raise Forbidden(_("This order is somebody else's."))
    ORDER.move(order, code, by)


def _may_move(order: DispatchOrder, code: str, by: Any) -> bool:
    return permissions.is_desk_verb(code) or permissions.holds(by, order)


def keep(record: models.Model, *fields: str) -> None:
    """Save changed fields and raise the version."""
    record.version += 1  # type: ignore[attr-defined]
    record.save(update_fields=[*fields, "version"])


def holder_or(order: DispatchOrder, by: Any, *roles: str) -> None:
    """Forbidden unless the order is the person's own or he has one of the roles."""
    if by is not None and not permissions.holds(by, order) and not by.has_role(*roles):
        raise Forbidden(_("This order is somebody else's."))
