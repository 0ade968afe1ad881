"""My account: password and API tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import pages
from core.rest import found_or_404
from staff import actions
from staff.authentication import person
from staff.forms import PasswordForm, TokenForm


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, my password, my tokens."""
    return _show(request)


@require_POST
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; this session goes on, all others end."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        user = pages.run(request, form, actions.change_password, request.user, by=request.user, **form.cleaned_data)
        if user is not None:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed. All other sessions have ended."))
            return redirect("staff:account")
    return _show(request, password=form)


@never_cache
@require_POST
@login_required
def issue_token(request: HttpRequest) -> HttpResponse:
    """A new token, shown this once."""
    form = TokenForm(request.POST)
    if form.is_valid():
        key = pages.run(request, form, actions.issue_token, request.user, by=request.user, **form.cleaned_data)
        if key is not None:
            return _show(request, key=key)
    return _show(request, token=form)


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my tokens."""
    token = found_or_404(person(request).api_tokens, pk=pk)
    if pages.run(request, None, actions.revoke_token, token, by=request.user) is not None:
        messages.success(request, _("The token has ended."))
    return redirect("staff:account")


def _show(request: HttpRequest, key: str = "", **forms: Any) -> HttpResponse:
    broken = any(form.is_bound for form in forms.values())
    context = {
        "forms": {"password": PasswordForm(), "token": TokenForm(), **forms},
        "key": key,
        "tokens": person(request).api_tokens.order_by("revoked_at", "-id"),
    }
    status = pages.status_of(request) if pages.status_of(request) != 200 else 400 if broken else 200
    return render(request, "staff/account.html", context, status=status)
