"""Questions about customers and machines: what a person may see, what matches a fragment."""

from typing import Any

from django.db.models import Q, QuerySet

from core import search
from staff.roles import EVERYWHERE, FIELD, Role


def _region(user: Any, path: str) -> Q:
    """Rows of the supervisor's region; a mobile team's supervisor has the provinces that no region holds."""
    if not user.has_role(Role.SUPERVISOR) or user.region_id is None:
        return Q(pk__in=[])
    if user.region.is_mobile:
        return Q(**{f"{path}__region__isnull": True}) | Q(**{f"{path}__region": user.region_id})
    return Q(**{f"{path}__region": user.region_id})


class CustomerQuerySet(QuerySet[Any]):
    """Customer rows."""

    def visible_to(self, user: Any) -> "CustomerQuerySet":
        """All for the office, the region's for supervisors, those of own orders for field staff."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "province")
        if user.has_role(*FIELD):
            seen |= Q(pk__in=user.field_access.values("customer"))
        return self.filter(seen)

    def matching(self, query: str) -> "CustomerQuerySet":
        """Customers that have every piece of a query: name, pinyin initials, number, phone, contract."""
        return self.filter(search__contains=search.wanted(query))


class EquipmentQuerySet(QuerySet[Any]):
    """Machine rows."""

    def visible_to(self, user: Any) -> "EquipmentQuerySet":
        """All for the office, the region's for supervisors, those of own orders for field staff."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = _region(user, "customer__province")
        if user.has_role(*FIELD):
            seen |= Q(pk__in=user.field_access.values("equipment"))
        return self.filter(seen)

    def matching(self, query: str) -> "EquipmentQuerySet":
        """Machines that have every piece of a query: serial, model, plate, contract, customer, phone."""
        return self.filter(search__contains=search.wanted(query))
