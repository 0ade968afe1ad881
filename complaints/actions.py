"""What may be done with complaints: open, acknowledge, decide, explain, close, reopen (CMP-01, CMP-07)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.states import COMPLAINT, HANDLERS, JUDGES
from core import checks, history, numbers
from core.errors import Forbidden, Refused
from customers.models import Channel, Customer, Equipment
from notices import actions as notices
from sla import actions as sla
from sla import queries
from sla.facts import Facts
from staff.models import User
from tickets.models import Call, Ticket


@transaction.atomic
def open_complaint(
    *,
    content: str,
    by: Any,
    at: datetime | None = None,
    customer: Customer | None = None,
    equipment: Equipment | None = None,
    ticket: Ticket | None = None,
    call: Call | None = None,
    channel: str = Channel.PHONE,
    about: str = Complaint.Subject.SERVICE,
    about_person: User | None = None,
    remedy: str = "",
    answer_due_at: datetime | None = None,
) -> Complaint:
    """Take down a complaint; what it belongs to is filled in from the ticket or call it came from."""
    if by is not None and not by.has_role(*HANDLERS):
        raise Forbidden(_("Your role does not take complaints."))
    checks.require(content=content)
    checks.one_of("channel", channel, Channel.values)
    checks.one_of("about", about, Complaint.Subject.values)
    at = checks.moment(at)
    origins = [origin for origin in (ticket, call) if origin is not None]
    equipment = equipment or next((origin.equipment for origin in origins if origin.equipment), None)
    customer = customer or next((o.customer for o in (*origins, equipment) if o and o.customer), None)
    if customer is None:
        raise Refused({"customer": _("Say which customer complains.")})
    if answer_due_at is not None and answer_due_at < at:
        raise Refused({"answer_due_at": _("The answer cannot be due before the complaint.")})
    complaint = Complaint.objects.create(
        number=numbers.daily("TS", at),
        customer=customer,
        equipment=equipment,
        ticket=ticket,
        call=call,
        channel=channel,
        about=about,
        about_person=about_person,
        content=content,
        remedy=remedy,
        received_at=at,
        entered_at=timezone.now(),
        taken_by=by,
        answer_due_at=answer_due_at,
    )
    _record("complaint.opened", complaint, by, at, {"about_code": about})
    _tell_supervision(complaint, at)
    return complaint


@transaction.atomic
def acknowledge(
    complaint: Complaint, *, by: Any, at: datetime | None = None, answer_due_at: datetime | None = None
) -> Complaint:
    """Tell the customer that it is being looked at, and until when he gets an answer."""
    complaint = _locked(complaint)
    COMPLAINT.move(complaint, "acknowledge", by)
    at = checks.moment(at, not_before=complaint.received_at)
    if answer_due_at is not None and answer_due_at < at:
        raise Refused({"answer_due_at": _("The answer cannot be due before the complaint.")})
    complaint.acknowledged_at = at
    complaint.owner = complaint.owner or by
    complaint.answer_due_at = answer_due_at or complaint.answer_due_at
    complaint.save()
    _record("complaint.acknowledged", complaint, by, at, {})
    return complaint


@transaction.atomic
def assign(complaint: Complaint, *, owner: User, by: Any, at: datetime | None = None) -> Complaint:
    """Give a complaint to somebody; never to the person it is about."""
    complaint = _locked(complaint)
    COMPLAINT.check(complaint, "assign", by)
    if owner.pk == complaint.about_person_id:
        raise Refused({"owner": _("Nobody handles a complaint about himself.")})
    if not owner.has_role(*HANDLERS):
        raise Refused({"owner": _("This person does not handle complaints.")})
    complaint.owner = owner
    complaint.save(update_fields=["owner"])
    _record("complaint.assigned", complaint, by, checks.moment(at), {"owner": f"user:{owner.pk}"})
    return complaint


@transaction.atomic
def decide(complaint: Complaint, *, is_valid: bool, findings: str, by: Any, at: datetime | None = None) -> Complaint:
    """Decide whether a complaint is valid, with what was found."""
    complaint = _locked(complaint)
    COMPLAINT.move(complaint, "decide", by)
    checks.require(findings=findings)
    at = checks.moment(at, not_before=complaint.received_at)
    complaint.is_valid, complaint.findings = is_valid, findings
    complaint.decided_at, complaint.decided_by = at, by
    complaint.acknowledged_at = complaint.acknowledged_at or at
    complaint.save()
    _record("complaint.decided", complaint, by, at, {"decision": "valid" if is_valid else "not_valid"})
    return complaint


@transaction.atomic
def answer(complaint: Complaint, *, answer: str, by: Any, at: datetime | None = None) -> Complaint:
    """Explain the decision to the customer."""
    complaint = _locked(complaint)
    COMPLAINT.move(complaint, "answer", by)
    checks.require(answer=answer)
    at = checks.moment(at, not_before=complaint.decided_at)
    complaint.answer, complaint.answered_at = answer, at
    complaint.save()
    _record("complaint.answered", complaint, by, at, {})
    return complaint


@transaction.atomic
def close(complaint: Complaint, *, content_after: str, by: Any, at: datetime | None = None) -> Complaint:
    """Close after asking the customer; the person who decided does not close what he decided about others' work."""
    complaint = _locked(complaint)
    checks.one_of("content_after", content_after, ["yes", "no"])
    if complaint.owner_id == by.pk and complaint.decided_by_id == by.pk:
        raise Forbidden(_("A second person closes: you have handled and decided this complaint yourself."))
    COMPLAINT.move(complaint, "close", by)
    at = checks.moment(at, not_before=complaint.answered_at)
    complaint.content_after, complaint.closed_at = content_after, at
    complaint.save()
    _record("complaint.closed", complaint, by, at, {"content": content_after})
    return complaint


@transaction.atomic
def reopen(complaint: Complaint, *, why: str, by: Any, at: datetime | None = None) -> Complaint:
    """Take it up again when the customer does not accept the answer."""
    complaint = _locked(complaint)
    COMPLAINT.move(complaint, "reopen", by)
    checks.require(why=why)
    at = checks.moment(at, not_before=complaint.answered_at)
    complaint.closed_at = None
    complaint.save()
    _record("complaint.reopened", complaint, by, at, {}, why)
    return complaint


def _locked(complaint: Complaint) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",))
    related = ("customer__province", "equipment__model__product_line", "owner", "ticket", "about_person")
    return rows.select_related(*related).get(pk=complaint.pk)


def _record(kind: str, complaint: Complaint, by: Any, at: datetime, data: dict[str, Any], why: str = "") -> None:
    """The entry, the timers that follow it, and the next deadline."""
    about = [complaint.customer, complaint.equipment, complaint.ticket]
    history.record(kind, complaint, by=by, at=at, about=about, data=data, why=why)
    sla.follow(complaint, kind, at=at, facts=_facts(complaint), by=by)
    complaint.next_due_at = queries.next_due(complaint)
    complaint.save(update_fields=["next_due_at"])


def _facts(complaint: Complaint) -> Facts:
    province, machine = complaint.customer.province, complaint.equipment
    people = {"owner": complaint.owner_id or complaint.taken_by_id}
    return Facts(
        product_line=machine.model.product_line.code if machine else "",
        product_model=machine.model.code if machine else "",
        customer=complaint.customer.number,
        region=province.region.code if province.region else "",
        province=province.code,
        is_home=province.is_home,
        is_remote=complaint.customer.is_remote,
        people={role: key for role, key in people.items() if key},
        about=[f"customer:{complaint.customer_id}"],
        kind="complaint",
    )


def _tell_supervision(complaint: Complaint, at: datetime) -> None:
    context = {
        "number": complaint.number,
        "title": complaint.content[:60],
        "customer": str(complaint.customer),
        "url": reverse("complaints:complaint", args=[complaint.number]),
    }
    for person in User.objects.filter(is_active=True, roles__overlap=list(JUDGES)):
        if person.pk != complaint.about_person_id:
            notices.tell("complaint.opened", to=person, about=complaint, context=context, at=at)
