"""Dispatch orders for the office: what is to be dispatched, what is open, late reports; one order and its verbs."""

from datetime import UTC, datetime, time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core import pages, paging, sheets
from tickets import exports, order_page, worklists
from tickets.forms import order_actions as verbs
from tickets.forms.actions import ActionForm
from tickets.forms.filters import OrderFilter
from tickets.models import DispatchOrder, Ticket, Visit
from tickets.states import ORDER
from tickets.views import actions

SIZE = 40
LAST = datetime(9999, 1, 1, tzinfo=UTC)
RELATED = (
    "ticket__customer",
    "ticket__equipment__model",
    "ticket__province",
    "ticket__region",
    "engineer__user",
    "issued_by",
)
FORMS: dict[str, type[ActionForm]] = {
    form.code: form for form in (verbs.ReassignForm, verbs.CancelOrderForm, verbs.CorrectForm, verbs.OrderPhotoForm)
}


@login_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """By what breaks next: tickets to be dispatched, open orders; reports that are late; all orders."""
    form = OrderFilter(request.GET, user=request.user)
    view = request.GET.get("view", "open")
    rows = DispatchOrder.objects.visible_to(request.user).select_related(*RELATED).defer("ticket__search", "ranking")
    if "export" in request.GET:
        found = form.rows(rows.open() if view == "open" else rows, timezone.now())
        columns = exports.order_columns()
        return sheets.answer(request, _("Dispatch orders"), columns, found.order_by("-issued_at", "-id").iterator(2000))
    cursor = request.GET.get("cursor", "")
    context = {"form": form, "view": view, "views": _views(view), "exports": exports.links(request)}
    if view == "todo":
        context.update(_to_dispatch(request.user, form, cursor))
    elif view == "late":
        context.update(_late(request.user, form, cursor))
    else:
        found = form.rows(rows.open() if view == "open" else rows, timezone.now())
        context.update(_orders(found, view, cursor))
    return render(request, "tickets/orders.html", context)


def _views(view: str) -> list[dict[str, Any]]:
    names = [
        ("open", _("Open orders")),
        ("todo", _("To be dispatched")),
        ("late", _("Reports missing or late")),
        ("all", pgettext("orders", "All")),
    ]
    return [{"label": label, "url": f"?view={code}", "current": code == view} for code, label in names]


def _orders(rows: Any, view: str, cursor: str) -> dict[str, Any]:
    """Orders with the nearest timer of their tickets."""
    if view == "open":
        rows = rows.annotate(due=Coalesce("ticket__next_due_at", Value(LAST)))
        page = paging.page(rows, ("due", "id"), cursor, SIZE)
    else:
        page = paging.page(rows, ("-issued_at", "-id"), cursor, SIZE)
    tickets = {order.ticket_id: order.ticket for order in page}
    timers = {row.record.pk: row.timer for row in worklists.with_timers(list(tickets.values()))} if tickets else {}
    return {"page": page, "orders": [(order, timers.get(order.ticket_id)) for order in page]}


def _to_dispatch(user: Any, form: OrderFilter, cursor: str) -> dict[str, Any]:
    """Open tickets without an order, the next deadline first."""
    rows = form.of_tickets(Ticket.objects.visible_to(user).filter(state="open"))
    rows = rows.select_related("customer", "equipment__model", "province").defer("search")
    page = paging.page(rows.annotate(due=Coalesce("next_due_at", Value(LAST))), ("due", "id"), cursor, SIZE)
    return {"page": page, "rows": worklists.with_timers(page.rows)}


def _late(user: Any, form: OrderFilter, cursor: str) -> dict[str, Any]:
    """Visits whose report is missing since before today, and those reported after the day they ended (DSP-07)."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    visits: QuerySet[Visit] = Visit.objects.visible_to(user).select_related(
        "order__ticket__customer", "order__engineer__user", "order__ticket__region"
    )
    visits = visits.filter(order__in=form.rows(DispatchOrder.objects.all(), timezone.now())) if form.is_used else visits
    missing = visits.filter(order__state="left", left_at__lt=today, reported_at__isnull=True)
    late = visits.filter(reported_at__isnull=False, left_at__isnull=False).annotate(
        left_on=TruncDate("left_at"), reported_on=TruncDate("reported_at")
    )
    page = paging.page(late.filter(reported_on__gt=F("left_on")), ("-reported_at", "-id"), cursor, SIZE)
    return {"page": page, "missing": list(missing.order_by("left_at")[:SIZE]) if not cursor else []}


def own(user: Any, number: str) -> DispatchOrder:
    """The order, if the person may see it."""
    rows = DispatchOrder.objects.visible_to(user).select_related(*order_page.PARTS).defer("ticket__search")
    return get_object_or_404(rows, number=number)


@login_required
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order as the office sees it."""
    return show(request, own(request.user, number))


def show(request: HttpRequest, record: DispatchOrder, opened: dict[str, Any] | None = None) -> HttpResponse:
    """The page; `opened` is a verb whose form stands open in it."""
    context = {**order_page.context(record, request.user), "opened": opened}
    return render(request, "tickets/order.html", context, status=pages.status_of(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@pages.once
def order_action(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The form of one verb, and doing it."""
    own(request.user, number)
    if verb not in FORMS:
        raise Http404

    def check(record: DispatchOrder) -> None:
        if verb in ORDER.moves:
            ORDER.check(record, verb, request.user)

    def page(record: Any, opened: dict[str, Any]) -> HttpResponse:
        return show(request, record, opened)

    def target(done: Any) -> str:
        to = done.number if isinstance(done, DispatchOrder) else number
        return reverse("tickets:order", args=[to])

    return actions.act(
        request, FORMS[verb], read=lambda: own(request.user, number), check=check, show=page, target=target
    )
