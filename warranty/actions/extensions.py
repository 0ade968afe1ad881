"""Extended warranties and maintenance contracts: asked for, approved by a second person, cancelled (WAR-02)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history, numbers
from core.errors import Forbidden, Refused
from customers.models import Equipment
from warranty import permissions
from warranty.models import Cover, Extension
from warranty.states import EXTENSION

PREFIX = {"extended": "YB", "maintenance": "WB"}


@transaction.atomic
def ask_extension(
    machine: Equipment,
    *,
    by: Any,
    at: datetime,
    kind: str,
    starts_on: date,
    ends_on: date,
    components: tuple[str, ...] = (),
    labour: str = Cover.FREE,
    parts: str = Cover.FREE,
    travel: str = Cover.FREE,
    excluded_causes: tuple[str, ...] = (),
    price: Decimal = Decimal(0),
    note: str = "",
) -> Extension:
    """Ask for an extension; it covers nothing before it is approved."""
    if not permissions.can_ask_extension(by):
        raise Forbidden(_("Your role does not sell extensions."))
    if ends_on < starts_on:
        raise Refused({"ends_on": _("The end is before the beginning.")})
    extension = Extension.objects.create(
        number=numbers.daily(f"{PREFIX[kind]}", at),
        equipment=machine,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        components=list(components),
        labour=labour,
        parts=parts,
        travel=travel,
        excluded_causes=list(excluded_causes),
        price=price,
        note=note,
        asked_by=by,
        asked_at=at,
    )
    data = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    _record("warranty.extension_asked", extension, by=by, at=at, data=data)
    return extension


@transaction.atomic
def decide_extension(extension: Extension, *, approve: bool, by: Any, at: datetime, why: str = "") -> Extension:
    """Approve or decline; nobody approves what he asked for himself."""
    extension = _locked(extension)
    EXTENSION.move(extension, "approve" if approve else "decline", by)
    if by.pk == extension.asked_by_id:
        raise Forbidden(_("Nobody signs his own request."))
    extension.save(update_fields=["state"])
    kind = "warranty.extension_approved" if approve else "warranty.extension_declined"
    _record(kind, extension, by=by, at=at, why=why)
    return extension


@transaction.atomic
def cancel_extension(extension: Extension, *, by: Any, at: datetime, why: str) -> Extension:
    """Take an extension back; verdicts that were frozen stay as they are."""
    extension = _locked(extension)
    EXTENSION.move(extension, "cancel", by)
    extension.save(update_fields=["state"])
    _record("warranty.extension_cancelled", extension, by=by, at=at, why=why)
    return extension


def _locked(extension: Extension) -> Extension:
    rows = Extension.objects.select_for_update(of=("self",)).select_related("equipment__customer")
    return rows.get(pk=extension.pk)


def _record(kind: str, extension: Extension, *, by: Any, at: datetime, why: str = "", data: Any = None) -> None:
    machine = extension.equipment
    about = [machine, machine.customer]
    history.record(
        kind, extension, by=by, at=at, about=about, why=why, data={"number": extension.number, **(data or {})}
    )
