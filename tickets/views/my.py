"""The engineer's tablet: own orders as stops of a day, and one order with its big steps (DSP-04 to DSP-07)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import approvals, history, pages, paging, stories, uploads
from tickets import stops, verdicts, visit_forms
from tickets.actions import orders as actions
from tickets.actions.reports import UNSOLVED
from tickets.actions.visits import LATE, LEAVE, current
from tickets.models import DispatchOrder, Ticket, Visit
from tickets.states import ORDER

PARTS = (
    "ticket__customer__province",
    "ticket__province",
    "ticket__equipment__model__product_line",
    "ticket__fault_type",
    "engineer__user",
    "engineer__region",
    "issued_by",
)
DONE_SIZE = 20


def _mine(request: HttpRequest) -> Any:
    return DispatchOrder.objects.filter(engineer__user=request.user.pk).select_related(*PARTS)


@login_required
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """My work: today by what breaks next, the days to come, what is done."""
    view = request.GET.get("view", "today")
    today = timezone.localdate()
    found = stops.stops(_mine(request).open().order_by("appointment_from", "id"))
    now = [stop for stop in found if stops.is_for_today(stop, today)]
    later = [stop for stop in found if not stops.is_for_today(stop, today)]
    context: dict[str, Any] = {"view": view, "today": today, "tabs": _tabs(view, len(now), len(later))}
    if view == "done":
        ended = _mine(request).exclude(state__in=ORDER.open_states)
        context["page"] = paging.page(ended, ("-issued_at", "-id"), request.GET.get("cursor", ""), DONE_SIZE)
        context["days"] = [(None, stops.stops(context["page"]))]
    else:
        context["days"] = stops.by_day(later if view == "coming" else now, today)
        context["to_come"] = len(later) if view == "today" else 0
    return render(request, "tickets/my/list.html", context)


def _tabs(view: str, now: int, later: int) -> list[dict[str, Any]]:
    names = [("today", _("Today"), now), ("coming", _("Coming"), later), ("done", _("Done"), None)]
    return [
        {"label": label, "url": f"?view={code}", "current": view == code, "count": count}
        for code, label, count in names
    ]


@login_required
@require_safe
def my_order(request: HttpRequest, number: str) -> HttpResponse:
    """One order on the tablet."""
    return _show(request, _own(request, number))


def _own(request: HttpRequest, number: str) -> DispatchOrder:
    return get_object_or_404(_mine(request), number=number)


def _show(request: HttpRequest, order: DispatchOrder, form: Any = None, step: str = "") -> HttpResponse:
    """The page; a refused form takes the place of the fresh one of its step."""
    stop = stops.stops([order])[0]
    visit = current(order)
    forms = _fresh_forms(order, visit)
    if form is not None:
        forms[step.replace("-", "_")] = form
    context = {
        "stop": stop,
        "order": order,
        "ticket": order.ticket,
        "visit": visit,
        "forms": forms,
        "steps": stops.big_steps(order, timezone.now()),
        "possible": set(ORDER.possible(order.state, request.user)),
        "api": f"/api/v1/dispatch-orders/{order.number}/",
        "zone": _zone(),
        "draft_key": f"order-{order.number}-{visit.sequence if visit else 0}",
        "said": {verb.replace("-", "_"): said() for verb, said in SAID.items()},
        "captions": [_("Name plate"), _("The fault"), _("Old part"), _("New part"), _("Test run")],
        "ticket_photos": ticket_pictures(order.ticket),
        "verdict": verdicts.frozen(order.ticket),
        "photos": _photos(order, visit),
        "part_rows": _part_rows(request, order, visit, step),
        "leave": approvals.of(order).filter(step=LEAVE).last(),
        "unsolved": [str(code) for code in UNSOLVED],
        "reports": _reports(order),
        "before": _before(order.ticket),
        "story": stories.tell(history.about(order, reader=request.user)[:30], order),
        "late": _late(order),
        "too_late": (_late(order) or timedelta()) >= LATE,
        "contact_late": order.state == "accepted" and timezone.now() - order.issued_at > actions.CALL_WITHIN,
    }
    return render(request, "tickets/my/order.html", context, status=pages.status_of(request))


def _zone() -> str:
    """Offset of the pages' time zone as ISO writes it: +08:00."""
    offset = timezone.localtime().strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"


def _fresh_forms(order: DispatchOrder, visit: Visit | None) -> dict[str, Any]:
    fresh = {verb: form(auto_id=f"{verb}_%s") for verb, form in FORMS.items() if verb not in WITH_RECORD}
    fresh["report"] = visit_forms.ReportForm.first(order, visit)
    if visit is not None:
        fresh["correct-report"] = visit_forms.CorrectForm.first(visit)
    return {verb.replace("-", "_"): form for verb, form in fresh.items()}


def _part_rows(request: HttpRequest, order: DispatchOrder, visit: Visit | None, step: str) -> list[Any]:
    """Rows of parts as they were typed; for a correction as they were reported."""
    if step in ("report", "correct-report"):
        return visit_forms.parts_of(request.POST)
    return list(visit.parts.order_by("id")) if visit and order.state in ("done", "waiting") else []


def _late(order: DispatchOrder) -> timedelta | None:
    """How much the engineer on the road is behind the appointment."""
    agreed = order.appointment_to or order.appointment_from
    if order.state not in ("accepted", "contacted", "departed") or agreed is None or timezone.now() <= agreed:
        return None
    return timezone.now() - agreed


def _photos(order: DispatchOrder, visit: Visit | None) -> list[Any]:
    rows = order.photos.select_related("file").order_by("id")
    return list(rows.filter(visit=visit) if visit else rows)


def ticket_pictures(ticket: Ticket) -> list[dict[str, str]]:
    """Pictures that came with the report, for the gallery."""
    return [
        {
            "url": reverse("core:file", args=[photo.file_id]),
            "thumb_url": reverse("core:file-small", args=[photo.file_id]),
            "caption": photo.caption,
        }
        for photo in ticket.photos.order_by("id")
    ]


def _reports(order: DispatchOrder) -> list[Any]:
    """Newest version of the report of each visit."""
    visits = order.visits.filter(reported_at__isnull=False).prefetch_related("reports").order_by("-sequence")
    return [(visit, max(visit.reports.all(), key=lambda report: report.version, default=None)) for visit in visits]


def _before(ticket: Ticket) -> list[Ticket]:
    """The last faults of the same machine, or of the customer where none is named."""
    rows = Ticket.objects.filter(reported_at__lte=ticket.reported_at).exclude(pk=ticket.pk).exclude(state="merged")
    rows = rows.order_by("-reported_at", "-id")
    if ticket.equipment_id:
        rows = rows.filter(equipment=ticket.equipment_id)
    else:
        rows = rows.filter(customer=ticket.customer_id, equipment__isnull=True)
    return list(rows.select_related("fault_type").prefetch_related("orders__visits")[:5])


@login_required
@require_POST
@pages.once
def my_step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One step without scripts: the same action that the API calls."""
    order = _own(request, number)
    if verb not in DO:
        raise Http404
    form = FORMS[verb](request.POST, request.FILES, auto_id=f"{verb}_%s")
    if form.is_valid():
        values = form.cleaned_data
        done = pages.run(request, form, DO[verb], request, order, form, at=values["at"])
        if done is not None:
            messages.success(request, SAID[verb]())
            return redirect("tickets:my_order", number=order.number)
    else:
        request.refusal_status = 400  # type: ignore[attr-defined]
    return _show(request, _own(request, number), form, verb)


def _plain(action: Callable[..., Any]) -> Callable[..., Any]:
    """An action whose arguments are the fields of its form."""

    def do(request: HttpRequest, order: DispatchOrder, form: Any, *, at: Any) -> Any:
        values = {name: value for name, value in form.cleaned_data.items() if name != "at"}
        return action(order, by=request.user, at=at, **values)

    return do


def _leave(request: HttpRequest, order: DispatchOrder, form: visit_forms.LeaveForm, *, at: Any) -> Any:
    return actions.leave(order, by=request.user, at=at, **form.values())


def _photo(request: HttpRequest, order: DispatchOrder, form: visit_forms.PhotoForm, *, at: Any) -> Any:
    file = uploads.store(form.cleaned_data["file"], by=request.user, taken_at=at, pictures_only=True)
    return actions.add_photo(order, file, by=request.user, at=at, caption=form.cleaned_data["caption"])


def _report(request: HttpRequest, order: DispatchOrder, form: visit_forms.ReportForm, *, at: Any) -> Any:
    """Leaving and reporting in one: whoever reports from the site leaves it with that."""
    values = form.values()
    values["parts"] = visit_forms.parts_of(request.POST)
    with transaction.atomic():
        if order.state == "arrived":
            unsolved = values["outcome"] in UNSOLVED
            agreed = form.cleaned_data["customer_agreed"]
            why = values["diagnosis"] if unsolved else ""
            actions.leave(order, by=request.user, at=at, solved=not unsolved, customer_agreed=agreed, why=why)
        return actions.report(order, by=request.user, at=at, signature=request.POST.get("signature"), **values)


def _correct(request: HttpRequest, order: DispatchOrder, form: visit_forms.CorrectForm, *, at: Any) -> Any:
    values = form.values()
    values["parts"] = visit_forms.parts_of(request.POST)
    signature = request.POST.get("signature")
    return actions.correct_report(order, by=request.user, at=at, signature=signature, **values)


FORMS: dict[str, Any] = {
    "accept": visit_forms.StepForm,
    "refuse": visit_forms.RefuseForm,
    "contact": visit_forms.ContactForm,
    "depart": visit_forms.StepForm,
    "arrive": visit_forms.ArriveForm,
    "ask-leave": visit_forms.AskLeaveForm,
    "leave": visit_forms.LeaveForm,
    "photos": visit_forms.PhotoForm,
    "report": visit_forms.ReportForm,
    "correct-report": visit_forms.CorrectForm,
}
WITH_RECORD = ("report", "correct-report")
DO: dict[str, Callable[..., Any]] = {
    "accept": _plain(actions.accept),
    "refuse": _plain(actions.refuse),
    "contact": _plain(actions.contact),
    "depart": _plain(actions.depart),
    "arrive": _plain(actions.arrive),
    "ask-leave": _plain(actions.ask_to_leave),
    "leave": _leave,
    "photos": _photo,
    "report": _report,
    "correct-report": _correct,
}
SAID: dict[str, Callable[[], str]] = {
    "accept": lambda: _("Order accepted. Call the customer within 15 minutes."),
    "refuse": lambda: _("Refused. The desk knows."),
    "contact": lambda: _("The call is kept."),
    "depart": lambda: _("Have a safe trip."),
    "arrive": lambda: _("Arrival kept."),
    "ask-leave": lambda: _("Your superior has been asked."),
    "leave": lambda: _("Departure kept. The report is due today."),
    "photos": lambda: _("Photo kept."),
    "report": lambda: _("Report sent."),
    "correct-report": lambda: _("Corrected. The signed version stays as it was."),
}
