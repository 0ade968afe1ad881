"""How a verb of a ticket or order is done on a page: its form opens in place, a refusal keeps what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core import pages
from core.errors import Forbidden, NotAllowed
from tickets.forms.actions import ActionForm

FRAGMENT = "tickets/actions/fragment.html"


def act(
    request: HttpRequest,
    kind: type[ActionForm],
    read: Callable[[], Any],
    check: Callable[[Any], None],
    show: Callable[[Any, dict[str, Any]], HttpResponse],
    target: Callable[[Any], str],
) -> HttpResponse:
    """GET: the form alone for htmx, else the page with the form open in it. POST: the action, then `target`.

    `read` gives the record as it stands, `check` raises NotAllowed where its state forbids the verb.
    """
    if not kind.permitted(request.user):
        raise PermissionDenied
    record = read()
    if request.method == "POST":
        return _post(request, kind, record, read, show, target)
    try:
        check(record)
    except Forbidden:
        raise PermissionDenied from None
    except NotAllowed as refusal:
        return _blocked(request, kind, record, refusal, show)
    form = kind(record=record, user=request.user, asked=request.GET)
    opened = {"form": form, "url": request.path, "back": target(record)}
    if request.htmx:  # type: ignore[attr-defined]
        template = form.part if form.part and "part" in request.GET else FRAGMENT
        return render(request, template, {"opened": opened, "form": form})
    return show(record, opened)


def _post(
    request: HttpRequest,
    kind: type[ActionForm],
    record: Any,
    read: Callable[[], Any],
    show: Callable[[Any, dict[str, Any]], HttpResponse],
    target: Callable[[Any], str],
) -> HttpResponse:
    form = kind(request.POST, request.FILES, record=record, user=request.user)
    if form.is_valid():
        done = pages.run(request, form, form.run)
        if done is not None:
            messages.success(request, form.saying(), extra_tags=f"draft:{form.draft}")
            return redirect(target(done))
    else:
        request.refusal_status = 422  # type: ignore[attr-defined]
    now = read()
    form.renew(now)
    return show(now, {"form": form, "url": request.path, "back": target(now)})


def _blocked(
    request: HttpRequest,
    kind: type[ActionForm],
    record: Any,
    refusal: NotAllowed,
    show: Callable[[Any, dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Why it is not possible now, in place of the form."""
    opened = {"refusal": str(refusal), "title": kind.title}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, FRAGMENT, {"opened": opened}, status=409)
    request.refusal_status = 409  # type: ignore[attr-defined]
    return show(record, opened)
