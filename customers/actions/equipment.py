"""Registering and changing sold machines (CUS-02)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from customers import permissions, terms
from customers.actions import changing
from customers.models import Customer, Equipment, ProductModel

FIELDS = (
    "serial",
    "model",
    "customer",
    "contract",
    "site",
    "plate",
    "batch",
    "quantity",
    "state",
    "produced_on",
    "purchased_on",
    "delivered_on",
    "accepted_on",
    "first_used_on",
    "notes",
)


@transaction.atomic
def add_equipment(
    *,
    by: Any,
    serial: str,
    model: ProductModel,
    customer: Customer,
    at: datetime | None = None,
    **fields: Any,
) -> Equipment:
    """Register a sold machine under its serial number [出厂编号]."""
    permissions.demand(permissions.can_edit_customer(by, customer))
    at = at or timezone.now()
    machine = Equipment(created_at=at)
    changing.apply(machine, {"serial": serial, "model": model, "customer": customer, **fields}, FIELDS)
    check(machine)
    machine.search = terms.of_equipment(machine)
    machine.save()
    history.record(
        "equipment.added",
        machine,
        by=by,
        at=at,
        about=[customer],
        data={"serial": machine.serial, "model": model.code},
    )
    return machine


@transaction.atomic
def change_equipment(
    machine: Equipment,
    *,
    by: Any,
    at: datetime | None = None,
    version: int | None = None,
    why: str = "",
    **changes: Any,
) -> Equipment:
    """Change a machine file. With `version`, refuses when somebody else was faster and says what changed."""
    machine = (
        Equipment.objects.select_for_update(of=("self",))
        .select_related("customer__province", "model", "contract", "site")
        .get(pk=machine.pk)
    )
    before = machine.customer
    permissions.demand(permissions.can_edit_customer(by, before))
    changing.demand_version(machine, version)
    different = changing.apply(machine, changes, FIELDS)
    if not different:
        return machine
    permissions.demand(permissions.can_edit_customer(by, machine.customer))
    check(machine)
    machine.version += 1
    machine.search = terms.of_equipment(machine, machine.operators.values_list("phone", flat=True))
    machine.save()
    history.record(
        "equipment.changed",
        machine,
        by=by,
        at=at,
        about=[before, machine.customer],
        why=why,
        data=changing.data_of(different, version=machine.version),
    )
    return machine


def check(machine: Equipment) -> None:
    """Checks over several fields: contract and site belong to the customer, dates stand in their order."""
    changing.check(machine)
    wrong: dict[str, object] = {}
    if "/" in machine.serial:
        wrong["serial"] = _("A serial number holds no slash; please write a dash.")
    if machine.contract and machine.contract.customer_id != machine.customer_id:
        wrong["contract"] = _("This contract belongs to another customer.")
    if machine.site and machine.site.customer_id != machine.customer_id:
        wrong["site"] = _("This site belongs to another customer.")
    wrong.update(check_dates(machine.produced_on, machine.delivered_on, machine.accepted_on))
    if wrong:
        raise Refused(wrong)


def check_dates(produced: date | None, delivered: date | None, accepted: date | None) -> dict[str, object]:
    """What is wrong with the order of a machine's dates, by field."""
    if produced and delivered and delivered < produced:
        return {"delivered_on": _("A machine cannot be delivered before it was produced.")}
    if delivered and accepted and accepted < delivered:
        return {"accepted_on": _("A machine cannot be accepted before it was delivered.")}
    return {}
