"""What the serializers of this app share."""

from typing import Any

from rest_framework import serializers

from customers.models import Contract, Customer, Equipment, ProductModel, Site
from staff.models import Province, User


def by_code(rows: Any, field: str = "code", **options: Any) -> serializers.SlugRelatedField:
    """A related row named by its natural key."""
    return serializers.SlugRelatedField(slug_field=field, queryset=rows, **options)


def province(**options: Any) -> serializers.SlugRelatedField:
    """A province by its six-digit code."""
    return by_code(Province.objects.all(), **options)


def product_model(**options: Any) -> serializers.SlugRelatedField:
    """A product model by its code."""
    return by_code(ProductModel.objects.all(), **options)


def owner(**options: Any) -> serializers.SlugRelatedField:
    """A person by user name."""
    return by_code(User.objects.filter(is_active=True), "username", **options)


class _Visible:
    """Offers only rows that the person who asks may see."""

    def get_queryset(self: Any) -> Any:
        """Rows visible to the person who asks."""
        rows = super().get_queryset()  # type: ignore[misc]
        request = self.context.get("request")
        return rows.visible_to(request.user) if request is not None and rows is not None else rows


class VisibleField(_Visible, serializers.SlugRelatedField):
    """A row by natural key."""


class VisibleKeyField(_Visible, serializers.PrimaryKeyRelatedField):
    """A row by its id."""


def contract(**options: Any) -> VisibleField:
    """A contract by its number."""
    return VisibleField(slug_field="number", queryset=Contract.objects.all(), **options)


def site(**options: Any) -> VisibleKeyField:
    """A site by its id."""
    return VisibleKeyField(queryset=Site.objects.all(), **options)


def customer(**options: Any) -> VisibleField:
    """A customer by number."""
    return VisibleField(slug_field="number", queryset=Customer.objects.all(), **options)


def machine(**options: Any) -> VisibleField:
    """A machine by serial number."""
    return VisibleField(slug_field="serial", queryset=Equipment.objects.all(), **options)
