"""Calls and tickets of a month, and what imported repairs cost."""

from django.db.models import Count, Q, Sum

from reports.figures.values import Value, amount, count, share
from reports.months import Month
from tickets.models import Call, Ticket

VOID = ("cancelled", "merged")


def compute(month: Month) -> dict[str, Value]:
    """The figures of the section, two queries over the month and one over what is open."""
    imported = Q(source_key__isnull=False)
    row = (
        Ticket.objects.filter(reported_at__gte=month.start, reported_at__lt=month.end)
        .exclude(state__in=VOID)
        .aggregate(
            tickets=Count("id"),
            by_phone=Count("id", filter=Q(path__in=("phone", "remote"), solved_at__isnull=False)),
            repeats=Count("id", filter=Q(repeat_of__isnull=False)),
            imported=Count("id", filter=imported),
            cost=Sum("cost", filter=imported),
        )
    )
    calls = Call.objects.filter(at__gte=month.start, at__lt=month.end, direction=Call.Direction.IN).count()
    each = row["cost"] / row["imported"] if row["imported"] and row["cost"] is not None else None
    return {
        "calls": count(calls),
        "tickets": count(row["tickets"]),
        "by_phone": share(row["by_phone"], row["tickets"]),
        "second_repairs": share(row["repeats"], row["tickets"]),
        "open_at_end": count(_open_at(month)),
        "cost": amount(row["cost"], row["imported"]),
        "cost_per_ticket": amount(each, row["imported"]),
    }


def _open_at(month: Month) -> int:
    """Open ones now plus those closed since, as far as they had been reported; both halves use an index."""
    reported = Ticket.objects.filter(reported_at__lt=month.end)
    return reported.open().count() + reported.filter(state="closed", closed_at__gte=month.end).count()
