"""Entries of the main menu: the engineer's own work and what waits for a signature."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import rail
from staff.roles import FIELD, Role
from tickets import signatures
from tickets.models import DispatchOrder

SIGNERS = {Role.HEAD, Role.MARKETING, Role.SUPERVISOR}


def my_work(user: Any) -> tuple[int, bool]:
    """Own open orders; late when a deadline of one has passed."""
    rows = DispatchOrder.objects.open().filter(engineer__user=user)
    return rail.capped(rows), rows.filter(ticket__next_due_at__lt=timezone.now()).exists()


def to_sign(user: Any) -> tuple[int, bool]:
    """Signatures that wait; somebody on site who asks to leave makes it urgent."""
    rows = signatures.waiting(user)
    return rail.capped(rows), rows.filter(step="order.leave_unsolved").exists()


def register() -> None:
    """Add the entries; called from the app's `ready`."""
    rail.register("my", _("My work"), "clipboard-list", "tickets:my", FIELD, 5, my_work)
    rail.register("approvals", _("To be signed"), "signature", "tickets:approvals", SIGNERS, 35, to_sign)
