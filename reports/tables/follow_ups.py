"""The follow-ups of a month."""

from typing import Any

from django.utils import timezone

from followups.models import FollowUp
from reports.months import Month


def records(month: Month) -> list[dict[str, Any]]:
    """One row per follow-up due in the month, by due time."""
    rows = (
        FollowUp.objects.filter(due_at__gte=month.start, due_at__lt=month.end)
        .exclude(state="cancelled")
        .select_related("customer", "called_by", "ticket")
        .order_by("due_at", "id")
    )
    return [
        {
            "number": row.number,
            "customer": str(row.customer),
            "ticket": row.ticket.number if row.ticket else "",
            "rule": row.rule_code,
            "due_at": _iso(row.due_at),
            "ended_at": _iso(row.done_at),
            "tries": row.attempts_count,
            "result": row.state,
            "overall": row.overall,
            "by": str(row.called_by or ""),
        }
        for row in rows
    ]


def _iso(moment: Any) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="minutes")
