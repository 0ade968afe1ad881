"""Accounts: list, create, change, end; and what the roles are."""

from typing import Any

from axes.utils import reset as open_sign_in
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, sheets, stories
from core.paging import page
from core.rest import found_or_404
from staff import actions
from staff.forms import NewPasswordForm, NewUserForm, UserFilter, UserForm, WhyForm
from staff.models import User
from staff.roles import Role
from staff.views.guards import administrators, house, status_of

ROLES_IN_WORDS = {
    Role.DISPATCHER: gettext_lazy("Takes calls, grades tickets, chooses engineers, calls customers back."),
    Role.ENGINEER: gettext_lazy("Sees and works on the own orders."),
    Role.SUPERVISOR: gettext_lazy("Sees tickets, orders and people of the own region; plans standby and absences."),
    Role.HEAD: gettext_lazy("Sees all; signs orders, decides what goes beyond the rules."),
    Role.KEEPER: gettext_lazy("Issues parts and takes old ones back."),
    Role.INSPECTOR: gettext_lazy("Examines parts and machines, gives the cause."),
    Role.FINANCE: gettext_lazy("Sees and settles charges."),
    Role.MARKETING: gettext_lazy("Signs orders that cost, sees customers."),
    Role.PRODUCT: gettext_lazy("Answers complaints and feedback of its department."),
    Role.TRAINER: gettext_lazy("Trains and examines; grants and withdraws certificates."),
    Role.SUPERVISION: gettext_lazy("Calls customers back, watches complaints."),
    Role.MANAGER: gettext_lazy("Reads figures and reports; changes nothing."),
    Role.ADMIN: gettext_lazy("Keeps accounts, organisation, rules and texts."),
    Role.CONTRACTOR: gettext_lazy("Sees the own orders and nothing else."),
}


@require_safe
@administrators
def users(request: HttpRequest) -> HttpResponse:
    """All accounts."""
    form = UserFilter(request.GET)
    rows = _chosen(form)
    if request.GET.get("export"):
        return sheets.answer(request, _("Accounts"), _columns(), rows.order_by("username"))
    context = {"page": page(rows, ("name", "id"), request.GET.get("cursor", "")), "form": form}
    return render(request, "staff/users.html", context)


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def new_user(request: HttpRequest) -> HttpResponse:
    """Create an account."""
    form = NewUserForm(request.POST or None)
    if form.is_valid():
        given: dict[str, Any] = {**form.cleaned_data, "password": form.cleaned_data["password"] or None}
        user = pages.run(request, form, actions.create_user, by=request.user, **given)
        if user is not None:
            messages.success(
                request, _("The account of %(name)s is open.") % {"name": user.name}, extra_tags="draft:user-new"
            )
            return redirect("staff:user", user.username)
    context = {"form": form, "roles": ROLES_IN_WORDS}
    return render(request, "staff/user_new.html", context, status=status_of(request, form))


@require_http_methods(["GET", "POST"])
@administrators
@pages.once
def user(request: HttpRequest, username: str) -> HttpResponse:
    """One account: change it, see its story."""
    person = found_or_404(User.objects.select_related("region", "division"), username=username)
    form = UserForm(request.POST or None, initial=_values(person))
    if form.is_valid():
        done = pages.run(request, form, actions.update_user, person, by=request.user, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Saved."), extra_tags=f"draft:user-{person.pk}")
            return redirect("staff:user", username)
    return _show(request, person, form=form)


@require_POST
@administrators
def deactivate(request: HttpRequest, username: str) -> HttpResponse:
    """End an account."""
    return _with_reason(request, username, actions.deactivate_user, _("The account has ended."))


@require_POST
@administrators
def reactivate(request: HttpRequest, username: str) -> HttpResponse:
    """Open an ended account again."""
    return _with_reason(request, username, actions.reactivate_user, _("The account is open again."))


@require_POST
@administrators
def set_password(request: HttpRequest, username: str) -> HttpResponse:
    """Give a person a new password."""
    person = found_or_404(User.objects, username=username)
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        done = pages.run(request, form, actions.change_password, person, by=request.user, old=None, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("The password is set; all sessions and tokens of the account have ended."))
            return redirect("staff:user", username)
    return _show(request, person, new_password=form)


@require_POST
@administrators
def unlock(request: HttpRequest, username: str) -> HttpResponse:
    """Open the sign-in that wrong passwords have closed."""
    person = found_or_404(User.objects, username=username)
    open_sign_in(username=person.username)
    messages.success(request, _("Sign-in is open for this account."))
    return redirect("staff:user", username)


@require_safe
@house
def roles(request: HttpRequest) -> HttpResponse:
    """What each role does and who has it."""
    people = list(User.objects.visible_to(request.user).filter(is_active=True).order_by("name"))
    rows = [
        {
            "label": role.label,
            "text": ROLES_IN_WORDS[role],
            "people": [person for person in people if role in person.roles],
        }
        for role in Role
    ]
    return render(request, "staff/roles.html", {"rows": rows})


def _with_reason(request: HttpRequest, username: str, action: Any, text: str) -> HttpResponse:
    person = found_or_404(User.objects, username=username)
    form = WhyForm(request.POST)
    if form.is_valid() and pages.run(request, form, action, person, by=request.user, **form.cleaned_data):
        messages.success(request, text)
        return redirect("staff:user", username)
    return _show(request, person, why=form)


def _show(request: HttpRequest, person: User, **forms: Any) -> HttpResponse:
    shown = {
        "form": UserForm(initial=_values(person)),
        "new_password": NewPasswordForm(),
        "why": WhyForm(),
        **forms,
    }
    context = {
        **shown,
        "person": person,
        "story": stories.tell(history.about(person).filter(subject=f"user:{person.pk}")[:50], here=person),
        "tokens": person.api_tokens.filter(revoked_at=None).count(),
    }
    return render(request, "staff/user.html", context, status=status_of(request, *forms.values()))


def _values(person: User) -> dict[str, Any]:
    return {field: getattr(person, field) for field in UserForm.base_fields}


def _chosen(form: UserFilter) -> QuerySet[User]:
    rows = User.objects.select_related("region")
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if wanted["account"] != "all":
        rows = rows.filter(is_active=wanted["account"] != "ended")
    if wanted["role"]:
        rows = rows.filter(roles__contains=[wanted["role"]])
    return rows.matching(wanted["q"]) if wanted["q"] else rows


def _columns() -> list[sheets.Column]:
    return [
        sheets.Column(_("Account"), "username", "code"),
        sheets.Column(_("Full name"), "name"),
        sheets.Column(_("Roles"), lambda person: _(", ").join(person.role_labels)),
        sheets.Column(_("Region"), "region"),
        sheets.Column(_("Telephone"), "phone", "code"),
        sheets.Column(_("E-mail"), "email"),
        sheets.Column(_("Last sign-in"), "last_login", "moment"),
    ]
