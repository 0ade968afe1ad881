"""Components of a machine, what was handed over with it, who was trained on it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import NotAllowed, Refused
from customers import permissions, terms
from customers.actions import changing
from customers.models import Component, DeliveredItem, Equipment, Operator

FIELDS = ("kind", "name", "serial", "installed_on", "removed_on", "warranty_until")


@transaction.atomic
def add_component(machine: Equipment, *, by: Any, at: datetime | None = None, **fields: Any) -> Component:
    """Add a component with its own serial number and, where agreed, its own warranty."""
    machine = _locked(machine, by)
    component = _new_component(machine, fields)
    data = {"component": component.pk, "name": component.name, "serial": component.serial}
    history.record("equipment.component_added", machine, by=by, at=at, about=[machine.customer], data=data)
    return component


@transaction.atomic
def change_component(
    component: Component, *, by: Any, at: datetime | None = None, why: str = "", **changes: Any
) -> Component:
    """Correct a component's data."""
    machine = _locked(component.equipment, by)
    component = Component.objects.get(pk=component.pk)
    different = changing.apply(component, changes, FIELDS)
    if different:
        _check_component(component)
        component.save()
        data = {**changing.data_of(different), "component": component.pk, "name": component.name}
        history.record(
            "equipment.component_changed",
            machine,
            by=by,
            at=at,
            about=[machine.customer],
            why=why,
            data=data,
        )
    return component


@transaction.atomic
def replace_component(
    component: Component, *, by: Any, on: date, at: datetime | None = None, why: str = "", **fields: Any
) -> Component:
    """Swap a component for another of its kind on a day; the old one stays in the file as removed."""
    machine = _locked(component.equipment, by)
    component = Component.objects.get(pk=component.pk)
    if component.removed_on:
        raise NotAllowed(_("This component was removed already."))
    component.removed_on = on
    _check_component(component)
    component.save(update_fields=["removed_on"])
    new = _new_component(machine, {"kind": component.kind, "name": component.name, "installed_on": on, **fields})
    data = {"component": new.pk, "name": new.name, "old": component.serial or "—", "new": new.serial or "—"}
    history.record(
        "equipment.component_replaced",
        machine,
        by=by,
        at=at,
        about=[machine.customer],
        why=why,
        data=data,
    )
    return new


@transaction.atomic
def hand_over_item(
    machine: Equipment, *, by: Any, kind: str, name: str, at: datetime | None = None, **fields: Any
) -> DeliveredItem:
    """Note a document or tool that was handed over with a machine."""
    machine = _locked(machine, by)
    item = DeliveredItem(equipment=machine)
    changing.apply(item, {"kind": kind, "name": name, **fields}, ("kind", "name", "quantity", "handed_over_on"))
    changing.check(item)
    item.save()
    data = {"name": item.name, "quantity": item.quantity, "kind": item.kind}
    history.record("equipment.item_delivered", machine, by=by, at=at, about=[machine.customer], data=data)
    return item


@transaction.atomic
def add_operator(machine: Equipment, *, by: Any, name: str, at: datetime | None = None, **fields: Any) -> Operator:
    """Note an operator who was trained on a machine."""
    machine = _locked(machine, by)
    operator = Operator(equipment=machine)
    changing.apply(operator, {"name": name, **fields}, ("name", "phone", "trained_on"))
    changing.check(operator)
    operator.save()
    machine.search = terms.of_equipment(machine, machine.operators.values_list("phone", flat=True))
    machine.save(update_fields=["search"])
    history.record(
        "equipment.operator_trained",
        machine,
        by=by,
        at=at,
        about=[machine.customer],
        data={"operator": operator.pk},
    )
    return operator


def _new_component(machine: Equipment, fields: dict[str, Any]) -> Component:
    component = Component(equipment=machine)
    changing.apply(component, fields, FIELDS)
    _check_component(component)
    component.save()
    return component


def _check_component(component: Component) -> None:
    changing.check(component)
    if component.installed_on and component.removed_on and component.removed_on < component.installed_on:
        raise Refused({"removed_on": _("A component cannot be removed before it was installed.")})


def _locked(machine: Equipment, by: Any) -> Equipment:
    machine = (
        Equipment.objects.select_for_update(of=("self",))
        .select_related("customer__province", "model", "contract", "site")
        .get(pk=machine.pk)
    )
    permissions.demand(permissions.can_edit_customer(by, machine.customer))
    return machine
