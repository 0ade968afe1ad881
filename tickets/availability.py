"""Whether engineers can go: certificates and leave forbid (ORG-05), overlapping orders warn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from staff import qualification
from staff.models import Absence, Engineer
from tickets.models import DispatchOrder, Ticket

AN_APPOINTMENT = timedelta(hours=2)
"""How long an appointment without an end is taken to be."""


@dataclass(frozen=True)
class Held:
    """An open order that an engineer has, and whether it overlaps the time in question."""

    number: str
    overlaps: bool


def obstacle(engineer: Engineer, ticket: Ticket, when: datetime) -> str:
    """Why an engineer cannot go at a moment, in words with what would help; empty when he can."""
    return obstacles([engineer], ticket, when).get(engineer.pk, "")


def obstacles(engineers: list[Engineer], ticket: Ticket, when: datetime) -> dict[int, str]:
    """The obstacles of many engineers by id, in two queries (ORG-05, leave)."""
    line = ticket.equipment.model.product_line if ticket.equipment else None
    found = dict(qualification.obstacles(engineers, line, timezone.localtime(when).date()))
    away = Absence.objects.filter(engineer__in=[one.pk for one in engineers], during__contains=when)
    names = {one.pk: str(one) for one in engineers}
    for absence in away:
        words = {
            "engineer": names[absence.engineer_id],
            "kind": absence.get_kind_display(),
            "until": date_format(timezone.localtime(absence.during.upper), "Y-m-d H:i")
            if absence.during.upper
            else "…",
        }
        text = _("%(engineer)s is away until %(until)s (%(kind)s). Choose a later time or somebody else.") % words
        found.setdefault(absence.engineer_id, text)
    return found


def overlapping(
    engineers: Iterable[int], start: datetime | None, end: datetime | None, but: Any = None
) -> dict[int, list[Held]]:
    """Open orders of engineers by id, each with whether it overlaps a span. One query."""
    rows = DispatchOrder.objects.open().filter(engineer__in=list(engineers)).exclude(pk=but)
    found: dict[int, list[Held]] = {}
    for order in rows.order_by("appointment_from", "id"):
        found.setdefault(order.engineer_id, []).append(Held(order.number, _overlap(order, start, end)))
    return found


def _overlap(order: DispatchOrder, start: datetime | None, end: datetime | None) -> bool:
    if start is None or order.appointment_from is None:
        return False
    other_end = order.appointment_to or order.appointment_from + AN_APPOINTMENT
    return order.appointment_from < (end or start + AN_APPOINTMENT) and start < other_end


def warnings(engineer: Engineer, ticket: Ticket, order: DispatchOrder) -> list[str]:
    """What speaks against an order without forbidding it: overlaps, grade above the tier, off duty."""
    found = []
    orders = overlapping([engineer.pk], order.appointment_from, order.appointment_to, but=order.pk)
    numbers = [one.number for one in orders.get(engineer.pk, []) if one.overlaps]
    if numbers:
        found.append(_("Overlaps with %(numbers)s.") % {"numbers": ", ".join(numbers)})
    if ticket.grade is not None and ticket.grade < engineer.tier.highest_grade_alone:
        words = {"tier": engineer.tier, "grade": ticket.grade}
        found.append(_("%(tier)s: grade %(grade)s is not to be taken alone.") % words)
    if engineer.standby == Engineer.Standby.OFF:
        found.append(_("%(engineer)s is off duty.") % {"engineer": engineer})
    return found
