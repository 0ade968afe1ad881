"""Tickets that wait for parts: the keeper's worklist, with going on once they are there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import pages, paging
from tickets import permissions, worklists
from tickets.actions import tickets as actions
from tickets.models import Ticket, Visit
from tickets.states import TICKET

SIZE = 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@pages.once
def waiting(request: HttpRequest) -> HttpResponse:
    """The longest wait first; a POST says that the parts are there."""
    if not permissions.can_see_waiting(request.user):
        raise PermissionDenied
    rows = Ticket.objects.visible_to(request.user)
    if request.method == "POST":
        if not TICKET.permitted("resume", request.user):
            raise PermissionDenied
        ticket = get_object_or_404(rows, number=request.POST.get("ticket", ""))
        why = request.POST.get("why", "").strip() or _("The parts are there.")
        if pages.run(request, None, actions.resume, ticket, by=request.user, why=why) is not None:
            messages.success(request, _("%(number)s goes on.") % {"number": ticket.number})
            return redirect("tickets:waiting")
    related = ("customer", "equipment__model", "province")
    visits = Visit.objects.filter(reported_at__isnull=False).select_related("order__engineer__user")
    rows = rows.for_parts().select_related(*related).defer("search").prefetch_related(
        Prefetch("orders__visits", visits.order_by("-reported_at"))
    )  # fmt: skip
    page = paging.page(rows, ("reported_at", "id"), request.GET.get("cursor", ""), SIZE)
    context = {
        "page": page,
        "rows": [(row, _last_visit(row.record)) for row in worklists.with_timers(page.rows)],
        "may_resume": TICKET.permitted("resume", request.user),
    }
    return render(request, "tickets/waiting.html", context, status=pages.status_of(request))


def _last_visit(ticket: Ticket) -> Any:
    """The newest report, which says what is missing."""
    visits: list[Any] = [visit for order in ticket.orders.all() for visit in order.visits.all()]
    return max(visits, key=lambda visit: visit.reported_at, default=None)
