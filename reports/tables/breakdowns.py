"""The tickets of a month by grade, region, machine, fault, day and word, beside the month before."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from reports.months import Month
from reports.tables.repairs import tickets_of
from reports.words import frequent

MOST = 12


def by_field(month: Month, field: str) -> list[dict[str, Any]]:
    """Tickets by the values of a field, most first, beside the month before."""
    now, before = _counts(month, field), _counts(month.plus(-1), field)
    keys = sorted(now.keys() | before.keys(), key=lambda k: (-now.get(k, 0), -before.get(k, 0), str(k)))
    return [{"key": key, "count": now.get(key, 0), "previous": before.get(key, 0)} for key in keys]


def _counts(month: Month, field: str) -> dict[Any, int]:
    rows = tickets_of(month).order_by().values_list(field).annotate(n=Count("id"))
    return {("" if key is None else key): n for key, n in rows}


def by_day(month: Month) -> list[dict[str, Any]]:
    """Tickets by local day, days without any included."""
    counted = dict(
        tickets_of(month).order_by().annotate(day=TruncDate("reported_at")).values_list("day").annotate(n=Count("id"))
    )
    days = (month.last - month.first).days + 1
    dates = [month.first + timedelta(days=n) for n in range(days)]
    return [{"day": day.isoformat(), "count": counted.get(day, 0)} for day in dates]


def by_machine(month: Month) -> list[dict[str, Any]]:
    """Machines with the most tickets, what their imported repairs cost, and which words come back."""
    rows = list(
        tickets_of(month)
        .filter(equipment__isnull=False)
        .order_by()
        .values("equipment__serial", "equipment__model__code", "customer__name")
        .annotate(n=Count("id"), cost=Sum("cost"))
        .order_by("-n", "equipment__serial")[:MOST]
    )
    said: dict[str, list[str]] = {row["equipment__serial"]: [] for row in rows}
    symptoms = tickets_of(month).filter(equipment__serial__in=said).values_list("equipment__serial", "symptom")
    for serial, symptom in symptoms:
        said[serial].append(symptom)
    return [
        {
            "serial": row["equipment__serial"],
            "model": row["equipment__model__code"],
            "customer": row["customer__name"],
            "count": row["n"],
            "cost": None if row["cost"] is None else f"{row['cost']:.2f}",
            "often": [f"{word} ×{n}" for word, n in frequent(said[row["equipment__serial"]], 3) if n > 1],
        }
        for row in rows
    ]


def by_word(month: Month) -> list[dict[str, Any]]:
    """Words that stand in the most fault descriptions, beside the month before."""
    now = frequent(tickets_of(month).values_list("symptom", flat=True), MOST)
    before = Counter(dict(frequent(tickets_of(month.plus(-1)).values_list("symptom", flat=True), 10_000)))
    return [{"key": word, "count": n, "previous": before[word]} for word, n in now]
