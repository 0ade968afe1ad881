"""Records for the rows of the reports: one of last month that is wanted, and one that failed."""

from django.utils import timezone

from reports import actions
from reports.months import Month


def records(people):
    last = Month.of(timezone.localdate()).plus(-1)
    wanted, _ = actions.ask_report(month=last, by=people["manager"])
    failed, _ = actions.ask_report(month=last.plus(-1), by=people["manager"])
    for _attempt in range(actions.ATTEMPTS):
        actions.note_failure(failed.pk, "no room left")
    return {"report": wanted.number, "failed": failed.number, "wanted": {"kind": "monthly", "month": str(last)}}
