"""The call records of a month [客户咨询/投诉电话记录表]."""

from typing import Any

from django.utils import timezone

from reports.months import Month
from tickets.models import Call


def records(month: Month) -> list[dict[str, Any]]:
    """One row per incoming call, oldest first; phone numbers stay out of the report."""
    rows = (
        Call.objects.filter(at__gte=month.start, at__lt=month.end, direction=Call.Direction.IN)
        .select_related("customer", "taken_by", "ticket")
        .order_by("at", "id")
    )
    return [
        {
            "number": call.number,
            "at": timezone.localtime(call.at).isoformat(timespec="minutes"),
            "customer": str(call.customer) if call.customer else call.caller_unit,
            "kind": call.kind,
            "channel": call.channel,
            "said": call.said[:120],
            "answered": call.answered[:120],
            "answered_at": timezone.localtime(call.answered_at).isoformat(timespec="minutes")
            if call.answered_at
            else None,
            "content": call.content,
            "ticket": call.ticket.number if call.ticket else "",
            "taken_by": str(call.taken_by or ""),
        }
        for call in rows
    ]
