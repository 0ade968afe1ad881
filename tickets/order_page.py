"""What the office's page of a dispatch order shows: the steps with their times, visits, report versions, signatures."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import approvals, history, stories
from sla import queries
from staff.models import Engineer, in_language
from staff.roles import Role
from tickets import ticket_page, verdicts
from tickets.actions.visits import lateness
from tickets.forms.order_actions import CorrectForm, OrderPhotoForm
from tickets.models import DispatchOrder, ServiceReport, Visit
from tickets.next_actions import Action
from tickets.states import ORDER

PARTS = (
    "ticket__customer__province",
    "ticket__equipment__model__product_line",
    "ticket__province",
    "ticket__region",
    "ticket__fault_type",
    "engineer__user",
    "engineer__tier",
    "engineer__region",
    "issued_by",
    "replaced_by",
)
STORY_SIZE = 60


def context(order: DispatchOrder, user: Any) -> dict[str, Any]:
    """Everything on the page."""
    reports = ServiceReport.objects.select_related("by").order_by("-version")
    rows = order.visits.order_by("-sequence").prefetch_related("parts", Prefetch("reports", reports), "photos")
    visits: list[Visit] = list(rows)
    for visit in visits:
        visit.order = order
        visit.late = lateness(order, visit, visit.arrived_at) if visit.arrived_at else {}  # type: ignore[attr-defined]
    found = queries.timers_for([order, order.ticket], open_only=False)
    return {
        "order": order,
        "ticket": order.ticket,
        "timers": queries.worst_first(timer for timers in found.values() for timer in timers),
        "steps": ticket_page.order_steps(order, timezone.now()),
        "verdict": verdicts.frozen(order.ticket),
        "actions": offers(order, visits, user),
        "visits": visits,
        "signatures": _signatures(order, user),
        "photos": _photos(order),
        "ranking": _ranking(order),
        "replaces": order.replaces.first(),
        "story": stories.tell(history.about(order, reader=user)[:STORY_SIZE], order),
    }


def offers(order: DispatchOrder, visits: list[Visit], user: Any) -> list[Action]:
    """What the office may do with the order; what its state forbids stays with the reason."""
    found = []
    for code, label, icon in (("reassign", _("Reassign"), "arrows-exchange"), ("cancel", _("Cancel the order"), "ban")):
        if ORDER.permitted(code, user) and order.state in ORDER.open_states:
            possible = order.state in ORDER.moves[code].sources
            reason = "" if possible else _("not while the state is “%(state)s”") % {"state": order.status.label}
            found.append(_offer(order, code, label, icon, reason))
    if any(visit.reported_at for visit in visits) and CorrectForm.permitted(user):
        found.append(_offer(order, "correct", _("Correct the report"), "edit"))
    if OrderPhotoForm.permitted(user):
        found.append(_offer(order, "photo", _("Add a photo"), "camera"))
    return found


def _offer(order: DispatchOrder, code: str, label: Any, icon: str, reason: str = "") -> Action:
    url = reverse("tickets:order_action", args=[order.number, code])
    return Action(code, label, url, icon=icon, blocked_reason=reason)


def _signatures(order: DispatchOrder, user: Any) -> list[Any]:
    """Signatures in the order they were asked for; `mine` are those this person may give now."""
    found = []
    for one in approvals.of(order):
        one.role_label = Role(one.role).label  # type: ignore[attr-defined]
        is_open = one.decision == "open"
        one.mine = is_open and user.has_role(one.role) and one.asked_by_id != user.pk  # type: ignore[attr-defined]
        found.append(one)
    return found


def _photos(order: DispatchOrder) -> list[dict[str, str]]:
    return [
        {
            "url": reverse("core:file", args=[photo.file_id]),
            "thumb_url": reverse("core:file-small", args=[photo.file_id]),
            "caption": photo.caption,
        }
        for photo in order.photos.order_by("id")
    ]


def _ranking(order: DispatchOrder) -> list[dict[str, Any]]:
    """The suggestion as it stood when the dispatcher chose, in the reader's language."""
    names = Engineer.objects.select_related("user").in_bulk([row["engineer"] for row in order.ranking])
    return [
        {
            **row,
            "name": names.get(row["engineer"], ""),
            "texts": [in_language(part["zh"], part["en"]) for part in row["parts"]],
        }
        for row in order.ranking
    ]
