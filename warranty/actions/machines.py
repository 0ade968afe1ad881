"""What happens to a machine and matters to its warranty: parts put in, exchange, days out, used allowances."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from core.refs import ref
from customers.models import Equipment
from warranty import permissions
from warranty.models import AllowanceUse, ComponentKind, DaysOut, Replacement


@transaction.atomic
def replace_part(
    machine: Equipment,
    *,
    by: Any,
    at: datetime,
    component: str,
    name: str = "",
    serial_in: str = "",
    serial_out: str = "",
    source: Any = None,
) -> Replacement:
    """Note a part put in; the same part on the same day is noted once (WAR-05)."""
    _demand(by)
    kind = ComponentKind.objects.filter(code=component).first()
    if kind is None:
        raise Refused({"component": _("This kind of component is not known.")})
    values = {"name": name, "serial_out": serial_out, "source": _source(source), "by": by}
    replacement, created = Replacement.objects.get_or_create(
        equipment=machine,
        component=component,
        on=_day(at),
        serial_in=serial_in,
        whole_machine=False,
        defaults=values,
    )
    if created:
        data = {"component": component, "name": name or kind.name_zh, "serial": serial_in}
        history.record("warranty.part_replaced", machine, by=by, at=at, about=[machine.customer, source], data=data)
    return replacement


@transaction.atomic
def exchange_machine(machine: Equipment, *, by: Any, at: datetime, why: str, source: Any = None) -> Replacement:
    """Note that the whole machine was exchanged: its warranty starts anew (WAR-06)."""
    _demand(by)
    replacement, created = Replacement.objects.get_or_create(
        equipment=machine,
        component="",
        on=_day(at),
        serial_in="",
        whole_machine=True,
        defaults={"source": _source(source), "by": by},
    )
    if created:
        about = [machine.customer, source]
        history.record("warranty.machine_exchanged", machine, by=by, at=at, about=about, why=why)
    return replacement


@transaction.atomic
def out_of_service(machine: Equipment, *, by: Any, at: datetime, source: Any) -> DaysOut:
    """The machine stands still for a repair from this day on; asked twice it stays one stretch."""
    _demand(by)
    Equipment.objects.select_for_update().get(pk=machine.pk)
    running = DaysOut.objects.filter(equipment=machine, source=_source(source), last=None).first()
    if running is not None:
        return running
    stretch, created = DaysOut.objects.get_or_create(equipment=machine, source=_source(source), first=_day(at))
    if created:
        data = {"first": _day(at).isoformat()}
        about = [machine.customer, source]
        history.record("warranty.out_of_service", machine, by=by, at=at, about=about, data=data)
    return stretch


@transaction.atomic
def back_in_service(machine: Equipment, *, by: Any, at: datetime, source: Any) -> DaysOut | None:
    """The machine works again; without a running stretch nothing happens."""
    _demand(by)
    rows = DaysOut.objects.select_for_update().filter(equipment=machine, source=_source(source), last=None)
    stretch = rows.first()
    if stretch is None:
        return None
    if _day(at) < stretch.first:
        raise Refused({"at": _("This is before the machine went out of service.")})
    stretch.last = _day(at)
    stretch.save(update_fields=["last"])
    data = {"first": stretch.first.isoformat(), "last": stretch.last.isoformat()}
    about = [machine.customer, source]
    history.record("warranty.back_in_service", machine, by=by, at=at, about=about, data=data)
    return stretch


@transaction.atomic
def use_allowance(machine: Equipment, *, by: Any, at: datetime, code: str, source: Any) -> AllowanceUse:
    """Count one use of an allowance, once per source (WAR-03)."""
    _demand(by)
    use, created = AllowanceUse.objects.get_or_create(
        equipment=machine, code=code, source=_source(source), defaults={"on": _day(at)}
    )
    if created:
        data = {"code": code, "on": use.on.isoformat()}
        about = [machine.customer, source]
        history.record("warranty.allowance_used", machine, by=by, at=at, about=about, data=data)
    return use


def _demand(by: Any) -> None:
    if not permissions.can_record(by):
        raise Forbidden(_("Your role does not note what happens to machines."))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _source(source: Any) -> str:
    return ref(source) if source is not None else ""
