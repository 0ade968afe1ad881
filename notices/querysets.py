"""Questions about messages: what is due, what waits in an inbox, which text is valid."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from core import refs

ADMIN = "admin"


class DeliveryQuerySet(QuerySet[Any]):
    """Delivery rows."""

    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """All for administrators, else one's own."""
        return self if user.has_role(ADMIN) else self.filter(receiver=user)

    def inbox_of(self, user: Any, at: datetime) -> "DeliveryQuerySet":
        """What a person finds in the inbox at a moment; nothing about records that are kept from him by now."""
        rows = self.filter(receiver=user, channel="inbox", not_before__lte=at)
        _kinds, records = refs.concealed_from(user)
        return rows.exclude(about__in=records) if records else rows

    def unread(self) -> "DeliveryQuerySet":
        """Not opened yet."""
        return self.filter(read_at=None)

    def due(self, at: datetime) -> "DeliveryQuerySet":
        """What is to be sent now, the longest waiting first."""
        return self.filter(state="waiting", not_before__lte=at).order_by("not_before", "id")


class TemplateQuerySet(QuerySet[Any]):
    """Template rows."""

    def valid_at(self, at: datetime) -> "TemplateQuerySet":
        """The text of each kind and language that counts at a moment."""
        return (
            self.filter(valid_from__lte=at)
            .order_by("code", "language", "-valid_from", "-id")
            .distinct("code", "language")
        )
