"""Warranty of a machine: the bar, a verdict asked for, extensions, rights; and warranties about to end."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import pages, sheets
from core.rest import found_or_404
from customers.models import Equipment
from warranty import actions, bars, decision, forms, many, permissions
from warranty.facts_of import facts_of, terms_for
from warranty.models import ComponentKind, Extension, Right
from warranty.states import EXTENSION, RIGHT
from warranty.wording import WHOLE_MACHINE, Text, capital

COLUMNS = [
    sheets.Column(gettext_lazy("Machine"), lambda row: row["machine"].serial, "code"),
    sheets.Column(gettext_lazy("Model"), lambda row: row["machine"].model.code),
    sheets.Column(gettext_lazy("Customer"), lambda row: row["machine"].customer.name),
    sheets.Column(gettext_lazy("Contract"), lambda row: row["machine"].contract, "code"),
    sheets.Column(gettext_lazy("Free until"), lambda row: row["until"], "day"),
    sheets.Column(gettext_lazy("Days left"), lambda row: row["left"], "number"),
]


def _machine(request: HttpRequest, serial: str) -> Equipment:
    rows = Equipment.objects.visible_to(request.user).select_related("model__product_line", "contract", "customer")
    machine: Equipment = found_or_404(rows, serial=serial)
    return machine


@require_safe
@login_required
def bar(request: HttpRequest, serial: str) -> HttpResponse:
    """Terms over time, the verdict per component, rights and extensions; a panel of the machine's page."""
    return _panel(request, _machine(request, serial))


def _panel(request: HttpRequest, machine: Equipment, **given: Any) -> HttpResponse:
    today, user = timezone.localdate(), request.user
    terms = terms_for(machine)
    facts = facts_of(machine, terms)
    bound = decision.in_force(facts, terms, today)
    parts = [(code, name, decision.decide(facts, terms, today, code)) for code, name in _components(facts, bound)]
    extensions = machine.extensions.exclude(state="cancelled").order_by("starts_on", "id")
    context = {
        "machine": machine,
        "bar": bars.bar(facts, bound, parts, today),
        "verdicts": [{"name": name.within(get_language() or ""), "verdict": verdict} for _c, name, verdict in parts],
        "ask_form": forms.AskForm(initial={"on": today}, auto_id="ask_%s"),
        "rights": _rights(machine, user, today),
        "extensions": [{"row": row, "may": _may_decide(row, user)} for row in extensions],
        "extension_form": given.get("extension") or _extension_form(parts[0][2], user),
        "language": get_language() or "",
    }
    broken = any(form.is_bound and form.errors for form in given.values())
    return render(request, "warranty/bar.html", context, status=422 if broken else 200)


def _components(facts: decision.MachineFacts, terms: list[decision.Term]) -> list[tuple[str, Text]]:
    """The machine, and the kinds of components that have something of their own."""
    own = {term.component for term in terms if term.component and term.basis != "replacement"}
    own |= {done.component for done in facts.replaced if done.component} | {row[0] for row in facts.part_terms}
    kinds = ComponentKind.objects.filter(code__in=own)
    return [("", capital(WHOLE_MACHINE)), *((kind.code, Text(kind.name_zh, kind.name_en)) for kind in kinds)]


def _rights(machine: Equipment, user: Any, today: date) -> list[dict[str, Any]]:
    rows = Right.objects.filter(equipment=machine).select_related("rule").open(today)
    may = RIGHT.permitted("claim", user)
    return [
        {
            "row": row,
            "form": forms.ClaimForm(row.rule.remedies, get_language() or "", auto_id=f"claim{row.pk}_%s")
            if may
            else None,
        }
        for row in rows
    ]


def _may_decide(row: Extension, user: Any) -> bool:
    return "approve" in EXTENSION.possible(row.state, user) and row.asked_by_id != user.pk


def _extension_form(verdict: decision.Verdict, user: Any) -> forms.ExtensionForm | None:
    if not permissions.can_ask_extension(user):
        return None
    begins = verdict.until if verdict.code == "free" and verdict.until else timezone.localdate()
    return forms.ExtensionForm(initial={"kind": "extended", "starts_on": begins, "price": 0}, auto_id="extend_%s")


@require_safe
@login_required
def ask(request: HttpRequest, serial: str) -> HttpResponse:
    """The verdict for a component, cause and day, as a piece of the page."""
    machine, form = _machine(request, serial), forms.AskForm(request.GET)
    verdict = None
    if form.is_valid():
        kind = form.cleaned_data["component"]
        verdict = actions.decide(
            machine,
            on=form.cleaned_data["on"] or timezone.localdate(),
            component=kind.code if kind else "",
            cause=form.cleaned_data["cause"],
        )
    return render(
        request, "warranty/verdict.html", {"verdict": verdict, "form": form, "language": get_language() or ""}
    )


@require_POST
@login_required
@pages.once
def extend(request: HttpRequest, serial: str) -> HttpResponse:
    """Ask for an extended warranty or a maintenance contract."""
    machine, form = _machine(request, serial), forms.ExtensionForm(request.POST)
    if not permissions.can_ask_extension(request.user):
        raise PermissionDenied(_("Your role does not sell extensions."))
    if form.is_valid():
        values = {"by": request.user, "at": timezone.now(), **form.cleaned_data}
        made = pages.run(request, form, actions.ask_extension, machine, **values)
        if made is not None:
            messages.success(request, _("%(number)s waits for approval.") % {"number": made.number})
            return redirect("customers:equipment", machine.serial)
    for errors in form.errors.values():
        for text in errors:
            messages.error(request, str(text))
    return redirect("customers:equipment", machine.serial)


@require_POST
@login_required
@pages.once
def decide_extension(request: HttpRequest, number: str, decision: str) -> HttpResponse:
    """Approve or decline an extension."""
    if decision not in ("approve", "decline"):
        raise Http404
    rows = Extension.objects.visible_to(request.user).select_related("equipment")
    extension = found_or_404(rows, number=number)
    approve = decision == "approve"
    pages.run(request, None, actions.decide_extension, extension, approve=approve, by=request.user, at=timezone.now())
    return _back(request, extension.equipment)


@require_POST
@login_required
@pages.once
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer claims a right."""
    right = found_or_404(Right.objects.visible_to(request.user).select_related("rule", "equipment"), pk=pk)
    remedy = request.POST.get("remedy", "")
    pages.run(request, None, actions.claim_right, right, remedy=remedy, by=request.user, at=timezone.now())
    return _back(request, right.equipment)


def _back(request: HttpRequest, machine: Equipment) -> HttpResponse:
    """The machine's page; a refusal keeps its status and leads back there."""
    status = pages.status_of(request)
    url = reverse("customers:equipment", args=[machine.serial])
    if status == 200:
        return redirect(url)
    return render(request, "warranty/refused.html", {"back_url": url}, status=status)


@require_safe
@login_required
def ending(request: HttpRequest) -> HttpResponse:
    """Machines whose free period ends soon, and what could be offered (WAR-08)."""
    if not permissions.can_see_ending(request.user):
        raise PermissionDenied(_("This list is for those who talk with customers about extensions."))
    form = forms.EndingFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    today, machines = timezone.localdate(), Equipment.objects.visible_to(request.user)
    if given.get("region"):
        machines = machines.filter(customer__province__region=given["region"])
    found = many.ending(machines, on=today, days=int(given.get("days") or 90))
    covered = set(
        Extension.objects.filter(equipment__in=[m.pk for m, _until in found], ends_on__gt=today)
        .exclude(state__in=["declined", "cancelled"])
        .values_list("equipment", flat=True)
    )
    rows = [
        {"machine": machine, "until": until, "left": (until - today).days, "covered": machine.pk in covered}
        for machine, until in found
    ]
    if "export" in request.GET:
        return sheets.answer(request, "warranties-ending", COLUMNS, rows)
    return render(request, "warranty/ending.html", {"form": form, "rows": rows, "full": len(found) >= many.AT_MOST})
