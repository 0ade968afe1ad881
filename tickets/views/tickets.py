"""Tickets for the office: the list, one ticket, its actions."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core import history, paging, stories
from tickets import next_actions, timers, verdicts, worklists
from tickets.models import Ticket

PARTS = (
    "customer__province",
    "equipment__model__product_line",
    "region",
    "province",
    "fault_type",
    "owner",
    "taken_by",
    "repeat_of",
    "merged_into",
)


@login_required
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """Tickets, the newest first."""
    rows = Ticket.objects.visible_to(request.user).select_related("customer", "equipment__model", "province")
    page = paging.page(rows, ("-reported_at", "-id"), request.GET.get("cursor", ""))
    return render(request, "tickets/list.html", {"page": page, "rows": worklists.with_timers(page.rows)})


@login_required
@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket: head, deadlines, verdict, what to do next, the story."""
    found = _own(request.user, number)
    context = {
        "ticket": found,
        "timers": timers.of(found),
        "verdict": verdicts.frozen(found),
        "actions": next_actions.for_ticket(found, request.user),
        "story": stories.tell(history.about(found)[:30], found),
    }
    return render(request, "tickets/ticket.html", context)


def _own(user: Any, number: str) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(user).select_related(*PARTS), number=number)


@login_required
def ticket_action(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The form of one action."""
    found = _own(request.user, number)
    if code.replace("-", "_") not in {offer.code for offer in next_actions.for_ticket(found, request.user)}:
        raise Http404
    return redirect("tickets:ticket", number=found.number)
