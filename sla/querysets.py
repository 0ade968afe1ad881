"""Questions about timers: what a person may see, what runs, what is due."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from core import refs
from staff.roles import EVERYWHERE, FIELD, Role


class TimerQuerySet(QuerySet[Any]):
    """Timer rows."""

    def visible_to(self, user: Any) -> "TimerQuerySet":
        """All for the office, the region's for supervisors, own ones for field staff."""
        if user.has_role(*EVERYWHERE):
            return self._not_concealed(user)
        seen = Q(pk__in=[])
        if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            seen |= Q(region=user.region.code)
        if user.has_role(*FIELD):
            seen |= Q(engineer=user)
        return self.filter(seen)._not_concealed(user)

    def _not_concealed(self, user: Any) -> "TimerQuerySet":
        """Without those of records that are kept from the person."""
        kinds, records = refs.concealed_from(user)
        rows = self.exclude(kind__in=kinds) if kinds else self
        return rows.exclude(subject__in=records) if records else rows

    def open(self) -> "TimerQuerySet":
        """Timers whose promise is still to be met, broken ones among them."""
        return self.filter(ended_at__isnull=True).exclude(state="cancelled")

    def to_look_at(self, at: datetime) -> "TimerQuerySet":
        """Timers that the sweep must look at by now, oldest first."""
        return self.filter(next_at__lt=at).order_by("next_at", "id")

    def with_names(self) -> "TimerQuerySet":
        """With promise, engineer and owner, for lists."""
        return self.select_related("line__promise", "engineer", "owner")


def newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of versioned rows the newest of each code."""
    model = rows.model
    last = model._default_manager.filter(code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return rows.filter(pk=Subquery(last))
