"""Questions about customer trainings."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.querysets import in_region
from staff.roles import EVERYWHERE, FIELD, Role
from training.states import TRAINING


class TrainingQuerySet(QuerySet[Any]):
    """Customer training rows."""

    def visible_to(self, user: Any) -> "TrainingQuerySet":
        """All for the office, the region's for supervisors, own ones for field staff."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = Q(pk__in=[])
        if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            seen |= in_region(user.region, "equipment__customer__province")
        if user.has_role(*FIELD):
            seen |= Q(trainer=user)
        return self.filter(seen)

    def open(self) -> "TrainingQuerySet":
        """Trainings still to be held."""
        return self.filter(state__in=TRAINING.open_states)
