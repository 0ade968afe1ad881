"""The call register (TKT-01)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import paging
from tickets.models import Call


@login_required
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls, the newest first."""
    rows = Call.objects.visible_to(request.user).select_related("customer", "ticket", "taken_by")
    page = paging.page(rows, ("-at", "-id"), request.GET.get("cursor", ""))
    return render(request, "tickets/calls.html", {"page": page})
