"""What all changes of a file share: unknown fields, what differs, checks of the model, versions, search columns."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import history
from core.errors import NotAllowed, Refused
from core.refs import kind_named, name_of, ref
from customers import terms
from customers.models import Customer, Equipment
from customers.stories import FIELDS

PERSONAL = {"address", "notes", "phone", "backup_phone", "email", "name", "position"}
"""Fields whose values never enter the history."""


def tidy(value: Any) -> Any:
    """Text without blanks at the ends and without doubled ones."""
    return " ".join(value.split()) if isinstance(value, str) and "\n" not in value else value


def apply(record: models.Model, changes: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, list[Any]]:
    """Set the changed fields on a record; returns field → [old, new] for those that differ."""
    unknown = set(changes) - set(allowed)
    if unknown:
        raise Refused({name: _("This field cannot be changed here.") for name in sorted(unknown)})
    different: dict[str, list[Any]] = {}
    for name, value in changes.items():
        old, new = getattr(record, name, None), tidy(value)
        if old != new:
            different[name] = [_plain(old), _plain(new)]
            setattr(record, name, new)
    return different


def check(record: models.Model, exclude: Iterable[str] = ("search", "phone_digits")) -> None:
    """The checks of the model, as Refused by field."""
    names = {field.name for field in record._meta.get_fields()}
    try:
        record.full_clean(exclude=names & set(exclude))
    except ValidationError as error:
        raise Refused(error.message_dict) from error


def data_of(different: Mapping[str, list[Any]], **more: Any) -> dict[str, Any]:
    """Entry data of a change: names of fields, and old and new value of those that are not personal."""
    values = {name: pair for name, pair in different.items() if name not in PERSONAL}
    return {"fields": list(different), "changes": values, **more}


def demand_version(record: Customer | Equipment, version: int | None) -> None:
    """NotAllowed when somebody else has changed the record since `version` was read; says who changed what."""
    if version is None or version == record.version:
        return
    news = list(history.about(record).filter(subject=ref(record), data__version__gt=version).order_by("id")[:5])
    told = "; ".join(
        _("%(by)s, %(when)s: %(fields)s")
        % {
            "by": entry.by or _("System"),
            "when": date_format(timezone.localtime(entry.entered_at), "H:i"),
            "fields": _(", ").join(str(FIELDS.get(name, name)) for name in entry.data.get("fields", [])),
        }
        for entry in news
    )
    raise NotAllowed(
        _("Somebody else has changed this file meanwhile (%(what)s). Nothing of yours was saved yet.")
        % {"what": told or "—"},
        version=record.version,
        changed=sorted({name for entry in news for name in entry.data.get("fields", [])}),
    )


def reindex_customer(customer: Customer) -> None:
    """Write the search column of a customer anew."""
    contracts = list(customer.contracts.values_list("number", flat=True)) if customer.pk else []
    contacts = list(customer.contacts.all()) if customer.pk else []
    customer.search = terms.of_customer(customer, contacts, contracts)


def reindex_machines(machines: Iterable[Equipment]) -> None:
    """Write the search columns of machines anew, in one statement per thousand."""
    machines = list(machines)
    for machine in machines:
        machine.search = terms.of_equipment(machine, [o.phone for o in machine.operators.all()])
    Equipment.objects.bulk_update(machines, ["search"], batch_size=1000)


def machines_of(**lookup: Any) -> Iterable[Equipment]:
    """Machines with all that their search column is made of."""
    return (
        Equipment.objects.filter(**lookup)
        .select_related("customer", "model", "contract", "site")
        .prefetch_related("operators")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        if kind_named(name_of(value)):
            return ref(value)
        return str(getattr(value, "code", None) or getattr(value, "number", None) or value.pk)
    if isinstance(value, Decimal | date):
        return str(value)
    return value
