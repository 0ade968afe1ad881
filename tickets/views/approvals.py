"""Signatures that wait for a person: the list, and giving or declining one (DSP-01, DSP-06)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import approvals, pages
from core.models import Approval
from core.refs import ref
from tickets import verdicts
from tickets.actions import orders as actions
from tickets.models import DispatchOrder
from tickets.stories import SIGNATURES

URGENT_FIRST = {"order.leave_unsolved": 0}
DECIDED_SHOWN = 20


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


def waiting(user: Any) -> list[Request]:
    """What a person may sign now: leaving a site first, then the oldest."""
    return _with_orders(approvals.waiting_for(user).exclude(asked_by=user), user)


def _with_orders(rows: Any, user: Any) -> list[Request]:
    found = list(rows.filter(subject__startswith="dispatchorder:").select_related("asked_by", "decided_by"))
    keys = {approval.subject for approval in found}
    orders = {
        ref(order): order
        for order in DispatchOrder.objects.visible_to(user)
        .filter(pk__in=[int(key.partition(":")[2]) for key in keys])
        .select_related("ticket__customer", "ticket__equipment__model", "engineer__user")
    }
    seen = [Request(approval, orders[approval.subject]) for approval in found if approval.subject in orders]
    return sorted(seen, key=lambda row: (URGENT_FIRST.get(row.approval.step, 1), row.approval.pk))


@login_required
@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Things waiting for my signature, and what I decided last."""
    decided = Approval.objects.filter(decided_by=request.user).order_by("-decided_at", "-id")
    recent = Approval.objects.filter(pk__in=list(decided.values_list("pk", flat=True)[:DECIDED_SHOWN]))
    context = {
        "rows": waiting(request.user),
        "decided": sorted(
            _with_orders(recent, request.user), key=lambda row: row.approval.decided_at, reverse=True
        ),
    }
    return render(request, "tickets/approvals.html", context)


@login_required
@require_POST
@pages.once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign or decline; the answer goes to whoever asked."""
    approval = get_object_or_404(Approval, pk=pk, subject__startswith="dispatchorder:")
    orders = DispatchOrder.objects.visible_to(request.user)
    order = get_object_or_404(orders, pk=approval.subject.partition(":")[2])
    done = pages.run(
        request,
        None,
        actions.sign,
        order,
        approval.step,
        approve=request.POST.get("decision") == "approve",
        by=request.user,
        opinion=request.POST.get("opinion", "").strip(),
    )
    if done is not None:
        messages.success(request, _("Signed.") if done.decision == "approved" else _("Declined."))
        return redirect(_back(request))
    return render(
        request, "tickets/approvals.html", {"rows": waiting(request.user), "decided": []},
        status=pages.status_of(request),
    )  # fmt: skip


def _back(request: HttpRequest) -> str:
    """The page the signature was given on, if it is one of ours."""
    to = request.POST.get("next", "")
    return to if to.startswith("/") and not to.startswith("//") else "tickets:approvals"
