"""Charges of visits: settling what the customer pays (finance)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, NotAllowed
from tickets import permissions, timers
from tickets.actions import gate
from tickets.models import Visit


@transaction.atomic
def settle_charges(visit: Visit, payment: str, *, by: Any, at: datetime | None = None, note: str = "") -> Visit:
    """The charges of a reported visit are paid or waived; who waives says why. Once only."""
    if not permissions.can_settle(by):
        raise Forbidden(_("Charges are settled by finance."))
    gate.one_of("payment", payment, Visit.Payment.values)
    if payment == Visit.Payment.WAIVED:
        gate.require(note=note)
    order = gate.lock_order(visit.order)
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    visit.order = order
    if visit.reported_at is None or visit.charges <= 0:
        raise NotAllowed(_("Nothing was charged for this visit."))
    if visit.settled_at is not None:
        raise NotAllowed(_("These charges are settled already."))
    at = gate.moment(at, not_before=visit.reported_at)
    visit.settled_at, visit.settled_by, visit.payment, visit.payment_note = at, by, payment, note[:120]
    visit.save(update_fields=["settled_at", "settled_by", "payment", "payment_note"])
    data = {"visit": visit.sequence, "payment": payment, "amount": str(visit.charges), "note": note[:120]}
    history.record("order.settled", order, by=by, at=at, about=timers.references(order.ticket, order), data=data)
    return visit
