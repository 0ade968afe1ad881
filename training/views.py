"""Pages of customer trainings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, paging, sheets
from core.rest import found_or_404
from core.stories import tell
from customers.models import Equipment
from tickets import exports
from training import actions, permissions
from training.forms import CancelForm, ChangeForm, FilterForm, PlanForm, ResultForm
from training.models import CustomerTraining

STORY_ROWS = 50

COLUMNS = [
    sheets.Column(_("Number"), "number", "code"),
    sheets.Column(_("Customer"), "equipment.customer"),
    sheets.Column(_("Serial number"), "equipment.serial", "code"),
    sheets.Column(_("Kind"), lambda training: training.get_kind_display()),
    sheets.Column(_("State"), "status.label"),
    sheets.Column(_("Planned for"), "planned_on", "day"),
    sheets.Column(_("Allowed until"), "due_on", "day"),
    sheets.Column(_("Trainer"), "trainer"),
    sheets.Column(_("From"), "started_on", "day"),
    sheets.Column(_("To"), "ended_on", "day"),
    sheets.Column(_("Persons trained"), "trainees", "number"),
    sheets.Column(_("Passed the examination"), "passed", "number"),
    sheets.Column(_("Charge"), "charge", "money"),
]


@require_safe
@login_required
def trainings(request: HttpRequest) -> HttpResponse:
    """The list, latest planned first."""
    form = FilterForm(request.GET)
    rows = _rows(request)
    if form.is_valid():
        if form.cleaned_data["state"]:
            rows = rows.filter(state=form.cleaned_data["state"])
        if form.cleaned_data["q"]:
            machines = Equipment.objects.visible_to(request.user).matching(form.cleaned_data["q"])
            rows = rows.filter(equipment__in=machines)
    if "export" in request.GET:
        return sheets.answer(request, "trainings", COLUMNS, rows.order_by("-planned_on", "-id"))
    context = {
        "form": form,
        "page": paging.page(rows, ("-planned_on", "-id"), request.GET.get("cursor", "")),
        "exports": exports.links(request),
        "may_plan": permissions.can_plan(request.user),
    }
    return render(request, "training/list.html", context)


def _rows(request: HttpRequest) -> Any:
    if not permissions.can_read(request.user):
        raise PermissionDenied
    related = ("equipment__model", "equipment__customer", "trainer")
    return CustomerTraining.objects.visible_to(request.user).select_related(*related)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@pages.once
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a training."""
    if not permissions.can_plan(request.user):
        raise PermissionDenied
    first = {"equipment": request.GET.get("equipment", "")}
    form = PlanForm(request.POST or None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        made = pages.run(request, form, actions.plan_training, by=request.user, **form.cleaned_data)
        if made is not None:
            text = _("%(number)s is saved.") % {"number": made.number}
            messages.success(request, text, extra_tags="draft:training-new")
            return redirect(made)
    return render(request, "training/plan.html", {"form": form}, status=_status(request, form))


@require_safe
@login_required
def training(request: HttpRequest, number: str) -> HttpResponse:
    """One training with its story and what may be done."""
    return _show(request, found_or_404(_rows(request), number=number))


def _show(request: HttpRequest, found: Any, bound: Any = None) -> HttpResponse:
    possible = permissions.possible(request.user, found)
    start = {"planned_on": found.planned_on, "trainer": found.trainer_id, "notes": found.notes}
    result = {"started_on": found.planned_on, "ended_on": found.planned_on, "satisfaction": ""}
    forms = {
        "change": ChangeForm(initial=start, auto_id="change_%s"),
        "finish": ResultForm(initial=result, auto_id="finish_%s"),
        "cancel": CancelForm(auto_id="cancel_%s"),
    }
    status = 200
    if bound is not None:
        verb, form = bound
        forms[verb] = form
        status = _status(request, form)
    context = {
        "training": found,
        "possible": possible,
        "forms": forms,
        "open_form": bound[0] if bound else "",
        "story": tell(history.about(found, reader=request.user)[:STORY_ROWS], here=found),
    }
    return render(request, "training/training.html", context, status=status)


@require_POST
@login_required
@pages.once
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Change, finish or cancel."""
    found = found_or_404(_rows(request), number=number)
    form_class, action = VERBS[verb]
    form = form_class(request.POST, auto_id=f"{verb}_%s")
    if form.is_valid():
        done = pages.run(request, form, action, found, by=request.user, **form.cleaned_data)
        if done is not None:
            return redirect(done)
    return _show(request, found, (verb, form))


VERBS: dict[str, Any] = {
    "change": (ChangeForm, actions.change_training),
    "finish": (ResultForm, actions.finish_training),
    "cancel": (CancelForm, actions.cancel_training),
}


def _status(request: HttpRequest, form: Any) -> int:
    refused = pages.status_of(request)
    return 422 if form.is_bound and refused == 200 else refused
