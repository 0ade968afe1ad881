"""Who may change customer files, import sheets and note meter readings."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import Forbidden
from customers.models import Customer, Equipment
from staff.models import Province
from staff.roles import FIELD, Role

EDITORS = (Role.DISPATCHER, Role.MARKETING, Role.HEAD, Role.ADMIN)


def can_edit(user: Any, province: Province) -> bool:
    """Whether a person may change files of a province: the office everywhere, a supervisor in the region."""
    if user is None or user.has_role(*EDITORS):
        return True
    if not user.has_role(Role.SUPERVISOR) or user.region_id is None:
        return False
    return user.region_id == province.region_id or (user.region.is_mobile and province.region_id is None)


def can_add(user: Any) -> bool:
    """Whether a person may open customer files at all."""
    return user is None or user.has_role(*EDITORS, Role.SUPERVISOR)


def can_edit_customer(user: Any, customer: Customer) -> bool:
    """Whether a person may change this customer's file."""
    return can_edit(user, customer.province)


def can_edit_models(user: Any) -> bool:
    """Whether a person may keep the list of product models."""
    return user is None or user.has_role(*EDITORS, Role.PRODUCT)


def can_import(user: Any) -> bool:
    """Whether a person may import sheets."""
    return user is None or user.has_role(*EDITORS)


def can_read_meter(user: Any, machine: Equipment) -> bool:
    """Whether a person may note running hours: editors, and field staff for machines of their orders."""
    if can_edit(user, machine.customer.province):
        return True
    return user.has_role(*FIELD) and user.field_access.filter(equipment=machine).exists()


def demand(allowed: bool) -> None:
    """Raise Forbidden in plain words unless allowed."""
    if not allowed:
        raise Forbidden(_("Your role does not include changing this file."))
