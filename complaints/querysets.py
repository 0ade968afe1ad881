"""Questions about complaints."""

from typing import Any

from django.db.models import Q, QuerySet

from complaints.states import COMPLAINT
from customers.querysets import in_region
from staff.roles import Role

READERS = frozenset(
    {
        Role.DISPATCHER,
        Role.SUPERVISION,
        Role.HEAD,
        Role.MANAGER,
        Role.MARKETING,
        Role.PRODUCT,
        Role.ADMIN,
    }
)


class ComplaintQuerySet(QuerySet[Any]):
    """Complaint rows."""

    def visible_to(self, user: Any) -> "ComplaintQuerySet":
        """All for the office, the region's for supervisors; never those about oneself (CMP-07)."""
        if user.has_role(*READERS):
            seen = Q()
        elif user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            seen = in_region(user.region, "customer__province")
        else:
            seen = Q(pk__in=[])
        return self.filter(seen).exclude(about_person=user)

    def about_person(self, user: Any) -> "ComplaintQuerySet":
        """Complaints about a person."""
        return self.filter(about_person=user)

    def open(self) -> "ComplaintQuerySet":
        """Complaints that are not settled."""
        return self.filter(state__in=COMPLAINT.open_states)
