"""Engineers: list, file, certificates that end, rota."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, sheets, stories
from core.paging import page
from core.rest import found_or_404
from staff import actions, forms, qualification
from staff.models import Absence, Engineer, Qualification, StandbyDuty
from staff.permissions import can_manage, can_plan, can_qualify, can_set_standby
from staff.views.guards import administrators, status_of

SOON = timedelta(days=60)
AHEAD = timedelta(days=28)


@require_safe
@login_required
def engineers(request: HttpRequest) -> HttpResponse:
    """Engineers that the person may see."""
    form = forms.EngineerFilter(request.GET)
    rows = _chosen(Engineer.objects.visible_to(request.user), form).with_people()
    rows = rows.prefetch_related("skills__product_line", "qualifications__product_line")
    if request.GET.get("export"):
        return sheets.answer(request, _("Engineers"), _columns(), rows.order_by("staff_number"))
    found = page(rows, ("staff_number", "id"), request.GET.get("cursor", ""))
    context = {"page": found, "form": form, "cards": [_card(engineer) for engineer in found]}
    return render(request, "staff/engineers.html", context)


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def new_engineer(request: HttpRequest) -> HttpResponse:
    """Open an engineer's file."""
    form = forms.NewEngineerForm(request.POST or None)
    if form.is_valid():
        engineer = pages.run(request, form, actions.make_engineer, by=request.user, **form.cleaned_data)
        if engineer is not None:
            messages.success(request, _("The file of %(name)s is open.") % {"name": engineer.user.name})
            return redirect("staff:engineer", engineer.user.username)
    return render(request, "staff/engineer_new.html", {"form": form}, status=status_of(request, form))


@require_safe
@login_required
def engineer(request: HttpRequest, username: str) -> HttpResponse:
    """The file of one engineer."""
    return _show(request, _found(request, username))


@require_safe
@login_required
def qualifications(request: HttpRequest) -> HttpResponse:
    """Certificates that end soon or have ended without a newer one."""
    today = timezone.localdate()
    rows = (
        Qualification.objects.visible_to(request.user)
        .ending_by(today + SOON)
        .filter(engineer__active=True)
        .select_related("engineer__user", "engineer__region", "product_line")
    )
    if request.GET.get("export"):
        return sheets.answer(request, _("Certificates that end"), _certificate_columns(), rows)
    found = page(rows, ("valid_until", "id"), request.GET.get("cursor", ""))
    return render(request, "staff/qualifications.html", {"page": found, "today": today})


@require_safe
@login_required
def rota(request: HttpRequest) -> HttpResponse:
    """Who is on call and who is away, now and in the coming weeks."""
    now = timezone.now()
    coming = {"during__overlap": (now, now + AHEAD)}
    duties = StandbyDuty.objects.visible_to(request.user).filter(**coming)
    absences = Absence.objects.visible_to(request.user).filter(**coming)
    related = ("engineer__user", "engineer__region")
    context = {
        "duties": duties.select_related(*related).order_by("during"),
        "absences": absences.select_related(*related).order_by("during"),
        "now": now,
    }
    return render(request, "staff/rota.html", context)


@require_POST
@login_required
@pages.once
def change(request: HttpRequest, username: str) -> HttpResponse:
    """Change the file."""
    return _act(request, username, forms.ChangeEngineerForm, actions.change_engineer, can_change)


@require_POST
@login_required
@pages.once
def standby(request: HttpRequest, username: str) -> HttpResponse:
    """Set the standby state."""
    return _act(request, username, forms.StandbyForm, actions.set_standby, can_set_standby)


@require_POST
@login_required
@pages.once
def plan_absence(request: HttpRequest, username: str) -> HttpResponse:
    """Plan an absence."""
    return _act(request, username, forms.AbsenceForm, actions.plan_absence, can_plan)


@require_POST
@login_required
@pages.once
def plan_duty(request: HttpRequest, username: str) -> HttpResponse:
    """Put the engineer on the rota."""
    return _act(request, username, forms.DutyForm, actions.plan_standby, can_plan)


@require_POST
@login_required
@pages.once
def phone_off(request: HttpRequest, username: str) -> HttpResponse:
    """Note that the engineer could not be reached."""
    return _act(request, username, forms.PhoneOffForm, actions.record_phone_off, can_plan)


@require_POST
@login_required
@pages.once
def set_skill(request: HttpRequest, username: str) -> HttpResponse:
    """Judge a skill."""
    return _act(request, username, forms.SkillForm, actions.set_skill, can_judge)


@require_POST
@login_required
@pages.once
def grant(request: HttpRequest, username: str) -> HttpResponse:
    """Grant a certificate."""
    return _act(request, username, forms.QualificationForm, actions.grant_qualification, can_judge)


@require_POST
@login_required
def revoke(request: HttpRequest, username: str, pk: int) -> HttpResponse:
    """Withdraw a certificate."""
    person = _found(request, username)
    _allow(can_judge(request.user, person))
    proof = found_or_404(person.qualifications, pk=pk)
    form = forms.WhyForm(request.POST)
    if form.is_valid() and pages.run(
        request, form, actions.revoke_qualification, proof, by=request.user, **form.cleaned_data
    ):
        return _done(request, person)
    return _show(request, person, revoking=proof.pk, why=form)


@require_POST
@login_required
def cancel_absence(request: HttpRequest, username: str, pk: int) -> HttpResponse:
    """Cancel an absence."""
    person = _found(request, username)
    _allow(can_plan(request.user, person))
    absence = found_or_404(person.absences.select_related("engineer"), pk=pk)
    pages.run(request, None, actions.cancel_absence, absence, by=request.user)
    return _done(request, person)


@require_POST
@login_required
def cancel_duty(request: HttpRequest, username: str, pk: int) -> HttpResponse:
    """Take a turn out of the rota."""
    person = _found(request, username)
    _allow(can_plan(request.user, person))
    duty = found_or_404(person.standby_duties.select_related("engineer"), pk=pk)
    pages.run(request, None, actions.cancel_standby, duty, by=request.user)
    return _done(request, person)


def can_change(user: Any, _engineer: Engineer) -> bool:
    """The file itself is the administrator's."""
    return can_manage(user)


def can_judge(user: Any, _engineer: Engineer) -> bool:
    """Skills and certificates are the trainer's."""
    return can_qualify(user)


def _found(request: HttpRequest, username: str) -> Engineer:
    rows = Engineer.objects.visible_to(request.user).with_people()
    found: Engineer = found_or_404(rows, user__username=username)
    return found


def _allow(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Your role does not include this."))


def _act(
    request: HttpRequest,
    username: str,
    form_class: Any,
    action: Callable[..., Any],
    may: Callable[[Any, Engineer], bool],
) -> HttpResponse:
    person = _found(request, username)
    _allow(may(request.user, person))
    form = form_class(request.POST)
    if form.is_valid():
        before = pages.status_of(request)
        pages.run(request, form, action, person, by=request.user, **form.cleaned_data)
        if pages.status_of(request) == before:
            return _done(request, person)
    return _show(request, person, **{form_class.verb: form})


def _done(request: HttpRequest, person: Engineer) -> HttpResponse:
    if pages.status_of(request) == 200:
        messages.success(request, _("Saved."))
    return redirect("staff:engineer", person.user.username)


def _show(request: HttpRequest, person: Engineer, revoking: int = 0, **bound: Form) -> HttpResponse:
    now, user = timezone.now(), request.user
    fresh = {
        "change": forms.ChangeEngineerForm(
            initial={field: getattr(person, field) for field in forms.ChangeEngineerForm.base_fields}
        ),
        "standby": forms.StandbyForm(initial={"standby": person.standby}),
        "absence": forms.AbsenceForm(),
        "duty": forms.DutyForm(),
        "phone_off": forms.PhoneOffForm(initial={"at": timezone.localtime(now)}),
        "skill": forms.SkillForm(),
        "qualification": forms.QualificationForm(initial={"passed_on": timezone.localdate()}),
    }
    context = {
        "engineer": person,
        "forms": {**fresh, **bound},
        "proofs": [
            _proof(row, bound.get("why") if row.pk == revoking else None)
            for row in person.qualifications.select_related("product_line").order_by("-passed_on", "-id")
        ],
        "skills": person.skills.select_related("product_line").order_by("product_line_id"),
        "absences": person.absences.ending_after(now).order_by("during"),
        "duties": person.standby_duties.ending_after(now).order_by("during"),
        "phone_offs": person.phone_offs.select_related("noticed_by").order_by("-at")[:20],
        "may_change": can_manage(user),
        "may_plan": can_plan(user, person),
        "may_set_standby": can_set_standby(user, person),
        "may_judge": can_qualify(user),
        "story": stories.tell(history.about(person).filter(subject=f"engineer:{person.pk}")[:50], here=person),
    }
    return render(request, "staff/engineer.html", context, status=status_of(request, *bound.values()))


def _proof(row: Qualification, form: Form | None) -> dict[str, Any]:
    """A certificate with its standing today (valid, ending, ended, withdrawn) and the form that withdraws it."""
    today = timezone.localdate()
    if row.revoked_at is not None:
        standing = ("held", _("withdrawn"))
    elif not qualification.is_valid(row, today):
        standing = ("late", _("ended"))
    elif row.valid_until is not None and row.valid_until <= today + SOON:
        standing = ("soon", _("ends soon"))
    else:
        standing = ("kept", _("valid"))
    form = form or forms.WhyForm(auto_id=f"id_revoke{row.pk}_%s")
    return {"row": row, "tone": standing[0], "word": standing[1], "form": form}


def _card(person: Engineer) -> dict[str, Any]:
    today = timezone.localdate()
    valid = {row.product_line for row in person.qualifications.all() if qualification.is_valid(row, today)}
    return {"engineer": person, "lines": sorted(valid, key=lambda line: line.pk)}


def _chosen(rows: QuerySet[Engineer], form: forms.EngineerFilter) -> Any:
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    for field in ("region", "tier", "standby"):
        if wanted[field]:
            rows = rows.filter(**{field: wanted[field]})
    if wanted["product_line"]:
        valid = Qualification.objects.valid_on(timezone.localdate()).filter(product_line=wanted["product_line"])
        rows = rows.filter(pk__in=valid.values("engineer"), active=True)
    if query := wanted["q"]:
        rows = rows.filter(Q(user__name__icontains=query) | Q(staff_number__icontains=query))
    return rows


def _columns() -> list[sheets.Column]:
    return [
        sheets.Column(_("Staff number"), "staff_number", "code"),
        sheets.Column(_("Full name"), "user.name"),
        sheets.Column(_("Tier"), "tier"),
        sheets.Column(_("Region or team"), "region"),
        sheets.Column(_("Base: province"), "base_province"),
        sheets.Column(_("Base: city"), "base_city"),
        sheets.Column(_("Telephone"), "user.phone", "code"),
        sheets.Column(_("Standby"), lambda person: person.get_standby_display()),
        sheets.Column(_("May be sent to"), lambda person: _(", ").join(map(str, _card(person)["lines"]))),
    ]


def _certificate_columns() -> list[sheets.Column]:
    return [
        sheets.Column(_("Certificate number"), "certificate", "code"),
        sheets.Column(_("Engineer"), "engineer.user.name"),
        sheets.Column(_("Region or team"), "engineer.region"),
        sheets.Column(_("Product line"), "product_line"),
        sheets.Column(_("Examination passed on"), "passed_on", "day"),
        sheets.Column(_("Valid until"), "valid_until", "day"),
    ]
