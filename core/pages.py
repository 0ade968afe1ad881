"""What every form page shares: one effect per idempotency key, refusals of actions shown where they belong."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core import idempotency
from core.errors import Forbidden, NotAllowed, Refused

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """For views with a hidden `idempotency_key`: a second POST with it gets the redirect of the first."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("idempotency_key", "")[:100]
        if request.method != "POST" or not key or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        print_ = idempotency.fingerprint("POST", request.path, key.encode())
        with transaction.atomic():
            try:
                slot = idempotency.claim(request.user.pk, f"page:{key}", print_)
            except idempotency.Mismatch:
                return view(request, *args, **kwargs)
            if slot.first is not None and slot.first.answer:
                return HttpResponseRedirect(slot.first.answer["to"])
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                slot.store(response.status_code, {"to": response.url})
            else:
                transaction.set_rollback(True)
        return response

    return wrapper


def run(request: HttpRequest, form: BaseForm | None, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call an action; on a refusal put it on the form (or in the messages), keep its status, return None.

    The status to answer with is left on the request as `refusal_status` (400, 403 or 409).
    """
    try:
        with transaction.atomic():
            return action(*args, **kwargs)
    except Refused as error:
        _show_fields(request, form, error)
        request.refusal_status = 400  # type: ignore[attr-defined]
    except (NotAllowed, Forbidden) as error:
        if form is not None:
            form.add_error(None, str(error))
        else:
            messages.error(request, str(error))
        request.refusal_status = 409 if isinstance(error, NotAllowed) else 403  # type: ignore[attr-defined]
    return None


def _show_fields(request: HttpRequest, form: BaseForm | None, error: Refused) -> None:
    for name, texts in error.fields.items():
        for text in texts:
            if form is None:
                messages.error(request, str(text))
            else:
                form.add_error(name if name in form.fields else None, str(text))


def status_of(request: HttpRequest) -> int:
    """Status of a page shown after `run` refused, else 200."""
    return getattr(request, "refusal_status", 200)
