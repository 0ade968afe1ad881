"""Wake-ups of the deadlines."""

from celery import shared_task
from django.utils import timezone

from core import nudges
from sla import actions, calendars, sweeping
from sla.models import Clock


@shared_task
def sweep() -> int:
    """Warn, break and escalate what is due; may run twice, beside another, or never. Returns how many steps."""
    done, more = sweeping.sweep()
    if more:
        nudges.send("sla.tasks.sweep")
    return done


@shared_task
def follow_clocks() -> int:
    """Let open deadlines follow clocks that changed, where the change did not take them along; returns how many."""
    codes = Clock.objects.filter(version__gt=1).values_list("code", flat=True).distinct()
    return sum(actions.refit_clock(code) for code in codes)


@shared_task
def notice_missing_years() -> int:
    """Tell the service head which clocks lack the holidays of this year or, from October on, of the next."""
    return calendars.tell_missing(timezone.now())
