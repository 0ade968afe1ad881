"""Questions about follow-ups: what a person may see, what is due, what waits for whom."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from followups.states import FOLLOWUP
from staff.roles import Role

TO_CALL = ("due", "tried", "reached")
"""States in which the customer is still to be asked."""

OFFICE = frozenset({Role.DISPATCHER, Role.SUPERVISION, Role.HEAD, Role.MANAGER, Role.ADMIN})


class FollowUpQuerySet(QuerySet[Any]):
    """Follow-up rows."""

    def visible_to(self, user: Any) -> "FollowUpQuerySet":
        """All for desk, supervision, head, manager and administrator; the region's for its supervisor; else none."""
        if user.has_role(*OFFICE):
            return self
        if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            return self.filter(region=user.region_id)
        return self.none()

    def open(self) -> "FollowUpQuerySet":
        """Follow-ups in which something is still to be done."""
        return self.filter(state__in=FOLLOWUP.open_states)

    def to_call(self) -> "FollowUpQuerySet":
        """Customers still to be called."""
        return self.filter(state__in=TO_CALL)

    def due(self, at: datetime) -> "FollowUpQuerySet":
        """Customers whose call is due by a moment."""
        return self.to_call().filter(next_at__lte=at)


class VersionedQuerySet(QuerySet[Any]):
    """Rows of policy in versions."""

    def newest(self) -> "VersionedQuerySet":
        """The newest version of each code."""
        later = self.model.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
        return self.exclude(Exists(later))
