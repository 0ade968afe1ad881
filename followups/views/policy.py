"""Settings of follow-ups: rules and questionnaires with their versions, a new version instead of an edit."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import pages
from followups import actions, forms, permissions, wording
from followups.models import Draw, Questionnaire, Rule

DRAWS_SHOWN = 6


def _reading(request: HttpRequest) -> None:
    if not permissions.can_read(request.user):
        raise PermissionDenied(_("Your role does not see follow-ups."))


def _questionnaires() -> dict[str, Questionnaire]:
    return {row.code: row for row in Questionnaire.objects.newest().order_by("pk")}


@require_safe
@login_required
def rules(request: HttpRequest) -> HttpResponse:
    """Which follow-ups come by themselves, and by which forms customers are asked."""
    _reading(request)
    known = _questionnaires()
    context = {
        "rules": [wording.of_rule(rule, known) for rule in Rule.objects.newest().order_by("pk")],
        "questionnaires": known.values(),
        "draws": Draw.objects.select_related("rule")[:DRAWS_SHOWN],
        "may_edit": permissions.can_edit_rules(request.user),
    }
    return render(request, "followups/rules.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@pages.once
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """A rule, its versions, and a new one."""
    _reading(request)
    versions = list(Rule.objects.filter(code=code).select_related("by").order_by("-version"))
    if not versions:
        raise Http404
    first = forms.RuleForm.initial_of(versions[0]) | {"valid_from": timezone.localdate()}
    form = forms.RuleForm(request.POST or None, initial=first)
    saved = _saved(request, form, actions.add_rule, code)
    if saved:
        return redirect("followups:rules")
    context = {
        "rule": versions[0],
        "told": wording.of_rule(versions[0], _questionnaires()),
        "versions": versions,
        "form": form,
        "may_edit": permissions.can_edit_rules(request.user),
    }
    return render(request, "followups/rule.html", context, status=_status(request, form))


@require_http_methods(["GET", "POST"])
@login_required
@pages.once
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """A questionnaire as it is asked, its versions, and a new one."""
    _reading(request)
    versions = list(Questionnaire.objects.filter(code=code).select_related("by").order_by("-version"))
    if not versions:
        raise Http404
    newest = versions[0]
    first = {name: getattr(newest, name) for name in ("name_zh", "name_en", "sections")}
    form = forms.QuestionnaireForm(request.POST or None, initial=first | {"valid_from": timezone.localdate()})
    if _saved(request, form, actions.add_questionnaire, code):
        return redirect("followups:rules")
    context = {
        "questionnaire": newest,
        "versions": versions,
        "form": form,
        "preview": forms.AnswerForm(newest, prefix="preview"),
        "may_edit": permissions.can_edit_rules(request.user),
    }
    return render(request, "followups/questionnaire.html", context, status=_status(request, form))


def _saved(request: HttpRequest, form: Any, action: Any, code: str) -> bool:
    if request.method != "POST":
        return False
    if not permissions.can_edit_rules(request.user):
        raise PermissionDenied(_("Your role does not write follow-up rules."))
    if not form.is_valid():
        return False
    made = pages.run(request, form, action, code=code, by=request.user, at=timezone.now(), **form.cleaned_data)
    if made is None:
        return False
    text = _("Version %(version)s of “%(name)s” is saved and holds from %(day)s.")
    messages.success(request, text % {"version": made.version, "name": made, "day": made.valid_from})
    return True


def _status(request: HttpRequest, form: Any) -> int:
    refused = pages.status_of(request)
    return refused if refused != 200 else 422 if form.is_bound and form.errors else 200
