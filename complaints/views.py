"""Pages of the complaints."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import actions, forms
from complaints.models import Complaint
from complaints.querysets import READERS
from complaints.states import COMPLAINT, HANDLERS
from core import history, pages, paging, sheets
from core.rest import found_or_404
from core.stories import tell
from customers.models import Customer
from sla import queries
from staff.roles import Role

STORY_ROWS = 50
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
    if not request.user.has_role(*READERS, Role.SUPERVISOR):
        raise Http404
    return Complaint.objects.visible_to(request.user).select_related(*RELATED)


@login_required
def complaints(request: HttpRequest) -> HttpResponse:
    """The list: open ones by the next deadline, all by receipt."""
    form = forms.FilterForm(request.GET or {"state": "open"})
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
    context = {"form": form, "page": page, "may_open": request.user.has_role(*HANDLERS)}
    return render(request, "complaints/list.html", context)


@login_required
@pages.once
def open_complaint(request: HttpRequest) -> HttpResponse:
    """Take down a complaint, alone or from a call or ticket."""
    if not request.user.has_role(*HANDLERS):
        raise PermissionDenied
    first = {name: request.GET.get(name, "") for name in ("customer", "ticket", "equipment", "call")}
    form = forms.OpenForm(request.POST or None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        made = pages.run(request, form, actions.open_complaint, by=request.user, **form.cleaned_data)
        if made is not None:
            text = _("%(number)s is saved.") % {"number": made.number}
            messages.success(request, text, extra_tags="draft:complaint-new")
            if made.about_person_id == request.user.pk:
                return redirect("complaints:list")
            return redirect(made)
    return render(request, "complaints/open.html", {"form": form}, status=_status(request, form))


@login_required
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint with its deadlines, its story and what may be done."""
    return _show(request, found_or_404(_rows(request), number=number))


VERBS: dict[str, tuple[Any, Any]] = {
    "acknowledge": (forms.AcknowledgeForm, actions.acknowledge),
    "assign": (forms.AssignForm, actions.assign),
    "decide": (forms.DecideForm, actions.decide),
    "answer": (forms.AnswerForm, actions.answer),
    "close": (forms.CloseForm, actions.close),
    "reopen": (forms.ReopenForm, actions.reopen),
}
ICONS = {
    "acknowledge": "phone-outgoing",
    "assign": "user",
    "decide": "checks",
    "answer": "message-report",
    "close": "check",
}


def _show(request: HttpRequest, found: Any, bound: Any = None) -> HttpResponse:
    panels = []
    for verb in COMPLAINT.possible(found.state, request.user):
        form = bound[1] if bound and bound[0] == verb else VERBS[verb][0]()
        panels.append(
            {"verb": verb, "label": COMPLAINT.moves[verb].label, "form": form, "icon": ICONS.get(verb, "refresh")}
        )
    context = {
        "complaint": found,
        "panels": panels,
        "timers": queries.timers_of(found),
        "story": tell(history.about(found)[:STORY_ROWS], here=found),
    }
    return render(request, "complaints/complaint.html", context, status=_status(request, bound[1]) if bound else 200)


@login_required
@require_POST
@pages.once
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of the state table."""
    found = found_or_404(_rows(request), number=number)
    form_class, action = VERBS[verb]
    form = form_class(request.POST)
    if form.is_valid():
        done = pages.run(request, form, action, found, by=request.user, **form.cleaned_data)
        if done is not None:
            return redirect(done)
    return _show(request, found, (verb, form))


def _status(request: HttpRequest, form: Any) -> int:
    refused = pages.status_of(request)
    return 422 if form.is_bound and refused == 200 else refused
