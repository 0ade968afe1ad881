"""Service cards that come back: the day's follow-up compares what the customer says (FUP-01, FUP-03)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from followups import permissions
from followups.models import ServiceCard
from tickets.models import DispatchOrder


@transaction.atomic
def return_card(
    order: DispatchOrder,
    *,
    number: str,
    by: Any,
    at: datetime | None = None,
    sealed: bool = True,
    stamped: bool = True,
    note: str = "",
) -> ServiceCard:
    """Note a service card that came back; a number is noted once."""
    if not permissions.can_receive_cards(by):
        raise Forbidden(_("Service cards are handed in at the desk."))
    at, number = at or timezone.now(), number.strip()
    if not number:
        raise Refused({"number": _("The number on the card is needed.")})
    known = ServiceCard.objects.select_related("order").filter(number=number).first()
    if known is not None:
        if known.order_id != order.pk:
            raise Refused({"number": _("This card belongs to order %(order)s.") % {"order": known.order}})
        return known
    card = ServiceCard.objects.create(
        number=number, order=order, returned_at=at, sealed=sealed, stamped=stamped, note=note, received_by=by
    )
    ticket = order.ticket
    about = [ticket, ticket.customer, ticket.equipment]
    data = {"card": number, "sealed": sealed, "stamped": stamped}
    history.record("card.returned", order, by=by, at=at, about=about, data=data)
    return card
