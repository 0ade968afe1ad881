"""Promise keeping: figures that open, missed deadlines with reason and responsible, what waits for whom."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import paging, sheets
from sla import keeping
from sla.filters import month_bounds
from sla.forms import KeepingFilter, party_label
from sla.models import PauseReason, Timer
from sla.telling import Directory
from sla.views.guards import readers

YEAR = timedelta(days=366)


@require_safe
@readers
def show(request: HttpRequest) -> HttpResponse:
    """The month's figures by promise, grade, region, engineer or month, and the list behind them."""
    now = timezone.now()
    asked = request.GET.copy()
    asked.setdefault("month", f"{timezone.localtime(now):%Y-%m}")
    asked.setdefault("group", "promise")
    form = KeepingFilter(asked)
    form.is_valid()
    chosen = form.cleaned_data if form.is_bound else {}
    start, end = month_bounds(chosen.get("month", "")) or month_bounds(f"{timezone.localtime(now):%Y-%m}") or (now, now)
    visible = _narrowed(Timer.objects.visible_to(request.user), chosen)
    rows = visible.filter(due_at__gte=start, due_at__lt=end)
    if request.GET.get("export"):
        return _export(request, rows, now)
    group = chosen.get("group") or "promise"
    page = paging.page(keeping.breaches(rows, now), ("-due_at", "-id"), request.GET.get("cursor", ""), 30)
    context = {
        "form": form,
        "total": keeping.total(rows, now),
        "before": keeping.total(visible.filter(due_at__gte=_before(start), due_at__lt=start), now),
        "shares": _shares(visible, rows, group, end, now),
        "group": group,
        "page": page,
        "breaches": _told(page.rows, now),
        "waiting": [_waiting(one) for one in keeping.waiting_now(visible, now)],
        "waited": [
            (PauseReason(code).label, span, count)
            for code, span, count in keeping.waited(visible, start, min(end, now))
        ],
        "parties": [(party_label(code), span / count, count) for code, span, count in keeping.held_by_party(rows)],
        "now": now,
    }
    return render(request, "sla/keeping.html", context)


def _narrowed(rows: Any, chosen: dict[str, Any]) -> Any:
    for name in ("region", "target", "grade"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    return rows


def _before(start: datetime) -> datetime:
    bounds = month_bounds(f"{timezone.localtime(start - timedelta(days=1)):%Y-%m}")
    assert bounds is not None
    return bounds[0]


def _shares(visible: Any, rows: Any, group: str, end: datetime, now: datetime) -> list[keeping.Share]:
    if group == "month":
        return keeping.by_month(visible.filter(due_at__gte=end - YEAR, due_at__lt=end), now)
    return keeping.by(rows, group, now)


def _told(timers: list[Timer], now: datetime) -> list[dict[str, Any]]:
    directory = Directory(timers)
    return [
        {
            "timer": timer,
            "subject": directory.subject(timer),
            "customer": directory.customer(timer),
            "late": (timer.ended_at or now) - timer.due_at,
            "responsible": party_label(timer.responsible),
        }
        for timer in timers
    ]


def _waiting(one: keeping.Waiting) -> dict[str, Any]:
    kind, _colon, code = one.party.partition(":")
    label = PauseReason(code).label if kind == "reason" else party_label(code)
    return {"label": label, "held": kind == "reason", "count": one.count, "since": one.since, "late": one.late}


def _export(request: HttpRequest, rows: Any, now: datetime) -> HttpResponse:
    timers = list(
        keeping.counted(rows, now).select_related("line__promise", "engineer").order_by("due_at", "id")[:50_000]
    )
    directory = Directory(timers)
    columns = [
        sheets.Column(_("Record"), directory.subject, "code"),
        sheets.Column(_("Customer"), directory.customer),
        sheets.Column(_("Promise"), lambda timer: str(timer.line.promise)),
        sheets.Column(_("Target"), "target_label"),
        sheets.Column(_("Grade"), "grade", "number"),
        sheets.Column(_("Region"), "region", "code"),
        sheets.Column(_("Engineer"), lambda timer: str(timer.engineer or "")),
        sheets.Column(_("Began"), "started_at", "moment"),
        sheets.Column(_("Due"), "due_at", "moment"),
        sheets.Column(_("Ended"), "ended_at", "moment"),
        sheets.Column(_("Kept"), lambda timer: _("yes") if timer.state == "kept" else _("no")),
        sheets.Column(_("Reason"), "breach_reason"),
        sheets.Column(_("Responsible"), lambda timer: str(party_label(timer.responsible))),
    ]
    return sheets.answer(request, "promise-keeping", columns, timers)
