"""Wake-ups of the reports: the month's own report, and the making of those that are wanted."""

import logging

from celery import shared_task

from reports import actions
from reports.models import Report

log = logging.getLogger(__name__)


@shared_task
def ensure_monthly() -> str:
    """See that last month has its report; returns the number of a new one."""
    report = actions.ensure_monthly()
    return report.number if report else ""


@shared_task
def make_wanted() -> int:
    """Make the reports that are waiting; one that fails keeps its reason and is tried again later."""
    made = 0
    for pk in list(Report.objects.to_make().order_by("asked_at").values_list("pk", flat=True)):
        try:
            made += actions.make(pk)
        except Exception as error:
            log.exception("report %s could not be made", pk)
            actions.note_failure(pk, repr(error))
    return made
