"""Wake-ups of the main line: papers are made as soon as a report is in, rights arise by waiting."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import pdf
from core.models import Entry
from tickets import documents, rights
from tickets.models import ServiceReport

REPORTED = ("order.reported", "order.report_corrected")
FRESH = timedelta(days=2)
"""Older reports are printed when somebody asks for them."""


def issue_papers(entry: Entry) -> None:
    """Issue the service report of an entry in every language; read by `tickets.papers`."""
    if entry.at < timezone.now() - FRESH:
        return
    report = ServiceReport.objects.filter(
        visit__order=int(entry.subject.partition(":")[2]),
        visit__sequence=entry.data["visit"],
        version=entry.data["version"],
    ).first()
    if report is not None:
        for language in pdf.LANGUAGES:
            documents.report_paper(report, language)


@shared_task
def watch_rights() -> int:
    """Let rights from the three guarantees arise that come by waiting alone; returns how many."""
    return rights.watch(at=timezone.now())
