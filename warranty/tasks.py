"""Wake-ups of the warranty: rights that lapse, components that were replaced."""

from celery import shared_task
from django.utils import timezone

from core.models import Entry
from customers.models import Component
from warranty import actions
from warranty.models import ComponentKind


@shared_task
def sweep() -> int:
    """Let rights lapse whose last day is over; returns how many."""
    return actions.lapse_rights(at=timezone.now())


def read_replacement(entry: Entry) -> None:
    """A component of a machine was replaced: it has a warranty of its own from that day (WAR-05)."""
    component = Component.objects.select_related("equipment__customer").get(pk=entry.data["component"])
    if not ComponentKind.objects.filter(code=component.kind).exists():
        return
    actions.replace_part(
        component.equipment,
        by=None,
        at=entry.at,
        component=component.kind,
        name=component.name,
        serial_in=component.serial,
        serial_out=entry.data["old"] if entry.data["old"] != "—" else "",
    )
