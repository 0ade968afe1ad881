"""Signatures on dispatch orders as questions: what waits for a person, and to which order a signature belongs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from core import approvals
from core.models import Approval
from tickets.models import DispatchOrder

SUBJECT = "dispatchorder:"


def order_key(approval: Approval) -> int:
    """Primary key of the order that is signed."""
    return int(approval.subject.removeprefix(SUBJECT))


def on_orders(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Those of the signatures that are on dispatch orders."""
    return rows.filter(subject__startswith=SUBJECT).select_related("asked_by", "decided_by")


def waiting(user: Any) -> QuerySet[Approval]:
    """Open requests that a person may sign, on orders that he may see; not his own requests."""
    asked = on_orders(approvals.waiting_for(user)).exclude(asked_by=user)
    orders = DispatchOrder.objects.visible_to(user).filter(pk__in=[order_key(row) for row in asked])
    return asked.filter(subject__in=[f"{SUBJECT}{pk}" for pk in orders.values_list("pk", flat=True)])


def orders_of(rows: Iterable[Approval], user: Any) -> dict[int, DispatchOrder]:
    """The orders of signatures by key, as far as the person may see them."""
    seen = DispatchOrder.objects.visible_to(user).filter(pk__in={order_key(row) for row in rows})
    parts = ("ticket__customer", "ticket__equipment__model", "engineer__user")
    return seen.select_related(*parts).in_bulk()
