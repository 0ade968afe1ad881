"""Questions about calls, tickets, orders and visits: what a person may see, what is open, what matches."""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import search
from staff.roles import EVERYWHERE, FIELD, Role
from tickets.states import ORDER, TICKET

NUMBER = re.compile(r"WX\d{4,8}(-\d*)?", re.IGNORECASE)
CHARGED = Q(labour_charge__gt=0) | Q(parts_charge__gt=0) | Q(travel_charge__gt=0)
"""Visits that cost the customer something."""


def _region(user: Any, path: str) -> Q:
    if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
        return Q(**{path: user.region_id})
    return Q(pk__in=[])


class TicketQuerySet(QuerySet[Any]):
    """Ticket rows."""

    def visible_to(self, user: Any) -> "TicketQuerySet":
        """All for the office, the region's for supervisors, those of own orders for field staff."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "region")
        if user.has_role(*FIELD):
            orders = self.model.orders.rel.related_model.objects
            seen |= Q(Exists(orders.filter(ticket=OuterRef("pk"), engineer__user=user)))
        return self.filter(seen)

    def open(self) -> "TicketQuerySet":
        """Tickets on which work is still to be done."""
        return self.filter(state__in=TICKET.open_states)

    def for_parts(self) -> "TicketQuerySet":
        """Tickets whose clock stands still until parts are there."""
        return self.filter(state="waiting", waiting_for="parts")

    def matching(self, query: str) -> "TicketQuerySet":
        """Tickets that have every piece of a query; a ticket number or its beginning is taken as such."""
        if NUMBER.fullmatch(query.strip()):
            return self.filter(number__startswith=query.strip().upper())
        return self.filter(search__contains=search.wanted(query))


class OrderQuerySet(QuerySet[Any]):
    """Dispatch order rows."""

    def visible_to(self, user: Any) -> "OrderQuerySet":
        """All for the office, the region's for supervisors, own ones for field staff."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "ticket__region")
        if user.has_role(*FIELD):
            seen |= Q(engineer__user=user)
        return self.filter(seen)

    def open(self) -> "OrderQuerySet":
        """Orders that are not ended."""
        return self.filter(state__in=ORDER.open_states)


class VisitQuerySet(QuerySet[Any]):
    """Visit rows."""

    def visible_to(self, user: Any) -> "VisitQuerySet":
        """As the orders they belong to."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "order__ticket__region")
        if user.has_role(*FIELD):
            seen |= Q(order__engineer__user=user)
        return self.filter(seen)

    def charged(self) -> "VisitQuerySet":
        """Reported visits that cost the customer something."""
        return self.filter(CHARGED, reported_at__isnull=False)

    def unsettled(self) -> "VisitQuerySet":
        """Charges that were reported and not yet settled."""
        return self.charged().filter(settled_at__isnull=True)


class CallQuerySet(QuerySet[Any]):
    """Call rows."""

    def visible_to(self, user: Any) -> "CallQuerySet":
        """All for the office, the region for supervisors, those of own tickets for field staff but no complaints."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "customer__province__region")
        if user.has_role(*FIELD):
            seen |= Q(ticket__orders__engineer__user=user) & ~Q(kind="complaint")
        return self.filter(seen).distinct() if user.has_role(*FIELD) else self.filter(seen)

    def owed(self) -> "CallQuerySet":
        """Calls that wait for a promised answer."""
        return self.filter(answered_at__isnull=True, answer_due_at__isnull=False)
