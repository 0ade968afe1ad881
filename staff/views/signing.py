"""Signing in and out, the way to the worklist, language and look."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pages
from staff import actions
from staff.models import User
from staff.worklists import worklist_of

YEAR = 365 * 24 * 3600


@method_decorator([never_cache, require_http_methods(["GET", "HEAD", "POST"])], name="dispatch")
class LoginView(auth_views.LoginView):
    """Sign-in; five wrong passwords for one account from one address close it for a while (SEC-02)."""

    redirect_authenticated_user = True


class LogoutView(auth_views.LogoutView):
    """Sign-out by POST."""


def locked(request: HttpRequest, _response: HttpResponse | None = None, _credentials: Any = None) -> HttpResponse:
    """The answer to a sign-in that is closed for a while."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    response: HttpResponse
    if request.path.startswith("/api/"):
        detail = _("Too many wrong passwords for this account from this place.")
        response = JsonResponse({"detail": detail}, status=429)
    else:
        response = render(request, "registration/locked.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Every home page is a worklist."""
    return HttpResponseRedirect(worklist_of(request.user))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, for the account or for this browser."""
    return _prefer(request, "language", settings.LANGUAGE_COOKIE_NAME, dict(settings.LANGUAGES))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose the look of the pages, for the account or for this browser."""
    return _prefer(request, "theme", "theme", dict(User.Theme.choices))


def _prefer(request: HttpRequest, field: str, cookie: str, known: Any) -> HttpResponse:
    value = request.POST.get(field, "")
    wants_page = "next" in request.POST
    response: HttpResponse = HttpResponseRedirect(_back(request)) if wants_page else HttpResponse(status=204)
    if value not in known:
        return response if wants_page else HttpResponse(status=400)
    if isinstance(request.user, User):
        pages.run(request, None, actions.set_preferences, request.user, by=request.user, **{field: value})
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _back(request: HttpRequest) -> str:
    """The page the person came from, if it is one of ours."""
    to = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if ours else "/"
