"""Settings of warranties: terms and guarantee rules by versions, tried on a machine before they are saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pages
from customers.models import Equipment
from staff.models import in_language
from warranty import actions, decision, forms, permissions
from warranty.facts_of import as_value, facts_of, terms_for
from warranty.guarantees import REMEDIES, TRIGGERS
from warranty.models import GuaranteeRule, Term

PHASE_ORDER = Case(*(When(phase=code, then=Value(place)) for place, code in enumerate(Term.Phase.values)))
IN_ORDER = (F("component__id").asc(nulls_first=True), PHASE_ORDER, "order", "code")
RELATED = ("product_line", "product_model", "contract", "equipment", "component", "by")


def _reading(request: HttpRequest) -> None:
    if not permissions.can_see_terms(request.user):
        raise PermissionDenied(_("Your role does not read warranty terms."))


def _writing(request: HttpRequest) -> None:
    if not permissions.can_edit_terms(request.user):
        raise PermissionDenied(_("Your role does not write warranty terms."))


@require_safe
@login_required
def terms(request: HttpRequest) -> HttpResponse:
    """All terms in force and the rules of the three guarantees."""
    _reading(request)
    rows = Term.objects.newest().select_related(*RELATED).order_by(*IN_ORDER)
    language = get_language() or ""
    rules = [
        {
            "row": rule,
            "trigger": TRIGGERS[rule.trigger].within(language),
            "remedies": _(", ").join(REMEDIES[code].within(language) for code in rule.remedies),
        }
        for rule in _newest_rules()
    ]
    context = {"terms": rows, "rules": rules, "may_edit": permissions.can_edit_terms(request.user)}
    return render(request, "warranty/terms.html", context)


def _newest_rules() -> list[GuaranteeRule]:
    found = {rule.code: rule for rule in GuaranteeRule.objects.select_related("product_line", "contract")}
    return list(found.values())


@require_http_methods(["GET", "POST"])
@login_required
@pages.once
def new_term(request: HttpRequest) -> HttpResponse:
    """A term of a contract, a machine, a model, a line, or for all."""
    _writing(request)
    first = {"valid_from": timezone.localdate(), "contract": request.GET.get("contract", "")}
    return _edit(request, None, forms.TermForm(request.POST or None, initial=first))


@require_http_methods(["GET", "POST"])
@login_required
@pages.once
def term(request: HttpRequest, code: str) -> HttpResponse:
    """A term, its versions, and a new one with a preview on a machine."""
    _reading(request)
    versions = list(Term.objects.filter(code=code).select_related(*RELATED).order_by("-version"))
    if not versions:
        raise Http404
    first = forms.TermForm.initial_of(versions[0]) | {"valid_from": timezone.localdate()}
    return _edit(request, versions, forms.TermForm(request.POST or None, initial=first))


def _edit(request: HttpRequest, versions: list[Term] | None, form: forms.TermForm) -> HttpResponse:
    trial = forms.TryForm(request.POST or request.GET or None, prefix="try")
    preview = None
    if request.method == "POST":
        _writing(request)
        if versions:
            form.fields["code"].required = False
        if form.is_valid():
            if "preview" in request.POST:
                preview = _preview(form, trial, versions[0].code if versions else form.cleaned_data["code"])
            else:
                values = {"by": request.user, "at": timezone.now(), **form.cleaned_data}
                values["code"] = versions[0].code if versions else values["code"]
                made = pages.run(request, form, actions.add_term, **values)
                if made is not None:
                    text = _("Version %(version)s of “%(name)s” is saved and holds from %(day)s.")
                    said = {"version": made.version, "name": made, "day": made.valid_from}
                    messages.success(request, text % said, extra_tags=f"draft:term-{made.code}")
                    return redirect("warranty:terms")
    context = {
        "term": versions[0] if versions else None,
        "versions": versions,
        "form": form,
        "trial": trial,
        "preview": preview,
        "withdraw_form": forms.WithdrawForm(initial={"valid_from": timezone.localdate()}),
        "may_edit": permissions.can_edit_terms(request.user),
    }
    status = pages.status_of(request)
    broken = form.is_bound and form.errors
    return render(request, "warranty/term.html", context, status=422 if broken and status == 200 else status)


def _preview(form: forms.TermForm, trial: forms.TryForm, code: str) -> dict[str, Any]:
    """What would be decided for a machine with this version in force."""
    machine = None
    if trial.is_valid():
        rows = Equipment.objects.select_related("model__product_line", "contract", "customer")
        machine = rows.filter(serial=trial.cleaned_data["serial"].strip()).first()
    if machine is None:
        return {"error": _("Give the serial number of a machine to try the term on.")}
    on, kind = trial.cleaned_data["on"] or timezone.localdate(), trial.cleaned_data["component"]
    values = {name: value for name, value in form.cleaned_data.items() if name not in ("why", "code")}
    draft = as_value(Term(**values, code=code, version=10_000, created_at=timezone.now()))
    known = terms_for(machine)
    applies = draft.scope == 0 or _applies(form, machine)
    facts = facts_of(machine, [*known, draft])
    component = kind.code if kind else ""
    return {
        "machine": machine,
        "now": decision.decide(facts, known, on, component),
        "then": decision.decide(facts, [*known, draft] if applies else known, on, component),
        "applies": applies,
        "on": on,
        "component": in_language(kind.name_zh, kind.name_en) if kind else "",
    }


def _applies(form: forms.TermForm, machine: Equipment) -> bool:
    given = form.cleaned_data
    own = {
        "product_line": machine.model.product_line,
        "product_model": machine.model,
        "contract": machine.contract,
        "equipment": machine,
    }
    return all(given[name] in (None, own[name]) for name in forms.SCOPES)


@require_POST
@login_required
@pages.once
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Give a term no longer from a day on."""
    _writing(request)
    newest = Term.objects.filter(code=code).order_by("-version").first()
    if newest is None:
        raise Http404
    form = forms.WithdrawForm(request.POST)
    if form.is_valid():
        values = {"by": request.user, "at": timezone.now(), **form.cleaned_data}
        if pages.run(request, form, actions.withdraw_term, newest, **values) is not None:
            messages.success(request, _("“%(name)s” is withdrawn.") % {"name": newest})
            return redirect("warranty:terms")
    for errors in form.errors.values():
        for text in errors:
            messages.error(request, str(text))
    return redirect("warranty:term", code)


@require_http_methods(["GET", "POST"])
@login_required
@pages.once
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """A rule of the three guarantees, its versions, and a new one."""
    _reading(request)
    rows = GuaranteeRule.objects.filter(code=code).select_related("product_line", "contract", "by")
    versions = list(rows.order_by("-version"))
    if not versions:
        raise Http404
    first = forms.RuleForm.initial_of(versions[0]) | {"valid_from": timezone.localdate()}
    form = forms.RuleForm(get_language() or "", request.POST or None, initial=first)
    if request.method == "POST":
        _writing(request)
        if form.is_valid():
            values = {"by": request.user, "at": timezone.now(), "contract": versions[0].contract, **form.cleaned_data}
            if pages.run(request, form, actions.add_rule, code=code, **values) is not None:
                messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name_zh"]})
                return redirect("warranty:terms")
    context = {
        "rule": versions[0],
        "versions": versions,
        "form": form,
        "may_edit": permissions.can_edit_terms(request.user),
    }
    refused = pages.status_of(request)
    status = refused if refused != 200 else 422 if form.is_bound and form.errors else 200
    return render(request, "warranty/rule.html", context, status=status)
