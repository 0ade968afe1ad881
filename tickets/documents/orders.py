"""The dispatch order [产品售后派工单] (DSP-01, form F06): A4, numbered, with signatures and seal field."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import pgettext

from core import approvals, pdf
from core.models import Paper
from sla import queries
from tickets.documents import parts
from tickets.models import DispatchOrder, Ticket
from tickets.states import ORDER
from warranty.decision import Verdict

KIND = "dispatch-order"
TEMPLATE = "tickets/papers/dispatch_order.html"


def order_content(order: DispatchOrder) -> dict[str, Any]:
    """Everything the paper says, in no language: what changes here makes a new version."""
    ticket = order.ticket
    signed = {approval.step: parts.signature_part(approval) for approval in approvals.of(order)}
    return {
        "number": order.number,
        "ticket": ticket.number,
        **parts.customer_part(ticket),
        **parts.machine_part(ticket),
        "grade": ticket.grade,
        "symptom": ticket.symptom,
        "present_state": ticket.present_state,
        "wanted_service": ticket.wanted_service,
        "tried": [[step.text, step.helped] for step in ticket.tried_steps.order_by("id")],
        "verdict": ticket.verdict,
        "promises": _promises(order, ticket),
        "appointment_from": parts.plain(order.appointment_from),
        "appointment_to": parts.plain(order.appointment_to),
        "expected_return_at": parts.plain(order.expected_return_at),
        "travel": order.travel,
        "travel_note": order.travel_note,
        "parts_to_take": order.parts_to_take,
        "note": order.note,
        "engineer": parts.engineer_part(order.engineer),
        "accepted_at": parts.plain(order.accepted_at),
        "issued_by": str(order.issued_by),
        "issued_at": parts.plain(order.issued_at),
        "ended": order.state if order.state in ("refused", "reassigned", "cancelled") else "",
        "head": signed.get("order.head"),
        "marketing": signed.get("order.marketing"),
    }


def order_paper(order: DispatchOrder, language: str, *, by: Any, at: datetime) -> Paper:
    """The paper as the order stands: the issued one, or a new version when something on it has changed."""
    version, content = _version(order)
    return pdf.issue(
        KIND,
        order.number,
        version,
        subject=order,
        template=TEMPLATE,
        context=lambda: order_context(order, content, version, at),
        language=language,
        by=by,
        at=at,
    )


def order_context(order: DispatchOrder, content: dict[str, Any], version: int, at: datetime) -> dict[str, Any]:
    """What the template prints, in the active language."""
    travel = str(DispatchOrder.Travel(content["travel"]).label) if content["travel"] else ""
    return {
        "paper": content,
        "version": version,
        "issued_at": at,
        "former": Paper.objects.filter(kind=KIND, number=order.number, version__lt=version).last(),
        "verdict": Verdict.from_json(content["verdict"]) if content["verdict"] else None,
        "travel": pgettext("paper", ", ").join(filter(None, [travel, content["travel_note"]])),
        "ended": ORDER.states[content["ended"]].label if content["ended"] else "",
        "qr": pdf.qr(parts.order_address(order)),
    }


def _version(order: DispatchOrder) -> tuple[int, dict[str, Any]]:
    """The version whose content is the present one; counts up when it differs from the last issued."""
    with transaction.atomic():
        order = _whole(order.pk)
        content = order_content(order)
        digest = parts.digest(content)
        if order.paper_digest != digest:
            order.paper_digest, order.paper_version = digest, order.paper_version + 1
            order.save(update_fields=["paper_digest", "paper_version"])
        return order.paper_version, content


def _whole(pk: int) -> DispatchOrder:
    return (
        DispatchOrder.objects.select_for_update(of=("self",))
        .select_related(
            "ticket__customer__province", "ticket__equipment__model__product_line",
            "engineer__user", "engineer__tier", "issued_by",
        )
        .get(pk=pk)
    )  # fmt: skip


def _promises(order: DispatchOrder, ticket: Ticket) -> list[dict[str, Any]]:
    """By when the customer is to be called and reached."""
    timers = [*queries.timers_of(order), *queries.timers_of(ticket)]
    wanted = [timer for timer in timers if timer.target in ("contact", "arrive") and timer.state != "cancelled"]
    return [
        {"target": timer.target, "due_at": parts.plain(timer.due_at)}
        for timer in sorted(wanted, key=lambda timer: timer.due_at)
    ]
