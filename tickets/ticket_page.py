"""What the page of a ticket shows: the way it has gone, its orders, visits, parts, papers, calls, and its story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import history, paging, stories
from core.models import Approval
from core.templatetags.ui_time import moment_words
from customers import panels
from staff.roles import Role
from tickets import next_actions, permissions, timers, verdicts
from tickets.models import Call, DispatchOrder, ServiceReport, Ticket, Visit, VisitPhoto
from tickets.states import ORDER

PARTS = ("customer", "equipment__model", "region", "province", "fault_type", "owner", "taken_by")
"""What nearly every ticket has; the rest is read where it is there. More joins cost more to plan than to make."""
IN_THE_ROW = 5
STORY_SIZE = 30
CALLS_SHOWN = 5
GONE = ("refused", "reassigned", "cancelled")
STORIES: dict[str, Q] = {
    "all": Q(),
    "calls": Q(kind__startswith="call.") | Q(kind="order.contacted"),
    "deadlines": Q(kind__startswith="timer.") | Q(kind__in=["ticket.waiting", "ticket.resumed", "ticket.graded"]),
    "photos": Q(kind__in=["ticket.photo_added", "order.photo_added"]),
}


@dataclass
class OrderPart:
    """A dispatch order with its visits and signatures."""

    order: DispatchOrder
    visits: list[Visit]
    signatures: list[Approval] = field(default_factory=list)

    @property
    def is_gone(self) -> bool:
        """Refused, reassigned or cancelled."""
        return self.order.state in GONE


def context(ticket: Ticket, user: Any) -> dict[str, Any]:
    """Everything but the story."""
    orders = order_parts(ticket)
    live = sorted((part.order for part in orders if part.order.status.open), key=lambda order: order.pk)
    visits = [visit for part in orders for visit in part.visits]
    offered = next_actions.for_ticket(ticket, user, live)
    heard = Call.objects.visible_to(user).filter(ticket=ticket).select_related("taken_by")
    calls = list(heard.order_by("-at", "-id")[: CALLS_SHOWN + 1])
    return {
        "ticket": ticket,
        "timers": timers.of(ticket, [part.order for part in orders]),
        "verdict": verdicts.frozen(ticket),
        "verdict_now": verdicts.difference(ticket),
        "steps": steps(ticket, [part.order for part in orders], timezone.now()),
        "actions": [offer for offer in offered if offer.code != "add_note"][:IN_THE_ROW],
        "more_actions": [offer for offer in offered if offer.code != "add_note"][IN_THE_ROW:],
        "may_note": permissions.can_add_to_ticket(user),
        "may_call": permissions.can_record_call(user),
        "orders": orders,
        "visits": visits,
        "parts": [part for visit in visits for part in visit.parts.all()],
        "parts_total": sum((visit.parts_charge for visit in visits), Decimal(0)),
        "papers": papers(orders),
        "calls": calls[:CALLS_SHOWN],
        "more_calls": len(calls) > CALLS_SHOWN,
        "tried": list(ticket.tried_steps.select_related("by", "case").order_by("-at", "-id")),
        "pictures": pictures(ticket, orders),
        **relatives(ticket),
        "panels": panels.urls("ticket", ticket.number),
    }


def order_parts(ticket: Ticket) -> list[OrderPart]:
    """Orders, the newest first, those that came to nothing last."""
    reports = ServiceReport.objects.only("visit_id", "version", "signed_by_name", "signed_at", "created_at")
    visits = Visit.objects.order_by("-sequence").prefetch_related("parts", Prefetch("reports", reports))
    rows = ticket.orders.select_related("engineer__user", "engineer__tier", "engineer__region", "issued_by")
    found = list(rows.prefetch_related(Prefetch("visits", visits)).order_by("-issued_at", "-id"))
    signatures = Approval.objects.filter(subject__in=[f"dispatchorder:{order.pk}" for order in found])
    by_subject: dict[str, list[Approval]] = {}
    for one in signatures.select_related("decided_by").order_by("id") if found else []:
        one.role_label = Role(one.role).label  # type: ignore[attr-defined]
        by_subject.setdefault(one.subject, []).append(one)
    parts = [OrderPart(one, list(one.visits.all()), by_subject.get(f"dispatchorder:{one.pk}", [])) for one in found]
    for part in parts:
        for visit in part.visits:
            visit.order = part.order
    return sorted(parts, key=lambda part: part.is_gone)


def relatives(ticket: Ticket) -> dict[str, list[Ticket]]:
    """Later tickets of the same fault, and tickets that were merged into this one."""
    rows = Ticket.objects.filter(Q(repeat_of=ticket) | Q(merged_into=ticket))
    found = list(rows.only("number", "reported_at", "repeat_of_id", "merged_into_id").order_by("-reported_at"))
    return {
        "repeats": [one for one in found if one.repeat_of_id == ticket.pk],
        "merged": [one for one in found if one.merged_into_id == ticket.pk],
    }


def papers(orders: list[OrderPart]) -> list[dict[str, Any]]:
    """Papers to open: dispatch orders, and each report in its newest version."""
    found = []
    for part in orders:
        if not part.is_gone:
            version = _("version %(n)s") % {"n": part.order.paper_version} if part.order.paper_version else ""
            url = reverse("tickets:order_pdf", args=[part.order.number])
            found.append({"label": _("Dispatch order"), "url": url, "note": version})
        for visit in part.visits:
            newest = max(visit.reports.all(), key=lambda report: report.version, default=None)
            if newest is not None:
                signed = newest.signed_by_name or (_("signed") if newest.signed_at else _("not signed"))
                url = f"{reverse('tickets:report_pdf', args=[part.order.number])}?visit={visit.sequence}"
                found.append({"label": _("Service report"), "url": url, "note": signed})
    return found


def pictures(ticket: Ticket, orders: list[OrderPart]) -> list[dict[str, str]]:
    """Pictures that came with the report and from the site."""
    rows: list[Any] = list(ticket.photos.order_by("id"))
    if orders:
        rows += VisitPhoto.objects.filter(order__ticket=ticket).order_by("id")
    return [
        {
            "url": reverse("core:file", args=[photo.file_id]),
            "thumb_url": reverse("core:file-small", args=[photo.file_id]),
            "caption": photo.caption,
        }
        for photo in rows
    ]


def steps(ticket: Ticket, orders: list[DispatchOrder], at: datetime) -> list[dict[str, Any]]:
    """The way of the ticket with the time of each step; what comes next is current."""
    live = next((order for order in orders if order.state not in GONE), None)
    grade = _("grade %(n)s") % {"n": ticket.grade} if ticket.grade else ""
    rows: list[tuple[Any, Any, str]] = [
        (pgettext("way", "Taken"), ticket.reported_at, ""),
        (pgettext("way", "Graded"), ticket.grade, grade),
    ]
    if live is None and (ticket.path in ("phone", "remote") or (ticket.solved_at and not orders)):
        rows.append((pgettext("way", "Helped by phone"), ticket.solved_at, ""))
    else:
        rows += [
            (pgettext("way", "Dispatched"), live and live.issued_at, ""),
            (pgettext("way", "Customer called"), live and live.contacted_at, ""),
            (pgettext("way", "On site"), live and live.arrived_at, ""),
            (pgettext("way", "Repaired"), ticket.solved_at, ""),
        ]
    rows += [(pgettext("way", "Confirmed"), ticket.confirmed_at, ""), (pgettext("way", "Closed"), ticket.closed_at, "")]
    reached = max(index for index, (_label, done, _note) in enumerate(rows) if done)
    current = reached + 1 if ticket.is_open else -1
    found = []
    for index, (label, done, note) in enumerate(rows):
        moment = moment_words(done, at, today=True) if isinstance(done, datetime) else ""
        state = "done" if done else "current" if index == current else ""
        found.append({"label": label, "state": state, "note": note or moment})
    return found


def story(ticket: Ticket, query: Mapping[str, str], reader: Any, orders: Sequence[OrderPart] = ()) -> dict[str, Any]:
    """One page of what happened, newest first: all of it, or the calls, the deadlines, the photos."""
    chosen = query.get("story", "all") if query.get("story") in STORIES else "all"
    entries = history.about(ticket, reader=reader).filter(STORIES[chosen])
    page = paging.page(entries, ("-at", "-id"), query.get("cursor", ""), STORY_SIZE)
    known = [one for part in orders for one in (part.order, part.order.engineer)]
    labels = {"all": _("All"), "calls": _("Calls"), "deadlines": _("Deadlines"), "photos": _("Photos")}
    return {
        "ticket": ticket,
        "story": _with_first_words(stories.tell(page.rows, ticket, known), ticket),
        "story_page": page,
        "story_tabs": [
            {"label": label, "url": f"?story={code}", "current": code == chosen} for code, label in labels.items()
        ],
    }


def _with_first_words(rows: list[stories.Row], ticket: Ticket) -> list[stories.Row]:
    """The report of the fault in the words of the caller; the history itself holds no such words."""
    if not any(row.kind == "ticket.opened" for row in rows):
        return rows
    calls = ticket.calls.exclude(kind=Call.Kind.COMPLAINT).order_by("at", "id")
    said = calls.values_list("said", flat=True).first() or ticket.symptom
    return [replace(row, quote=said) if row.kind == "ticket.opened" else row for row in rows]


def order_steps(order: DispatchOrder, at: datetime) -> list[dict[str, Any]]:
    """The way of an order with the time of each step."""
    rows = [
        (pgettext("way", "Issued"), order.issued_at),
        (pgettext("way", "Accepted"), order.accepted_at),
        (pgettext("way", "Customer called"), order.contacted_at),
        (pgettext("way", "Set off"), order.departed_at),
        (pgettext("way", "On site"), order.arrived_at),
        (pgettext("way", "Left"), order.left_at),
        (pgettext("way", "Reported"), order.reported_at if order.state == "done" else None),
    ]
    reached = max(index for index, (_label, done) in enumerate(rows) if done)
    current = reached + 1 if order.state in ORDER.open_states else -1
    return [
        {
            "label": label,
            "state": "done" if done else "current" if index == current else "",
            "note": moment_words(done, at, today=True) if done else "",
        }
        for index, (label, done) in enumerate(rows)
    ]
