"""People at a customer and how to reach them (CUS-01)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from customers import permissions, phones
from customers.actions import changing
from customers.models import Contact, Customer

FIELDS = ("name", "position", "phone", "backup_phone", "email", "channel", "is_main")


def put(customer: Customer, contact: Contact | None = None, **fields: Any) -> dict[str, list[Any]]:
    """Write a new or changed contact inside an action; returns what differs. The old main contact steps back."""
    contact = contact or Contact(customer=customer)
    different = changing.apply(contact, fields, FIELDS)
    if not different:
        return {}
    contact.phone_digits = phones.digits(contact.phone, contact.backup_phone)
    for name in ("phone", "backup_phone"):
        raw = getattr(contact, name)
        if raw and not phones.digits(raw):
            raise Refused({name: _("This is not a phone number.")})
    if contact.is_main:
        customer.contacts.exclude(pk=contact.pk).filter(is_main=True).update(is_main=False)
    changing.check(contact)
    contact.save()
    return different


def keep_one_main(customer: Customer) -> None:
    """The oldest contact is the main one when no other is."""
    heir = customer.contacts.order_by("id").first()
    if heir and not customer.contacts.filter(is_main=True).exists():
        customer.contacts.filter(pk=heir.pk).update(is_main=True)


@transaction.atomic
def add_contact(customer: Customer, *, by: Any, at: datetime | None = None, **fields: Any) -> Contact:
    """Add a person to a customer file; the first one becomes the main contact."""
    customer = _locked(customer, by)
    if not customer.contacts.exists():
        fields["is_main"] = True
    contact = Contact(customer=customer)
    put(customer, contact, **{"name": "", **fields})
    if contact.pk is None:
        changing.check(contact)
    _after(customer)
    history.record("customer.contact_added", customer, by=by, at=at, data={"contact": contact.pk, "fields": ["phone"]})
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, by: Any, at: datetime | None = None, **changes: Any) -> Contact:
    """Change a contact; nothing is written when nothing differs."""
    customer = _locked(contact.customer, by)
    contact = Contact.objects.get(pk=contact.pk)
    different = put(customer, contact, **changes)
    if different:
        _after(customer)
        data = {"contact": contact.pk, "fields": list(different)}
        history.record("customer.contact_changed", customer, by=by, at=at, data=data)
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: Any, at: datetime | None = None, why: str = "") -> None:
    """Take a person out of a customer file; tickets keep the names they were given."""
    customer = _locked(contact.customer, by)
    key = contact.pk
    Contact.objects.filter(pk=key).delete()
    keep_one_main(customer)
    _after(customer)
    history.record("customer.contact_removed", customer, by=by, at=at, why=why, data={"contact": key})


def _locked(customer: Customer, by: Any) -> Customer:
    customer = Customer.objects.select_for_update(of=("self",)).select_related("province").get(pk=customer.pk)
    permissions.demand(permissions.can_edit_customer(by, customer))
    return customer


def _after(customer: Customer) -> None:
    changing.reindex_customer(customer)
    customer.save(update_fields=["search"])
