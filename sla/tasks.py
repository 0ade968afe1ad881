"""Wake-ups of the deadlines."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import connection
from django.utils import timezone

from core import nudges
from sla import actions, calendars, sweeping
from sla.models import Clock

ONE_SWEEP = 7_305_001
"""Key of the advisory lock that keeps a storm of deadlines to one worker, so that others stay free for the rest."""


@shared_task
def sweep() -> int:
    """Warn, break and escalate what is due; may run twice, beside another, or never. Returns how many steps."""
    with _alone(ONE_SWEEP) as alone:
        done, more = sweeping.sweep() if alone else (0, False)
    if more:
        nudges.send("sla.tasks.sweep")
    return done


@contextmanager
def _alone(key: int) -> Iterator[bool]:
    """Whether nobody else holds the lock; the database lets go of it when a worker dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@shared_task
def follow_clocks() -> int:
    """Let open deadlines follow clocks that changed, where the change did not take them along; returns how many."""
    codes = Clock.objects.filter(version__gt=1).values_list("code", flat=True).distinct()
    return sum(actions.refit_clock(code) for code in codes)


@shared_task
def notice_missing_years() -> int:
    """Tell the service head which clocks lack the holidays of this year or, from October on, of the next."""
    return calendars.tell_missing(timezone.now())
