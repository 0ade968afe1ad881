"""What may be done with reports: ask for one, freeze its figures, issue its papers."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, nudges, numbers
from core.errors import Forbidden, Refused
from notices import actions as notices
from reports import collect, documents
from reports.models import FrozenTable, Report
from reports.months import Month
from reports.permissions import can_ask
from reports.states import REPORT
from staff.models import User
from staff.roles import Role

ATTEMPTS = 5
EARLIEST_YEAR = 1990


def ask_report(*, month: Month, by: Any, at: datetime | None = None, why: str = "") -> tuple[Report, bool]:
    """The report of a month and whether it is new; `why` asks for a re-issue of one that exists.

    A month that is not over gives a preliminary report. Raises Refused for a month to come.
    """
    at = at or timezone.now()
    if by is not None and not can_ask(by):
        raise Forbidden(_("Monthly reports are for managers."))
    if month.start > at or month.year < EARLIEST_YEAR:
        raise Refused({"month": _("Choose a month that has begun.")})
    existing = _newest(month)
    if existing and not why and not (existing.is_preliminary and month.end <= at):
        return existing, False
    try:
        with transaction.atomic():
            return _create(month, by, at, why), True
    except IntegrityError:
        return Report.objects.filter(month=month.first).latest("issue"), False


def _newest(month: Month) -> Report | None:
    return Report.objects.filter(month=month.first).order_by("-issue").first()


def _create(month: Month, by: Any, at: datetime, why: str) -> Report:
    issue = (Report.objects.filter(month=month.first).aggregate(Max("issue"))["issue__max"] or 0) + 1
    report = Report.objects.create(
        number=numbers.monthly("YB", month.first),
        month=month.first,
        issue=issue,
        why=why,
        asked_by=by,
        asked_at=at,
        is_preliminary=month.end > at,
    )
    data = {"month": str(month), "issue": issue}
    history.record("report.asked", report, by=by, at=at, why=why, data=data)
    transaction.on_commit(lambda: nudges.send("reports.tasks.make_wanted"))
    return report


def make(report_id: int, *, at: datetime | None = None) -> bool:
    """Freeze, then print, each in a transaction of its own; what was done before a crash stays done.

    Returns False when another worker has the report or nothing is left to do.
    """
    return _freeze(report_id, at) | _issue(report_id, at)


@transaction.atomic
def _freeze(report_id: int, at: datetime | None) -> bool:
    report = Report.objects.select_for_update(skip_locked=True).filter(pk=report_id, state="wanted").first()
    if report is None:
        return False
    rows = collect.frozen_figures(report)
    tables = {code: build(Month.of(report.month)) for code, build in collect.TABLES.items()}
    type(rows[0]).objects.bulk_create(rows)
    FrozenTable.objects.bulk_create([FrozenTable(report=report, code=code, rows=t) for code, t in tables.items()])
    REPORT.move(report, "freeze", None)
    report.frozen_at = at or timezone.now()
    report.figures_sha256 = collect.checksum(rows, tables)
    report.save(update_fields=["state", "frozen_at", "figures_sha256"])
    history.record("report.frozen", report, by=None, at=report.frozen_at, data={"sha256": report.figures_sha256})
    return True


@transaction.atomic
def _issue(report_id: int, at: datetime | None) -> bool:
    report = Report.objects.select_for_update(skip_locked=True).filter(pk=report_id, state="frozen").first()
    if report is None:
        return False
    at = at or timezone.now()
    report.issued_at = at
    report.papers.set(documents.issue_all(report, at=at))
    REPORT.move(report, "issue", None)
    report.save(update_fields=["state", "issued_at"])
    history.record("report.issued", report, by=None, at=at, data={"issue": report.issue})
    for reader in _readers_of(report):
        context = {"number": report.number, "title": str(report.number), "url": report.get_absolute_url()}
        notices.tell("report.ready", to=reader, about=report, context=context, at=at)
    return True


def _readers_of(report: Report) -> list[User]:
    """Who asked; a report that came by itself goes to the managers and the service head."""
    if report.asked_by:
        return [report.asked_by]
    return list(User.objects.filter(is_active=True, roles__overlap=[Role.MANAGER, Role.HEAD]))


@transaction.atomic
def note_failure(report_id: int, error: str, *, at: datetime | None = None) -> None:
    """Keep why a report could not be made; after five attempts it is given up and shown as failed."""
    report = Report.objects.select_for_update().get(pk=report_id)
    report.attempts += 1
    report.last_error = error[:2000]
    if report.attempts >= ATTEMPTS and "fail" in REPORT.possible(report.state, None):
        REPORT.move(report, "fail", None)
        history.record("report.failed", report, by=None, at=at or timezone.now(), data={"attempts": report.attempts})
    report.save(update_fields=["attempts", "last_error", "state"])


@transaction.atomic
def try_again(report: Report, *, by: Any, at: datetime | None = None) -> Report:
    """Take up a failed report where it stopped."""
    if not can_ask(by):
        raise Forbidden(_("Monthly reports are for managers."))
    report = Report.objects.select_for_update().get(pk=report.pk)
    REPORT.check(report, "retry", by)
    report.state = "frozen" if report.frozen_at else "wanted"
    report.attempts = 0
    report.save(update_fields=["state", "attempts"])
    history.record(
        "report.asked", report, by=by, at=at, data={"month": str(Month.of(report.month)), "issue": report.issue}
    )
    transaction.on_commit(lambda: nudges.send("reports.tasks.make_wanted"))
    return report


def ensure_monthly(at: datetime | None = None) -> Report | None:
    """The report of last month, once it is over: made by the schedule every hour, so downtime only delays it.

    Nothing is made before the second day, so that reports entered late on the last day are in.
    """
    at = at or timezone.now()
    today = timezone.localtime(at).date()
    month = Month.of(today).plus(-1)
    if today.day < 2:
        return None
    report, new = ask_report(month=month, by=None, at=at)
    return report if new else None
