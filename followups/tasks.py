"""Wake-ups of the follow-ups: the calendar sweep, and the readers of the history."""

from celery import shared_task

from core.models import Entry
from customers.models import Equipment
from followups import actions
from followups.kinds import ENDED_KINDS, MACHINE_KINDS
from tickets.models import Ticket


@shared_task
def sweep() -> int:
    """Make the follow-ups the calendar asks for; returns how many."""
    return actions.sweep()


def read(entry: Entry) -> None:
    """Make the follow-ups an entry asks for, and take back those it makes pointless."""
    if entry.kind in ENDED_KINDS:
        ticket = Ticket.objects.get(pk=entry.subject.partition(":")[2])
        actions.cancel_for(ticket, at=entry.at, why=entry.why or entry.kind)
    elif entry.kind in MACHINE_KINDS:
        machine = Equipment.objects.select_related("customer__province__region", "model__product_line").get(
            pk=entry.subject.partition(":")[2]
        )
        actions.make_for_machine(machine, at=entry.at)
    else:
        actions.make_for_entry(entry)
