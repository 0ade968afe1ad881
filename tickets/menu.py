"""Entries of the main menu, with what waits there."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import rail
from staff.roles import EVERYWHERE, FIELD, Role
from tickets import causes, signatures
from tickets.models import Call, DispatchOrder, Ticket, Visit
from tickets.states import DESK

OFFICE = {*EVERYWHERE, Role.SUPERVISOR}
SIGNERS = {Role.HEAD, Role.MARKETING, Role.SUPERVISOR}


def register() -> None:
    """Add the entries; called from the app's `ready`."""
    add = rail.register
    add("desk", _("Desk"), "headset", "tickets:desk", DESK, 10)
    add("my", _("My work"), "clipboard-check", "tickets:my", FIELD, 15, _my)
    add("tickets", _("Tickets"), "clipboard-list", "tickets:list", OFFICE | FIELD, 20, _tickets)
    add("waiting", _("Waiting for parts"), "package", "tickets:waiting", {Role.KEEPER}, 25, _waiting)
    add("orders", _("Dispatch"), "layout-kanban", "tickets:orders", OFFICE, 30, _orders)
    add("calls", _("Calls"), "phone", "tickets:calls", OFFICE, 35, _calls)
    add("charges", _("Charges"), "coin", "tickets:charges", {Role.FINANCE}, 36, _charges)
    add("approvals", _("To be signed"), "signature", "tickets:approvals", SIGNERS, 38, _approvals)


def _tickets(user: Any) -> tuple[int, bool]:
    rows = Ticket.objects.visible_to(user).open()
    return rail.capped(rows), rows.filter(next_due_at__lt=timezone.now()).exists()


def _orders(user: Any) -> tuple[int, bool]:
    """Tickets to be dispatched."""
    rows = Ticket.objects.visible_to(user).filter(state="open")
    return rail.capped(rows), rows.filter(next_due_at__lt=timezone.now()).exists()


def _calls(user: Any) -> tuple[int, bool]:
    """Answers that are owed."""
    rows = Call.objects.visible_to(user).owed()
    return rail.capped(rows), rows.filter(answer_due_at__lt=timezone.now()).exists()


def _my(user: Any) -> tuple[int, bool]:
    rows = DispatchOrder.objects.filter(engineer__user=user).open()
    return rail.capped(rows), rows.filter(ticket__next_due_at__lt=timezone.now()).exists()


def _approvals(user: Any) -> tuple[int, bool]:
    """Signatures that are asked of the person; somebody who waits on site for one makes it urgent."""
    rows = signatures.waiting(user)
    return rail.capped(rows) + rail.capped(causes.waiting(user)), rows.filter(step="order.leave_unsolved").exists()


def _waiting(user: Any) -> tuple[int, bool]:
    """Tickets that wait for parts."""
    return rail.capped(Ticket.objects.visible_to(user).for_parts()), False


def _charges(user: Any) -> tuple[int, bool]:
    """Charges that are still to be paid."""
    return rail.capped(Visit.objects.visible_to(user).unsettled()), False
