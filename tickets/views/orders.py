"""Dispatch orders for the office: the list, one order, its actions."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core import history, paging, stories
from tickets.models import DispatchOrder


@login_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Dispatch orders, the newest first."""
    rows = DispatchOrder.objects.visible_to(request.user).select_related("ticket__customer", "engineer__user")
    page = paging.page(rows, ("-issued_at", "-id"), request.GET.get("cursor", ""))
    return render(request, "tickets/orders.html", {"page": page})


def _own(user: Any, number: str) -> DispatchOrder:
    rows = DispatchOrder.objects.visible_to(user).select_related("ticket__customer", "engineer__user", "issued_by")
    return get_object_or_404(rows, number=number)


@login_required
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order as the office sees it."""
    found = _own(request.user, number)
    return render(
        request, "tickets/order.html", {"order": found, "story": stories.tell(history.about(found)[:30], found)}
    )


@login_required
def order_action(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The form of one action."""
    return redirect("tickets:order", number=_own(request.user, number).number)
