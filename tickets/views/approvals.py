"""Signatures that wait for a person: the list, and giving or declining one (DSP-01, DSP-06)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import pages
from core.models import Approval
from tickets import causes, signatures, verdicts
from tickets.actions import orders as actions
from tickets.models import DispatchOrder
from tickets.stories import SIGNATURES

URGENT_FIRST = {"order.leave_unsolved": 0}
DECIDED_SHOWN = 20
CAUSES_SHOWN = 50


@dataclass
class Request:
    """A signature with the order it is for."""

    approval: Approval
    order: DispatchOrder

    @property
    def what(self) -> Any:
        """What is to be signed, in words."""
        return SIGNATURES.get(self.approval.step, self.approval.step)

    @property
    def verdict(self) -> Any:
        """What the customer pays."""
        return verdicts.frozen(self.order.ticket)


def _with_orders(rows: Any, user: Any) -> list[Request]:
    """Signatures with their orders: leaving a site first, then the oldest."""
    found = list(rows)
    orders = signatures.orders_of(found, user)
    seen = [Request(row, orders[signatures.order_key(row)]) for row in found if signatures.order_key(row) in orders]
    return sorted(seen, key=lambda row: (URGENT_FIRST.get(row.approval.step, 1), row.approval.pk))


@login_required
@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Things waiting for my signature, and what I decided last."""
    return render(request, "tickets/approvals.html", _context(request.user))


def _context(user: Any) -> dict[str, Any]:
    decided = signatures.on_orders(Approval.objects.filter(decided_by=user)).order_by("-decided_at", "-id")
    recent = _with_orders(decided[:DECIDED_SHOWN], user)
    found = list(causes.waiting(user)[:CAUSES_SHOWN])
    tickets = causes.tickets_of(found)
    return {
        "causes": [(row, tickets[row.source]) for row in found if row.source in tickets],
        "rows": _with_orders(signatures.waiting(user), user),
        "decided": sorted(recent, key=lambda row: row.approval.decided_at, reverse=True),
    }


@login_required
@require_POST
@pages.once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign or decline; the answer goes to whoever asked."""
    approval = get_object_or_404(signatures.on_orders(Approval.objects.all()), pk=pk)
    order = get_object_or_404(DispatchOrder.objects.visible_to(request.user), pk=signatures.order_key(approval))
    done = pages.run(
        request,
        None,
        actions.sign,
        order,
        approval.step,
        approval=approval,
        approve=request.POST.get("decision") == "approve",
        by=request.user,
        opinion=request.POST.get("opinion", "").strip(),
    )
    if done is not None:
        messages.success(request, _("Signed.") if done.decision == "approved" else _("Declined."))
        return redirect(_back(request))
    return render(request, "tickets/approvals.html", _context(request.user), status=pages.status_of(request))


def _back(request: HttpRequest) -> str:
    """The page the signature was given on, if it is one of ours."""
    to = request.POST.get("next", "")
    return to if to.startswith("/") and not to.startswith("//") else "tickets:approvals"
