"""Running hours read off a machine (CUS-10)."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Refused
from customers import meters, permissions
from customers.models import Equipment, MeterReading

MOST = Decimal(9_999_999)


@transaction.atomic
def record_meter(
    machine: Equipment, *, by: Any, at: datetime, hours: Decimal | float | str, source: str
) -> MeterReading:
    """Keep a reading in hours. One that cannot be true is kept and marked, and is not taken as running hours.

    The same hours at the same moment are one reading, however often they are sent.
    """
    machine = Equipment.objects.select_for_update(of=("self",)).select_related("customer__province").get(pk=machine.pk)
    permissions.demand(permissions.can_read_meter(by, machine))
    value = _hours(hours)
    if source not in MeterReading.Source.values:
        raise Refused({"source": _("Unknown source of a reading.")})
    known = MeterReading.objects.filter(equipment=machine, at=at, hours=value).first()
    if known is not None:
        return known
    doubt = meters.doubt(meters.Point(at, value), _beside(machine, at))
    reading = MeterReading.objects.create(
        equipment=machine,
        at=at,
        hours=value,
        source=source,
        by=by,
        is_plausible=not doubt,
        doubt=doubt,
    )
    if not doubt:
        _take_latest(machine)
    data = {"hours": str(value), "source": source, **({"doubt": doubt} if doubt else {})}
    kind = "meter.doubted" if doubt else "meter.read"
    history.record(kind, machine, by=by, at=at, about=[machine.customer], data=data)
    return reading


def _hours(hours: Decimal | float | str) -> Decimal:
    try:
        value = Decimal(str(hours)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    except InvalidOperation as error:
        raise Refused({"hours": _("Hours are a number such as 1234.5.")}) from error
    if value.is_nan() or not 0 <= value <= MOST:
        raise Refused({"hours": _("Hours lie between 0 and %(most)s.") % {"most": MOST}})
    return value


def _beside(machine: Equipment, at: datetime) -> list[meters.Point]:
    """The believed readings right before and right after a moment."""
    believed = machine.readings.filter(is_plausible=True)
    before = believed.filter(at__lte=at).order_by("-at", "-hours").first()
    after = believed.filter(at__gt=at).order_by("at", "hours").first()
    return [meters.Point(row.at, row.hours) for row in (before, after) if row is not None]


def _take_latest(machine: Equipment) -> None:
    latest = machine.readings.filter(is_plausible=True).order_by("-at", "-hours").first()
    if latest is not None and latest.hours != machine.running_hours:
        machine.running_hours = latest.hours
        machine.save(update_fields=["running_hours"])
