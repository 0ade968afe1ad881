"""What customers pay for visits: charges that were reported and not settled, and settling them (finance)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import pages, paging, sheets
from tickets import exports, permissions
from tickets.actions import charges as actions
from tickets.forms.charges import SettleForm
from tickets.models import Visit

SIZE = 40
RELATED = (
    "order__ticket__customer",
    "order__ticket__equipment",
    "order__engineer__user",
    "settled_by",
)


@login_required
@require_safe
def charge_list(request: HttpRequest) -> HttpResponse:
    """Charges to be paid, the oldest first; those that are settled, the newest first."""
    return _show(request, None, None)


def _show(request: HttpRequest, refused: Visit | None, form: SettleForm | None) -> HttpResponse:
    if not permissions.can_see_charges(request.user):
        raise PermissionDenied
    view = "settled" if request.GET.get("view") == "settled" else "open"
    seen = Visit.objects.visible_to(request.user).select_related(*RELATED).defer("order__ticket__search")
    rows = seen.charged().filter(settled_at__isnull=False) if view == "settled" else seen.unsettled()
    order = ("-settled_at", "-id") if view == "settled" else ("reported_at", "id")
    if "export" in request.GET:
        found = rows.order_by(*order).iterator(2000)
        return sheets.answer(request, _("Charges"), exports.charge_columns(), found)
    page = paging.page(rows, order, request.GET.get("cursor", ""), SIZE)
    may = permissions.can_settle(request.user)
    context: dict[str, Any] = {
        "page": page,
        "rows": [(visit, _form(visit, refused, form) if may and view == "open" else None) for visit in page],
        "view": view,
        "views": [
            {"label": _("To be paid"), "url": "?view=open", "current": view == "open"},
            {"label": _("Settled"), "url": "?view=settled", "current": view == "settled"},
        ],
        "exports": exports.links(request),
    }
    return render(request, "tickets/charges.html", context, status=pages.status_of(request))


def _form(visit: Visit, refused: Visit | None, form: SettleForm | None) -> SettleForm:
    return form if form is not None and refused == visit else SettleForm(auto_id=f"settle{visit.pk}_%s")


@login_required
@require_POST
@pages.once
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what was paid."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).select_related("order"), pk=pk)
    if not permissions.can_settle(request.user):
        raise PermissionDenied
    form = SettleForm(request.POST, auto_id=f"settle{visit.pk}_%s")
    if form.is_valid():
        done = pages.run(request, form, actions.settle_charges, visit, by=request.user, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Settled."))
            return redirect("tickets:charges")
    else:
        request.refusal_status = 422  # type: ignore[attr-defined]
    for errors in form.errors.values():
        messages.error(request, "; ".join(map(str, errors)))
    return _show(request, visit, form)
