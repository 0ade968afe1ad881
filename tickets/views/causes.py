"""Causes that take the cover away: the panel of a ticket, and the second signature (WAR-04)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import pages
from core.rest import found_or_404
from tickets import causes, open_rights, verdicts
from tickets.actions import causes as actions
from tickets.cause_forms import CauseForm
from tickets.models import Ticket
from warranty import permissions
from warranty.models import Finding
from warranty.states import FINDING


@login_required
@require_http_methods(["GET", "POST"])
@pages.once
def cause(request: HttpRequest, number: str) -> HttpResponse:
    """The cause found on a ticket and what it would change; a POST proposes one with what proves it."""
    ticket = found_or_404(_tickets(request.user), number=number)
    if request.method == "GET":
        context = _context(request.user, ticket, CauseForm(auto_id="cause_%s"))
        return render(request, "tickets/cause.html", context)
    if not permissions.can_find_cause(request.user):
        raise PermissionDenied(_("Your role does not find causes."))
    form = CauseForm(request.POST, auto_id="cause_%s")
    if form.is_valid():
        found = pages.run(request, form, actions.find_cause, ticket, by=request.user, **form.cleaned_data)
        if found is not None:
            messages.success(request, _("The cause waits for a second signature."))
            return redirect(ticket)
    return _page(request, ticket, form, pages.status_of(request) if form.is_valid() else 422)


@login_required
@require_POST
@pages.once
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The second signature, or its refusal."""
    seen = Finding.objects.visible_to(request.user).filter(source__startswith=causes.SUBJECT)
    finding = found_or_404(seen.select_related(*causes.RELATED), pk=pk)
    ticket = found_or_404(_tickets(request.user), pk=finding.source.removeprefix(causes.SUBJECT))
    confirm, why = request.POST.get("decision") == "confirm", request.POST.get("why", "").strip()
    given = {"confirm": confirm, "by": request.user, "why": why}
    done = pages.run(request, None, actions.sign_cause, ticket, finding, **given)
    if done is not None:
        messages.success(request, _("Signed.") if confirm else _("Declined."))
        return redirect("tickets:approvals") if request.POST.get("next") else redirect(ticket)
    return _page(request, ticket, CauseForm(auto_id="cause_%s"), pages.status_of(request))


def _tickets(user: Any) -> Any:
    parts = ("equipment__model__product_line", "equipment__contract", "customer", "fault_type", "region")
    return Ticket.objects.visible_to(user).select_related(*parts)


def _page(request: HttpRequest, ticket: Ticket, form: CauseForm, status: int) -> HttpResponse:
    """The panel as a page of its own, with what was refused."""
    return render(request, "tickets/cause_page.html", _context(request.user, ticket, form), status=status)


def _context(user: Any, ticket: Ticket, form: CauseForm) -> dict[str, Any]:
    finding = causes.of(ticket)
    by_another = finding is not None and finding.state == "proposed" and finding.found_by != user
    may_find = ticket.equipment is not None and permissions.can_find_cause(user)
    return {
        "ticket": ticket,
        "rights": open_rights.of(ticket.equipment, timezone.localdate()),
        "finding": finding,
        "would": verdicts.would_become(ticket, finding),
        "may_sign": by_another and FINDING.permitted("confirm", user),
        "form": form if may_find and (finding is None or finding.state != "confirmed") else None,
    }
