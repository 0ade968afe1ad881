"""Trying clocks and promises out on the settings pages: fragments that say what would be due."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.errors import Refused
from sla import queries
from sla.api import previews
from sla.models import Clock
from sla.policy_forms import TryClockForm, TryPromiseForm
from sla.views.guards import readers


@require_safe
@readers
def promise(request: HttpRequest) -> HttpResponse:
    """What would be promised to a machine or a place from a moment on."""
    form = TryPromiseForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
        at = data.get("at") or timezone.now()
        try:
            context["rows"] = queries.preview(previews.facts_of(data, request.user), at)
        except Refused as error:
            context["problem"] = str(error)
    return render(request, "sla/try_promise.html", context)


@require_safe
@readers
def clock(request: HttpRequest, code: str) -> HttpResponse:
    """When a span would end on a clock, and the stretches that count."""
    form = TryClockForm(request.GET)
    context: dict[str, Any] = {"form": form, "row": Clock.objects.filter(code=code).order_by("-version").first()}
    if form.is_valid():
        data = {"clock": code, "start": form.cleaned_data["start"].isoformat(), "span": form.span()}
        try:
            context["answer"] = previews.clock_reckoning(data)
        except Refused as error:
            context["problem"] = " ".join(str(text) for texts in error.fields.values() for text in texts)
    return render(request, "sla/try_clock.html", context)
