"""Wake-ups of the deadlines."""

from celery import shared_task

from core import nudges
from sla import sweeping


@shared_task
def sweep() -> int:
    """Warn, break and escalate what is due; may run twice, beside another, or never. Returns how many steps."""
    done, more = sweeping.sweep()
    if more:
        nudges.send("sla.tasks.sweep")
    return done
