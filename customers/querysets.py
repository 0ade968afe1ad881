"""Questions about customers and machines: what a person may see, what matches a fragment."""

from typing import Any

from django.db.models import Q, QuerySet

from core import search
from staff.models import Region
from staff.roles import EVERYWHERE, FIELD, Role


def in_region(region: Region, path: str) -> Q:
    """Rows whose province at `path` a region serves; the mobile team has the provinces that no region holds."""
    held = Q(**{f"{path}__region": region})
    return held | Q(**{f"{path}__region__isnull": True}) if region.is_mobile else held


def _region(user: Any, path: str) -> Q:
    """Rows of the supervisor's region."""
    if not user.has_role(Role.SUPERVISOR) or user.region_id is None:
        return Q(pk__in=[])
    return in_region(user.region, path)


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
        pieces = search.wanted(query)
        return self.filter(search__contains=pieces) if pieces else self.none()

    def of_region(self, region: Region) -> "CustomerQuerySet":
        """Customers in the provinces that a region serves."""
        return self.filter(in_region(region, "province"))


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
        """Machines that have every piece of a query: serial, model, plate, contract, customer, operator's phone."""
        pieces = search.wanted(query)
        return self.filter(search__contains=pieces) if pieces else self.none()

    def of_region(self, region: Region) -> "EquipmentQuerySet":
        """Machines of customers in the provinces that a region serves."""
        return self.filter(in_region(region, "customer__province"))


class BelongingQuerySet(QuerySet[Any]):
    """Rows that belong to a customer: contracts and sites."""

    def visible_to(self, user: Any) -> "BelongingQuerySet":
        """As the customer they belong to."""
        if user.has_role(*EVERYWHERE):
            return self
        customers = self.model._meta.get_field("customer").related_model.objects
        return self.filter(customer__in=customers.visible_to(user))
