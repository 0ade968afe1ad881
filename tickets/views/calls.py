"""The call register (TKT-01): the list with owed answers first, recording a call, one call, answering it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, paging, sheets, stories
from sla import queries
from tickets import exports, permissions
from tickets.actions import calls as actions
from tickets.forms.calls import AnswerForm, NewCallForm
from tickets.forms.filters import CallFilter
from tickets.models import Call, Ticket

RELATED = ("customer", "equipment__model", "ticket", "taken_by")
OWED_SHOWN = 30


@login_required
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """The register: answers that are owed stand above, the next promise first; below all calls, the newest first."""
    form = CallFilter(request.GET)
    seen = Call.objects.visible_to(request.user).select_related(*RELATED).defer("ticket__search")
    view = request.GET.get("view", "all")
    of_ticket = request.GET.get("ticket", "")
    found = form.rows(seen, timezone.now())
    if of_ticket:
        found = found.filter(ticket__number=of_ticket)
    if view == "owed":
        found = found.owed()
    if "export" in request.GET:
        return sheets.answer(request, _("Calls"), exports.call_columns(), found.order_by("-at", "-id").iterator(2000))
    first_page = view == "all" and not form.is_used and not of_ticket and "cursor" not in request.GET
    owed = list(seen.owed().order_by("answer_due_at", "id")[:OWED_SHOWN]) if first_page else []
    order = ("answer_due_at", "id") if view == "owed" else ("-at", "-id")
    context = {
        "form": form,
        "owed": _with_timers(owed),
        "page": paging.page(found, order, request.GET.get("cursor", "")),
        "views": [
            {"label": _("All calls"), "url": "?view=all", "current": view != "owed"},
            {"label": _("Answers owed"), "url": "?view=owed", "current": view == "owed"},
        ],
        "of_ticket": of_ticket,
        "exports": exports.links(request),
        "may_record": permissions.can_record_call(request.user),
    }
    return render(request, "tickets/calls.html", context)


def _with_timers(calls: list[Call]) -> list[tuple[Call, Any]]:
    """Calls with the timer of their promised answer; two queries."""
    timers = queries.timers_for(calls) if calls else {}
    return [(call, next(iter(timers.get(f"call:{call.pk}", [])), None)) for call in calls]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@pages.once
def new_call(request: HttpRequest) -> HttpResponse:
    """Record any call or message, also one that is told later."""
    if not permissions.can_record_call(request.user):
        raise PermissionDenied
    form = NewCallForm(request.POST or None, user=request.user, initial=_initial(request))
    if request.method == "POST":
        if form.is_valid():
            call = pages.run(request, form, actions.record_call, by=request.user, **form.values())
            if call is not None:
                text = _("Call %(number)s is recorded.") % {"number": call.number}
                messages.success(request, text, extra_tags="draft:call-new")
                return redirect("tickets:call", number=call.number)
        else:
            request.refusal_status = 422  # type: ignore[attr-defined]
    return render(request, "tickets/call_form.html", {"form": form}, status=pages.status_of(request))


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Ticket, customer, machine or number from the page that led here."""
    return {
        name: request.GET[name] for name in ("ticket", "customer", "equipment", "caller_phone") if name in request.GET
    }


def _own(user: Any, number: str) -> Call:
    rows = Call.objects.visible_to(user).select_related(*RELATED, "customer__province").defer("ticket__search")
    return get_object_or_404(rows, number=number)


@login_required
@require_safe
def call(request: HttpRequest, number: str) -> HttpResponse:
    """One call: what was said, what was answered, what is owed."""
    return _show(request, _own(request.user, number), None)


def _show(request: HttpRequest, record: Call, form: AnswerForm | None) -> HttpResponse:
    may = permissions.can_record_call(request.user)
    tickets = Ticket.objects.visible_to(request.user).open().filter(customer=record.customer_id)
    context = {
        "call": record,
        "timers": queries.timers_of(record),
        "story": stories.tell(history.about(record, reader=request.user)[:20], record),
        "form": (form or AnswerForm()) if may and record.answered_at is None else None,
        "tickets": list(tickets.order_by("-reported_at")[:6]) if may and not record.ticket_id else [],
        "may_record": may,
    }
    return render(request, "tickets/call.html", context, status=pages.status_of(request))


@login_required
@require_POST
@pages.once
def answer_call(request: HttpRequest, number: str) -> HttpResponse:
    """Give the answer that was owed."""
    record = _own(request.user, number)
    if not permissions.can_record_call(request.user):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if form.is_valid():
        done = pages.run(request, form, actions.answer_call, record, by=request.user, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("The answer is kept."), extra_tags=f"draft:{number}-answer")
            return redirect("tickets:call", number=number)
    else:
        request.refusal_status = 422  # type: ignore[attr-defined]
    return _show(request, _own(request.user, number), form)


@login_required
@require_POST
@pages.once
def link_call(request: HttpRequest, number: str) -> HttpResponse:
    """The call belongs to a ticket."""
    record = _own(request.user, number)
    if not permissions.can_record_call(request.user):
        raise PermissionDenied
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=request.POST.get("ticket", ""))
    if pages.run(request, None, actions.link_call, record, ticket, by=request.user) is not None:
        messages.success(request, _("The call belongs to %(number)s now.") % {"number": ticket.number})
        return redirect("tickets:call", number=number)
    return _show(request, _own(request.user, number), None)
