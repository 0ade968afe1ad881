"""Who gets in."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sla.permissions import can_change_policy, can_see_policy

View = Callable[..., HttpResponse]


def readers(view: View) -> View:
    """For those who may read promises, clocks and figures."""
    return _only(view, can_see_policy, lambda: _("Promises and clocks are not open to your role."))


def changers(view: View) -> View:
    """For those who may change them."""
    return _only(
        view,
        can_change_policy,
        lambda: _("Promises and clocks are changed by the service head or an administrator."),
    )


def _only(view: View, may: Callable[[Any], bool], reason: Callable[[], str]) -> View:
    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user):
            raise PermissionDenied(reason())
        return view(request, *args, **kwargs)

    return guarded
