"""Opening and changing customer files (CUS-01)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import history, numbers
from customers import permissions
from customers.actions import changing, contacts
from customers.models import Customer
from staff.models import Province

FIELDS = (
    "name",
    "short_name",
    "kind",
    "province",
    "city",
    "district",
    "address",
    "is_remote",
    "notes",
    "owner",
)


@transaction.atomic
def add_customer(
    *,
    by: Any,
    name: str,
    province: Province,
    at: datetime | None = None,
    contacts: Iterable[Mapping[str, Any]] = (),
    **fields: Any,
) -> Customer:
    """Open a customer file with its contacts; the first contact is the main one unless another is marked."""
    permissions.demand(permissions.can_add(by) and permissions.can_edit(by, province))
    at = at or timezone.now()
    customer = Customer(number="—", created_at=at)
    changing.apply(customer, {"name": name, "province": province, **fields}, FIELDS)
    changing.check(customer)
    customer.number = numbers.running("KH")
    customer.save()
    _add_contacts(customer, contacts)
    changing.reindex_customer(customer)
    customer.save(update_fields=["search"])
    history.record("customer.added", customer, by=by, at=at, data={"number": customer.number})
    return customer


def _add_contacts(customer: Customer, given: Iterable[Mapping[str, Any]]) -> None:
    rows = [dict(row) for row in given]
    if rows and not any(row.get("is_main") for row in rows):
        rows[0]["is_main"] = True
    for row in rows:
        contacts.put(customer, **row)


@transaction.atomic
def change_customer(
    customer: Customer,
    *,
    by: Any,
    at: datetime | None = None,
    version: int | None = None,
    why: str = "",
    **changes: Any,
) -> Customer:
    """Change a customer file. With `version`, refuses when somebody else was faster and says what changed."""
    customer = Customer.objects.select_for_update(of=("self",)).select_related("province").get(pk=customer.pk)
    permissions.demand(permissions.can_edit_customer(by, customer))
    changing.demand_version(customer, version)
    different = changing.apply(customer, changes, FIELDS)
    if not different:
        return customer
    permissions.demand(permissions.can_edit_customer(by, customer))
    changing.check(customer)
    customer.version += 1
    changing.reindex_customer(customer)
    customer.save()
    if {"name", "short_name"} & different.keys():
        changing.reindex_machines(changing.machines_of(customer=customer))
    data = changing.data_of(different, version=customer.version)
    history.record("customer.changed", customer, by=by, at=at, why=why, data=data)
    return customer
