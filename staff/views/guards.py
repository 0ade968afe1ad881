"""Who gets in: the checks that several pages share."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core import pages
from staff.permissions import can_manage
from staff.roles import Role

View = Callable[..., HttpResponse]


def administrators(view: View) -> View:
    """For pages of the administrator alone."""
    return _only(view, can_manage, lambda: _("Only an administrator opens this page."))


def house(view: View) -> View:
    """For pages that everybody of the house may read, contractors not."""
    return _only(
        view,
        lambda user: bool(set(user.roles) - {Role.CONTRACTOR}),
        lambda: _("This page is for people of the house."),
    )


def status_of(request: HttpRequest, *forms: Any) -> int:
    """Status of a page with forms: what an action refused, 400 for unusable input, else 200."""
    refused = pages.status_of(request)
    return refused if refused != 200 else 400 if any(form.is_bound and form.errors for form in forms) else 200


def _only(view: View, may: Callable[[Any], bool], reason: Callable[[], str]) -> View:
    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user):
            raise PermissionDenied(reason())
        return view(request, *args, **kwargs)

    return guarded
