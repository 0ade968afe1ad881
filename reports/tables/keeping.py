"""Arrivals in time by region, and every promise of the month that was broken."""

from typing import Any

from django.db.models import Count
from django.utils import timezone

from core import refs
from core.models import Entry
from reports.figures.promises import KEPT, decided
from reports.months import Month


def by_region(month: Month) -> list[dict[str, Any]]:
    """Kept and all arrival deadlines by region, in the order of the codes."""
    rows = (
        decided(month, "arrive")
        .order_by()
        .values("region")
        .annotate(kept=Count("id", filter=KEPT), whole=Count("id"))
        .order_by("region")
    )
    return [{"key": row["region"], "kept": row["kept"], "whole": row["whole"]} for row in rows]


def breaches(month: Month) -> list[dict[str, Any]]:
    """Broken promises with how late they were met, and why."""
    rows = list(decided(month).filter(state="broken").order_by("due_at", "id").select_related("line__promise"))
    names = _names(row.subject for row in rows)
    said = _said(rows)
    return [
        {
            "subject": names.get(row.subject, row.subject),
            "target": row.target,
            "region": row.region,
            "due_at": _iso(row.due_at),
            "ended_at": _iso(row.ended_at),
            "minutes_late": round((row.ended_at - row.due_at).total_seconds() / 60) if row.ended_at else None,
            "why": row.breach_reason or said.get((row.subject, row.end_kind), ""),
        }
        for row in rows
    ]


def _said(rows: list[Any]) -> dict[tuple[str, str], str]:
    """What was given as the reason with the late event itself, by record and kind of event."""
    late = [row for row in rows if not row.breach_reason and row.end_kind]
    if not late:
        return {}
    entries = Entry.objects.filter(
        about__overlap=sorted({row.subject for row in late}), kind__in={row.end_kind for row in late}
    ).exclude(why="")
    return {(ref, entry.kind): entry.why for entry in entries.order_by("id") for ref in entry.about}


def _names(subjects: Any) -> dict[str, str]:
    """Numbers of the records by reference, one query per kind."""
    wanted: dict[str, list[int]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        wanted.setdefault(kind, []).append(int(key))
    found = {}
    for kind, keys in wanted.items():
        registered = refs.kind_named(kind)
        if registered is not None:
            for record in registered.model._default_manager.filter(pk__in=keys):
                found[f"{kind}:{record.pk}"] = str(record)
    return found


def _iso(moment: Any) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="minutes")
