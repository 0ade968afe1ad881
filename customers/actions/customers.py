"""Opening and changing customer files (CUS-01)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import history, numbers
from customers import permissions
from customers.actions import changing
from customers.actions import contacts as people
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
    _write_contacts(customer, contacts)
    changing.reindex_customer(customer)
    customer.save(update_fields=["search"])
    history.record("customer.added", customer, by=by, at=at, data={"number": customer.number})
    return customer


@transaction.atomic
def change_customer(
    customer: Customer,
    *,
    by: Any,
    at: datetime | None = None,
    version: int | None = None,
    why: str = "",
    contacts: Iterable[Mapping[str, Any]] = (),
    **changes: Any,
) -> Customer:
    """Change a customer file. With `version`, refuses when somebody else was faster and says what changed.

    `contacts` are rows to write with it: with `id` an existing person, with `remove` one who leaves.
    """
    customer = Customer.objects.select_for_update(of=("self",)).select_related("province").get(pk=customer.pk)
    permissions.demand(permissions.can_edit_customer(by, customer))
    changing.demand_version(customer, version)
    different = changing.apply(customer, changes, FIELDS)
    named = list(different)
    if _write_contacts(customer, contacts):
        named.append("contacts")
    if not named:
        return customer
    permissions.demand(permissions.can_edit_customer(by, customer))
    changing.check(customer)
    customer.version += 1
    changing.reindex_customer(customer)
    customer.save()
    if {"name", "short_name"} & different.keys():
        changing.reindex_machines(changing.machines_of(customer=customer))
    data = {**changing.data_of(different, version=customer.version), "fields": named}
    history.record("customer.changed", customer, by=by, at=at, why=why, data=data)
    return customer


def _write_contacts(customer: Customer, given: Iterable[Mapping[str, Any]]) -> bool:
    """Write the rows of a form; whether anything differs."""
    known = {contact.pk: contact for contact in customer.contacts.all()}
    rows = sorted((dict(row) for row in given), key=lambda row: bool(row.get("is_main")))
    differs = False
    for row in rows:
        contact, remove = known.get(row.pop("id", 0)), row.pop("remove", False)
        if not remove:
            differs |= bool(people.put(customer, contact, **row))
        elif contact is not None:
            contact.delete()
            differs = True
    people.keep_one_main(customer)
    return differs
