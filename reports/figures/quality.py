"""How long repairs took and whether the first visit was enough."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, DurationField, Exists, F, OuterRef, Q, QuerySet, Sum

from reports.figures.values import Value, amount, share
from reports.months import Month
from tickets.models import Ticket, Visit

WINDOW = timedelta(days=30)


class Percentile(Aggregate):
    """`percentile_cont(fraction) WITHIN GROUP (ORDER BY expression)` of PostgreSQL."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: object, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=fraction, output_field=DurationField(), **extra)


def compute(month: Month) -> dict[str, Value]:
    """The figures of the section, three queries."""
    took = F("solved_at") - F("reported_at")
    times = Ticket.objects.filter(
        solved_at__gte=month.start, solved_at__lt=month.end, source_key__isnull=True
    ).aggregate(n=Count("id"), median=Percentile(took, 0.5), p90=Percentile(took, 0.9))
    visits = Visit.objects.filter(reported_at__gte=month.start, reported_at__lt=month.end)
    money = visits.aggregate(total=Sum(F("labour_charge") + F("parts_charge") + F("travel_charge")))["total"]
    fixed, first = _first_visits(month)
    return {
        "repair_median": amount(_hours(times["median"]), times["n"]),
        "repair_p90": amount(_hours(times["p90"]), times["n"]),
        "first_time_fix": share(fixed, first),
        "charged": amount(money or Decimal(0)),
    }


def _hours(span: timedelta | None) -> Decimal | None:
    return None if span is None else Decimal(span.total_seconds()) / 3600


def first_visits(month: Month) -> QuerySet[Visit]:
    """First visits of their tickets that were reported in the month, marked with what came after."""
    others = Visit.objects.filter(order__ticket=OuterRef("order__ticket"), reported_at__isnull=False)
    repeats = Ticket.objects.filter(
        repeat_of=OuterRef("order__ticket"),
        reported_at__gt=OuterRef("reported_at"),
        reported_at__lte=OuterRef("reported_at") + WINDOW,
    )
    return (
        Visit.objects.filter(reported_at__gte=month.start, reported_at__lt=month.end)
        .exclude(Exists(others.filter(reported_at__lt=OuterRef("reported_at"))))
        .annotate(
            again=Exists(
                others.filter(
                    reported_at__gt=OuterRef("reported_at"),
                    reported_at__lte=OuterRef("reported_at") + WINDOW,
                )
            ),
            repeated=Exists(repeats),
        )
    )


def _first_visits(month: Month) -> tuple[int, int]:
    row = first_visits(month).aggregate(
        first=Count("id"), fixed=Count("id", filter=Q(outcome="fixed", again=False, repeated=False))
    )
    return row["fixed"], row["first"]
