"""Promise keeping: how many deadlines were kept, by what they belong to; what is waiting for whom (SLA-09).

A deadline belongs to the month in which it was due. Kept and missed are counted; one that is open and past its
deadline counts as missed, one that is not due yet and one that was cancelled do not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum
from django.db.models.functions import Coalesce, Greatest, Least, TruncMonth
from django.utils.translation import gettext as _

from sla.models import PauseReason, Promise, Target, TimerPause
from staff.models import Region, User

DIMENSIONS = {
    "promise": "line__promise__code",
    "target": "target",
    "grade": "grade",
    "region": "region",
    "engineer": "engineer",
}


@dataclass(frozen=True)
class Share:
    """Kept and missed deadlines of one group."""

    key: Any
    label: str
    kept: int
    missed: int

    @property
    def count(self) -> int:
        """Deadlines that count."""
        return self.kept + self.missed

    @property
    def percent(self) -> float | None:
        """Share kept; None of none."""
        return 100 * self.kept / self.count if self.count else None


@dataclass(frozen=True)
class Waiting:
    """What waits for one party: how many records, the longest since when."""

    party: str
    count: int
    since: datetime | None
    late: int


def counted(rows: Any, at: datetime) -> Any:
    """Of timer rows those that count at a moment."""
    return rows.filter(Q(state__in=["kept", "broken"]) | Q(state="running", due_at__lt=at))


def missed(at: datetime) -> Q:
    """Missed deadlines, noted or not."""
    return Q(state="broken") | Q(state="running", due_at__lt=at)


def total(rows: Any, at: datetime) -> Share:
    """All of some timers as one group."""
    found = counted(rows, at).aggregate(kept=Count("pk", Q(state="kept")), missed=Count("pk", missed(at)))
    return Share("", "", found["kept"], found["missed"])


def by(rows: Any, dimension: str, at: datetime) -> list[Share]:
    """Groups of a dimension, most missed first."""
    field = DIMENSIONS[dimension]
    groups = (
        counted(rows, at)
        .order_by()
        .values(field)
        .annotate(kept=Count("pk", Q(state="kept")), missed=Count("pk", missed(at)))
    )
    names = _names(dimension, [group[field] for group in groups])
    shares = [Share(g[field], names.get(g[field], _("not known")), g["kept"], g["missed"]) for g in groups]
    if dimension == "grade":
        return sorted(shares, key=lambda share: share.key or 9)
    return sorted(shares, key=lambda share: (-share.missed, -share.count, str(share.key)))


def by_month(rows: Any, at: datetime) -> list[Share]:
    """Groups by the local month of the deadline, oldest first."""
    groups = (
        counted(rows, at)
        .order_by()
        .annotate(month=TruncMonth("due_at"))
        .values("month")
        .annotate(kept=Count("pk", Q(state="kept")), missed=Count("pk", missed(at)))
    )
    rows = sorted(groups, key=lambda group: group["month"])
    return [Share(f"{g['month']:%Y-%m}", f"{g['month']:%Y-%m}", g["kept"], g["missed"]) for g in rows]


def breaches(rows: Any, at: datetime) -> Any:
    """Missed deadlines with what a list shows."""
    return rows.filter(missed(at)).select_related("line__promise", "engineer")


def waiting_now(rows: Any, at: datetime) -> list[Waiting]:
    """Open deadlines by who has them: the pause's reason while the clock stands still, else the line's party."""
    running = rows.open().exclude(state="held").exclude(line__party="")
    groups = [
        Waiting(f"party:{group['line__party']}", group["count"], group["since"], group["late"])
        for group in running.order_by()
        .values("line__party")
        .annotate(
            count=Count("subject", distinct=True),
            since=Min("started_at"),
            late=Count("subject", missed(at), distinct=True),
        )
    ]
    held = TimerPause.objects.filter(resumed_at=None, timer__in=rows.filter(state="held"))
    groups += [
        Waiting(f"reason:{group['reason']}", group["count"], group["since"], 0)
        for group in held.order_by()
        .values("reason")
        .annotate(count=Count("timer__subject", distinct=True), since=Min("paused_at"))
    ]
    return sorted(groups, key=lambda group: -group.count)


def waited(rows: Any, start: datetime, end: datetime) -> list[tuple[str, timedelta, int]]:
    """How long clocks stood still in a stretch of time, by reason; each record counts its longest timer once."""
    length = ExpressionWrapper(
        Least(Coalesce(F("resumed_at"), end), end) - Greatest(F("paused_at"), start), output_field=DurationField()
    )
    groups = (
        TimerPause.objects.filter(timer__in=rows, paused_at__lt=end, timer__target=Target.ARRIVE)
        .exclude(reason=PauseReason.CLOSED)
        .exclude(resumed_at__lte=start)
        .order_by()
        .values("reason")
        .annotate(span=Sum(length), count=Count("timer__subject", distinct=True))
    )
    return [(g["reason"], g["span"], g["count"]) for g in sorted(groups, key=lambda g: -g["span"])]


def held_by_party(rows: Any) -> list[tuple[str, timedelta, int]]:
    """How long each party had what was handed to it, for the deadlines between teams that ended."""
    length = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    groups = (
        rows.filter(target=Target.TEAM, ended_at__isnull=False)
        .exclude(state="cancelled")
        .order_by()
        .values("line__party")
        .annotate(span=Sum(length), count=Count("pk"))
    )
    return [(g["line__party"], g["span"], g["count"]) for g in groups]


def _names(dimension: str, keys: Iterable[Any]) -> dict[Any, str]:
    wanted = [key for key in keys if key not in (None, "")]
    if dimension == "target":
        return {value: str(label) for value, label in Target.choices}
    if dimension == "grade":
        return {key: _("grade %(grade)d") % {"grade": key} for key in wanted}
    if dimension == "region":
        return {row.code: str(row) for row in Region.objects.filter(code__in=wanted)}
    if dimension == "engineer":
        return {row.pk: str(row) for row in User.objects.filter(pk__in=wanted)}
    return {row.code: str(row) for row in Promise.objects.filter(code__in=wanted).order_by("version")}
