"""Tickets for the office: the list, one ticket, those that wait for parts."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core import pages, paging, sheets
from tickets import exports, permissions, ticket_page, worklists
from tickets.forms.filters import TicketFilter
from tickets.models import DispatchOrder, Ticket
from tickets.states import FIELD

SIZE = 25
SHOWN = (
    *("number", "symptom", "grade", "state", "path", "waiting_for", "reported_at", "next_due_at", "repeat_of_id"),
    *("customer__name", "customer__short_name", "customer__city", "customer__number", "equipment__serial"),
    *("province__name_zh", "province__name_en"),
)
LAST = datetime(9999, 1, 1, tzinfo=UTC)
ORDERS = {"": ("-reported_at", "-id"), "reported": ("reported_at", "id"), "due": ("due", "id"), "-due": ("-due", "-id")}
ORDERS["-reported"] = ORDERS[""]


@login_required
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """Tickets as a worklist: what is open by next deadline; whatever is searched for, the newest first."""
    form = TicketFilter(request.GET, user=request.user)
    view = request.GET.get("view") or ("all" if form.is_used else "open")
    rows = form.rows(_of_view(Ticket.objects.visible_to(request.user), view, request.user), timezone.now())
    if "export" in request.GET:
        rows = rows.select_related("customer", "equipment__model", "province", "region", "fault_type", "repeat_of")
        found = rows.order_by("-reported_at", "-id").iterator(2000)
        return sheets.answer(request, _("Tickets"), exports.ticket_columns(), found)
    sort = request.GET.get("sort") or ("" if view == "all" else "due")
    page = _page(rows, sort, request.GET.get("cursor", ""))
    orders = _sent(page.rows)
    context = {
        "form": form,
        "page": page,
        "rows": worklists.with_timers(page.rows, orders),
        "views": _views(request, view),
        "view": view,
        "sort": sort or "-reported",
        "exports": exports.links(request),
        "may_open": permissions.can_open_ticket(request.user),
    }
    return render(request, "tickets/list.html", context)


def _page(rows: QuerySet[Ticket], sort: str, cursor: str) -> paging.Page:
    """A page of the list; by deadline only open tickets have a place."""
    order = ORDERS.get(sort, ORDERS[""])
    if "due" in sort:
        rows = rows.open().annotate(due=Coalesce("next_due_at", Value(LAST)))  # type: ignore[attr-defined]
    rows = rows.select_related("customer", "equipment", "province").only(*SHOWN)
    return paging.page(rows, order, cursor, SIZE)


def _sent(tickets: list[Ticket]) -> list[tuple[int, int]]:
    """Open orders of the tickets as pairs of keys; the engineers' names come onto the tickets as `sent`."""
    live = {ticket.pk: ticket for ticket in tickets if ticket.is_open}
    for ticket in tickets:
        ticket.sent = []  # type: ignore[attr-defined]
    rows = DispatchOrder.objects.filter(ticket__in=live).open().order_by("id") if live else DispatchOrder.objects.none()
    found = []
    for order, key, name in rows.values_list("id", "ticket_id", "engineer__user__name"):
        live[key].sent.append(name)  # type: ignore[attr-defined]
        found.append((order, key))
    return found


def _of_view(rows: Any, view: str, user: Any) -> Any:
    if view == "mine":
        sent = DispatchOrder.objects.filter(engineer__user=user).values("ticket")
        return rows.open().filter(Q(pk__in=sent) if user.has_role(*FIELD) else Q(owner=user))
    if view == "undispatched":
        return rows.filter(state="open")
    if view == "late":
        return rows.open().filter(next_due_at__lt=timezone.now())
    if view == "waiting":
        return rows.filter(state="waiting")
    return rows.open() if view == "open" else rows


def _views(request: HttpRequest, view: str) -> list[dict[str, Any]]:
    """The tabs; what is typed into the filters goes along."""
    names = [
        ("open", pgettext("tickets", "Open")),
        ("mine", _("Mine")),
        ("undispatched", _("Not dispatched")),
        ("waiting", _("Waiting")),
        ("late", _("Overdue")),
        ("all", pgettext("tickets", "All")),
    ]
    query = request.GET.copy()
    for name in ("cursor", "sort"):
        query.pop(name, None)
    found = []
    for code, label in names:
        query["view"] = code
        found.append({"label": label, "url": f"?{query.urlencode()}", "current": code == view})
    return found


@login_required
@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket: head, deadlines, verdict, what to do next, the story, everything that hangs on it."""
    record = own(request.user, number)
    if request.htmx and "story" in request.GET:  # type: ignore[attr-defined]
        return render(request, "tickets/ticket/story.html", ticket_page.story(record, request.GET, request.user))
    return show(request, record)


def own(user: Any, number: str) -> Ticket:
    """The ticket, if the person may see it."""
    rows = Ticket.objects.visible_to(user).select_related(*ticket_page.PARTS).defer("search")
    return get_object_or_404(rows, number=number)


def show(request: HttpRequest, record: Ticket, opened: dict[str, Any] | None = None) -> HttpResponse:
    """The page; `opened` is an action whose form stands open in it."""
    found = ticket_page.context(record, request.user)
    told = ticket_page.story(record, request.GET, request.user, found["orders"])
    context = {**found, **told, "opened": opened}
    return render(request, "tickets/ticket.html", context, status=pages.status_of(request))
