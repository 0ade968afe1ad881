"""Pages of the complaints."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import actions, forms, permissions
from complaints.models import Complaint
from complaints.states import COMPLAINT
from core import history, pages, paging, sheets
from core.rest import found_or_404
from core.stories import tell
from core.templatetags.ui_time import moment_words
from customers.models import Customer, Equipment
from sla import queries
from tickets import exports
from tickets.models import Ticket

STORY_ROWS = 50
PANEL_ROWS = 5
RELATED = ("customer", "equipment", "ticket", "call", "owner", "taken_by", "decided_by", "about_person")

COLUMNS = [
    sheets.Column(gettext_lazy("Number"), "number", "code"),
    sheets.Column(gettext_lazy("Received"), "received_at", "moment"),
    sheets.Column(gettext_lazy("Customer"), "customer.name"),
    sheets.Column(gettext_lazy("About"), lambda complaint: complaint.get_about_display()),
    sheets.Column(gettext_lazy("What the customer says"), "content"),
    sheets.Column(gettext_lazy("State"), "status.label"),
    sheets.Column(gettext_lazy("Handled by"), "owner"),
    sheets.Column(gettext_lazy("Answered"), "answered_at", "moment"),
    sheets.Column(gettext_lazy("Closed"), "closed_at", "moment"),
]


def _rows(request: HttpRequest) -> Any:
    if not permissions.can_read(request.user):
        raise PermissionDenied
    return Complaint.objects.visible_to(request.user).select_related(*RELATED)


@require_safe
@login_required
def complaints(request: HttpRequest) -> HttpResponse:
    """The list, newest first; the open ones unless another state is asked for."""
    given = request.GET.copy()
    given.setdefault("state", "open")
    form = forms.FilterForm(given)
    rows, ordering = _rows(request), ("-received_at", "-id")
    if form.is_valid():
        state = form.cleaned_data["state"]
        rows = rows.open() if state == "open" else rows.filter(state=state) if state else rows
        if form.cleaned_data["q"]:
            rows = rows.filter(customer__in=Customer.objects.matching(form.cleaned_data["q"]))
    if "export" in request.GET:
        return sheets.answer(request, "complaints", COLUMNS, rows.order_by(*ordering))
    page = paging.page(rows, ordering, request.GET.get("cursor", ""))
    timers = queries.timers_for(page.rows)
    for row in page.rows:
        row.timer = next(iter(timers.get(f"complaint:{row.pk}", [])), None)
    context = {"form": form, "page": page, "may_open": permissions.can_take(request.user)}
    context["exports"] = exports.links(request)
    return render(request, "complaints/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@pages.once
def open_complaint(request: HttpRequest) -> HttpResponse:
    """Take down a complaint, alone or from a call or ticket."""
    if not permissions.can_take(request.user):
        raise PermissionDenied
    first = {name: request.GET.get(name, "") for name in ("customer", "ticket", "equipment", "call")}
    form = forms.OpenForm(request.POST or None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        made = pages.run(request, form, actions.open_complaint, by=request.user, **form.cleaned_data)
        if made is not None:
            text = _("%(number)s is saved.") % {"number": made.number}
            messages.success(request, text, extra_tags="draft:complaint-new")
            return _after(request, made)
    return render(request, "complaints/open.html", {"form": form}, status=_status(request, form))


@require_safe
@login_required
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint with its deadlines, its story and what may be done."""
    return _show(request, found_or_404(_rows(request), number=number))


VERBS: dict[str, tuple[Any, Any]] = {
    "acknowledge": (forms.AcknowledgeForm, actions.acknowledge),
    "describe": (forms.DescribeForm, actions.describe),
    "assign": (forms.AssignForm, actions.assign),
    "decide": (forms.DecideForm, actions.decide),
    "answer": (forms.AnswerForm, actions.answer),
    "close": (forms.CloseForm, actions.close),
    "reopen": (forms.ReopenForm, actions.reopen),
}
ICONS = {
    "acknowledge": "phone-outgoing",
    "describe": "pencil",
    "assign": "user",
    "decide": "checks",
    "answer": "message-report",
    "close": "check",
}


def _show(request: HttpRequest, found: Any, bound: Any = None) -> HttpResponse:
    panels = []
    for verb in permissions.possible(request.user, found):
        form = bound[1] if bound and bound[0] == verb else _form(verb, found)
        panels.append(
            {"verb": verb, "label": COMPLAINT.moves[verb].label, "form": form, "icon": ICONS.get(verb, "refresh")}
        )
    context = {
        "complaint": found,
        "panels": panels,
        "steps": _steps(found),
        "timers": queries.worst_first(queries.timers_of(found)),
        "story": tell(history.about(found, reader=request.user)[:STORY_ROWS], here=found),
    }
    return render(request, "complaints/complaint.html", context, status=_status(request, bound[1]) if bound else 200)


def _form(verb: str, found: Complaint, *given: Any) -> Any:
    """The form of a verb; it knows the complaint where its choices or first values depend on it."""
    form_class = VERBS[verb][0]
    return form_class(*given, complaint=found) if verb in ("assign", "describe") else form_class(*given)


def _steps(found: Complaint) -> list[dict[str, Any]]:
    """The way of a complaint with the time of each step."""
    done = [
        (gettext_lazy("Received"), found.received_at),
        (gettext_lazy("Acknowledged"), found.acknowledged_at),
        (gettext_lazy("Decided"), found.decided_at if found.state not in ("received", "acknowledged") else None),
        (gettext_lazy("Explained"), found.answered_at if found.state in ("answered", "closed") else None),
        (gettext_lazy("Closed"), found.closed_at),
    ]
    current = next((place for place, (_label, at) in enumerate(done) if at is None), len(done))
    return [
        {
            "label": label,
            "note": moment_words(at, timezone.now(), today=True) if at else "",
            "state": "done" if at else "current" if place == current else "",
        }
        for place, (label, at) in enumerate(done)
    ]


@require_POST
@login_required
@pages.once
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of the state table."""
    found = found_or_404(_rows(request), number=number)
    form = _form(verb, found, request.POST)
    if form.is_valid():
        done = pages.run(request, form, VERBS[verb][1], found, by=request.user, **form.cleaned_data)
        if done is not None:
            return _after(request, done)
    return _show(request, found, (verb, form))


def _after(request: HttpRequest, done: Complaint) -> HttpResponse:
    """The page of the complaint, or the list for the person it is about."""
    return redirect("complaints:list" if permissions.concerns(request.user, done) else done)


@require_safe
@login_required
def ticket_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Complaints of a ticket, for its page."""
    return _panel(request, ticket=found_or_404(Ticket.objects.visible_to(request.user), number=number))


@require_safe
@login_required
def machine_panel(request: HttpRequest, serial: str) -> HttpResponse:
    """Complaints about a machine, for its page."""
    return _panel(request, equipment=found_or_404(Equipment.objects.visible_to(request.user), serial=serial))


@require_safe
@login_required
def customer_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Complaints of a customer, for his page."""
    return _panel(request, customer=found_or_404(Customer.objects.visible_to(request.user), number=number))


def _panel(request: HttpRequest, **of: Any) -> HttpResponse:
    rows = Complaint.objects.visible_to(request.user).filter(**of).select_related("owner")
    context = {
        "rows": list(rows.order_by("-received_at", "-id")[:PANEL_ROWS]),
        "shown": permissions.can_read(request.user),
        "of": {name: getattr(record, "number", None) or record.serial for name, record in of.items()},
        "may_open": permissions.can_take(request.user),
    }
    return render(request, "complaints/panel.html", context)


def _status(request: HttpRequest, form: Any) -> int:
    refused = pages.status_of(request)
    return 422 if form.is_bound and refused == 200 else refused
