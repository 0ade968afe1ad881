"""How many deadlines of a month were kept, by what was promised."""

from django.db.models import Count, Q, QuerySet

from reports.figures.values import Value, share
from reports.months import Month
from sla.models import Timer

TARGETS = {"contact": "contact_in_time", "arrive": "arrive_in_time", "report": "report_in_time"}
KEPT = Q(state="kept") & (~Q(target="arrive") | Q(end_kind="order.arrived"))
"""Kept; an arrival only by somebody who came, not by a fault that was solved without a visit."""


def decided(month: Month, target: str = "") -> QuerySet[Timer]:
    """Timers whose deadline fell into the month and that were kept or broken."""
    rows = Timer.objects.filter(due_at__gte=month.start, due_at__lt=month.end).filter(KEPT | Q(state="broken"))
    return rows.filter(target=target) if target else rows


def compute(month: Month) -> dict[str, Value]:
    """The figures of the section, one query."""
    rows = {
        target: (kept, whole)
        for target, kept, whole in decided(month)
        .filter(target__in=TARGETS)
        .order_by()
        .values_list("target")
        .annotate(kept=Count("id", filter=KEPT), whole=Count("id"))
    }
    return {code: share(*rows.get(target, (0, 0))) for target, code in TARGETS.items()}
