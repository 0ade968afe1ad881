"""What may be done with complaints: open, acknowledge, describe, decide, explain, close, reopen (CMP-01, CMP-07)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import deadlines, permissions, telling
from complaints.models import Complaint
from complaints.states import COMPLAINT, HANDLERS
from core import checks, history, numbers
from core.errors import Forbidden, NotAllowed, Refused
from customers.models import Channel, Customer, Equipment
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
    if by is not None and not permissions.can_take(by):
        raise Forbidden(_("Your role does not take complaints."))
    checks.require(content=content)
    checks.one_of("channel", channel, Channel.values)
    checks.one_of("about", about, Complaint.Subject.values)
    at = checks.moment(at)
    _check_answer_time(answer_due_at, at)
    if call is not None:
        _check_call(call)
    origins = [origin for origin in (ticket, call) if origin is not None]
    equipment = equipment or next((origin.equipment for origin in origins if origin.equipment), None)
    customer = customer or next((o.customer for o in (*origins, equipment) if o and o.customer), None)
    if customer is None:
        raise Refused({"customer": _("Say which customer complains.")})
    _check_same_customer(customer, equipment=equipment, ticket=ticket, call=call)
    complaint = Complaint.objects.create(
        number=numbers.daily("TS", at),
        customer=customer,
        equipment=equipment,
        ticket=ticket or (call.ticket if call else None),
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
    deadlines.agree(complaint, at=at, by=by)
    telling.tell_judges(complaint, at=at)
    return complaint


@transaction.atomic
def open_from_call(call: Call) -> Complaint | None:
    """A call of kind complaint opens a complaint, once; None where there is none to open.

    A call whose caller is not known waits until it is linked to his ticket. What was answered on the phone counts
    as the answer at once.
    """
    related = ("customer", "equipment", "ticket", "taken_by")
    call = Call.objects.select_for_update(of=("self",)).select_related(*related).get(pk=call.pk)
    is_complaint = call.kind == Call.Kind.COMPLAINT and call.direction == Call.Direction.IN
    if not is_complaint or call.customer is None or call.complaints.exists():
        return None
    complaint = open_complaint(
        content=call.said, by=None, at=call.at, call=call, channel=call.channel, answer_due_at=call.answer_due_at
    )
    complaint.taken_by = call.taken_by
    if call.answered_at is not None:
        complaint.state, complaint.acknowledged_at = "acknowledged", call.answered_at
        deadlines.follow(complaint, "complaint.acknowledged", at=call.answered_at, by=None)
    complaint.save()
    return complaint


@transaction.atomic
def acknowledge(
    complaint: Complaint, *, by: Any, at: datetime | None = None, answer_due_at: datetime | None = None
) -> Complaint:
    """Tell the customer that it is being looked at, and until when he gets an answer."""
    complaint = _locked(complaint, by)
    COMPLAINT.move(complaint, "acknowledge", by)
    at = checks.moment(at, not_before=complaint.received_at)
    _check_answer_time(answer_due_at, at)
    complaint.acknowledged_at = at
    complaint.owner = complaint.owner or by
    complaint.answer_due_at = answer_due_at or complaint.answer_due_at
    complaint.save()
    _record("complaint.acknowledged", complaint, by, at, {})
    if answer_due_at is not None:
        deadlines.agree(complaint, at=at, by=by)
    return complaint


@transaction.atomic
def describe(
    complaint: Complaint,
    *,
    about: str,
    by: Any,
    about_person: User | None = None,
    remedy: str = "",
    at: datetime | None = None,
) -> Complaint:
    """Say what and whom the complaint is about, and what the customer asks for, once that is known."""
    complaint = _locked(complaint, by)
    COMPLAINT.check(complaint, "describe", by)
    checks.one_of("about", about, Complaint.Subject.values)
    complaint.about, complaint.about_person, complaint.remedy = about, about_person, remedy
    if about_person is not None and complaint.owner_id == about_person.pk:
        complaint.owner = None
    complaint.save(update_fields=["about", "about_person", "remedy", "owner"])
    _record("complaint.described", complaint, by, checks.moment(at), {"about_code": about})
    return complaint


@transaction.atomic
def assign(complaint: Complaint, *, owner: User, by: Any, at: datetime | None = None) -> Complaint:
    """Give a complaint to somebody; never to the person it is about."""
    complaint = _locked(complaint, by)
    COMPLAINT.check(complaint, "assign", by)
    if owner.pk == complaint.about_person_id:
        raise Refused({"owner": _("Nobody handles a complaint about himself.")})
    if not owner.has_role(*HANDLERS):
        raise Refused({"owner": _("This person does not handle complaints.")})
    at = checks.moment(at)
    complaint.owner = owner
    complaint.save(update_fields=["owner"])
    _record("complaint.assigned", complaint, by, at, {"owner": f"user:{owner.pk}"})
    deadlines.hand_over(complaint, at=at, by=by)
    telling.tell_owner(complaint, by=by, at=at)
    return complaint


@transaction.atomic
def decide(complaint: Complaint, *, is_valid: bool, findings: str, by: Any, at: datetime | None = None) -> Complaint:
    """Decide whether a complaint is valid, with what was found."""
    complaint = _locked(complaint, by)
    COMPLAINT.move(complaint, "decide", by)
    checks.require(findings=findings)
    at = checks.moment(at, not_before=complaint.received_at)
    complaint.is_valid, complaint.findings = is_valid, findings
    complaint.decided_at, complaint.decided_by = at, by
    complaint.acknowledged_at = complaint.acknowledged_at or at
    complaint.save()
    decision = "valid" if is_valid else "not_valid"
    _record("complaint.decided", complaint, by, at, {"decision": decision}, findings)
    return complaint


@transaction.atomic
def answer(complaint: Complaint, *, answer: str, by: Any, at: datetime | None = None) -> Complaint:
    """Explain the decision to the customer."""
    complaint = _locked(complaint, by)
    COMPLAINT.move(complaint, "answer", by)
    checks.require(answer=answer)
    at = checks.moment(at, not_before=complaint.decided_at)
    complaint.answer, complaint.answered_at = answer, at
    complaint.save()
    _record("complaint.answered", complaint, by, at, {}, answer)
    return complaint


@transaction.atomic
def close(complaint: Complaint, *, content_after: str, by: Any, at: datetime | None = None) -> Complaint:
    """Close after asking the customer; a second person does it, not the one who decided (CMP-07)."""
    complaint = _locked(complaint, by)
    COMPLAINT.check(complaint, "close", by)
    if permissions.has_decided(by, complaint):
        raise Forbidden(_("A second person closes: you have decided this complaint yourself."))
    checks.one_of("content_after", content_after, ["yes", "no"])
    at = checks.moment(at, not_before=complaint.answered_at)
    COMPLAINT.move(complaint, "close", by)
    complaint.content_after, complaint.closed_at = content_after, at
    complaint.save()
    _record("complaint.closed", complaint, by, at, {"content": content_after})
    return complaint


@transaction.atomic
def reopen(complaint: Complaint, *, why: str, by: Any, at: datetime | None = None) -> Complaint:
    """Take it up again when the customer does not accept the answer; it is decided once more."""
    complaint = _locked(complaint, by)
    COMPLAINT.move(complaint, "reopen", by)
    checks.require(why=why)
    at = checks.moment(at, not_before=complaint.answered_at)
    complaint.closed_at, complaint.content_after = None, ""
    complaint.save()
    _record("complaint.reopened", complaint, by, at, {}, why)
    return complaint


def _check_answer_time(answer_due_at: datetime | None, at: datetime) -> None:
    if answer_due_at is not None and answer_due_at < at:
        raise Refused({"answer_due_at": _("The answer cannot be due before the complaint.")})


def _check_call(call: Call) -> None:
    """A call becomes one complaint, whoever is first: the person at the desk or the reader of the history."""
    Call.objects.select_for_update().get(pk=call.pk)
    known = call.complaints.first()
    if known is not None:
        raise NotAllowed(_("The call %(number)s has become a complaint already.") % {"number": call.number})


def _check_same_customer(customer: Customer, **origins: Any) -> None:
    """Refused when machine, ticket or call are another customer's."""
    for name, origin in origins.items():
        if origin is not None and origin.customer_id not in (None, customer.pk):
            raise Refused({name: _("%(record)s is another customer's.") % {"record": origin}})


def _locked(complaint: Complaint, by: Any) -> Complaint:
    """The complaint as it stands, locked; Forbidden for the person it is about."""
    rows = Complaint.objects.select_for_update(of=("self",))
    related = ("customer__province__region", "equipment__model__product_line", "owner", "ticket", "about_person")
    found: Complaint = rows.select_related(*related).get(pk=complaint.pk)
    if permissions.concerns(by, found):
        raise Forbidden(_("Nobody handles a complaint about himself."))
    return found


def _record(kind: str, complaint: Complaint, by: Any, at: datetime, data: dict[str, Any], why: str = "") -> None:
    """The entry, and the timers that follow it."""
    about = [complaint.customer, complaint.equipment, complaint.ticket]
    history.record(kind, complaint, by=by, at=at, about=about, data=data, why=why)
    deadlines.follow(complaint, kind, at=at, by=by)
