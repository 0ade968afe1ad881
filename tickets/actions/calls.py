"""Calls and messages: recording them, answering what was left open (TKT-01)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, numbers
from core.errors import Forbidden, NotAllowed, Refused
from customers.models import Channel, Customer, Equipment
from sla import actions as sla
from sla.facts import Facts
from tickets import permissions
from tickets.actions import gate
from tickets.models import Call, Ticket


@transaction.atomic
def record_call(
    *,
    by: Any,
    at: datetime | None = None,
    kind: str,
    said: str,
    channel: str = Channel.PHONE,
    direction: str = Call.Direction.IN,
    customer: Customer | None = None,
    equipment: Equipment | None = None,
    ticket: Ticket | None = None,
    caller_name: str = "",
    caller_unit: str = "",
    caller_phone: str = "",
    address: str = "",
    answered: str = "",
    answer_due_at: datetime | None = None,
    content: str = "",
) -> Call:
    """Record a call or message; what was not answered needs the agreed time of the answer (TKT-01)."""
    if not permissions.can_record_call(by):
        raise Forbidden(_("Your role does not record calls."))
    gate.require(said=said)
    gate.one_of("kind", kind, Call.Kind.values)
    gate.one_of("channel", channel, Channel.values)
    gate.one_of("direction", direction, Call.Direction.values)
    gate.one_of("content", content, Call.Content.values)
    at = gate.moment(at)
    if answer_due_at is not None and answer_due_at < at:
        raise Refused({"answer_due_at": _("The answer cannot be due before the call.")})
    equipment = equipment or (ticket.equipment if ticket else None)
    customer = customer or (ticket.customer if ticket else None) or (equipment.customer if equipment else None)
    call = Call.objects.create(
        number=numbers.daily("DH", at),
        kind=kind,
        direction=direction,
        channel=channel,
        customer=customer,
        equipment=equipment,
        ticket=ticket,
        caller_name=caller_name,
        caller_unit=caller_unit,
        caller_phone=caller_phone,
        address=address,
        said=said,
        answered=answered,
        answer_due_at=None if answered else answer_due_at,
        answered_at=at if answered else None,
        content=content,
        at=at,
        entered_at=timezone.now(),
        taken_by=by,
    )
    history.record(
        "call.recorded",
        call,
        by=by,
        at=at,
        about=[ticket, customer, equipment],
        data={"call": kind, "channel": channel},
    )
    if call.answer_due_at is not None:
        sla.follow(call, "call.recorded", at=at, facts=facts_of(call), by=by, agreed_at=call.answer_due_at)
    return call


@transaction.atomic
def answer_call(call: Call, *, by: Any, answered: str, at: datetime | None = None, content: str = "") -> Call:
    """Give the answer that was owed, and whether the customer was content with it (TKT-01)."""
    if not permissions.can_record_call(by):
        raise Forbidden(_("Your role does not record calls."))
    gate.require(answered=answered)
    gate.one_of("content", content, Call.Content.values)
    call = (
        Call.objects.select_for_update(of=("self",)).select_related("customer", "equipment", "ticket").get(pk=call.pk)
    )
    if call.answered_at is not None:
        raise NotAllowed(_("This call has been answered already."))
    at = gate.moment(at, not_before=call.at)
    call.answered, call.answered_at, call.content = answered, at, content or call.content
    call.save(update_fields=["answered", "answered_at", "content"])
    history.record(
        "call.answered",
        call,
        by=by,
        at=at,
        about=[call.ticket, call.customer, call.equipment],
        data={"content": call.content},
    )
    sla.follow(call, "call.answered", at=at, facts=facts_of(call), by=by)
    return call


@transaction.atomic
def link_call(call: Call, ticket: Ticket, *, by: Any, at: datetime | None = None) -> Call:
    """The call belongs to a ticket, and with it to its customer and machine (TKT-08)."""
    if not permissions.can_record_call(by):
        raise Forbidden(_("Your role does not record calls."))
    call = Call.objects.select_for_update().get(pk=call.pk)
    if call.ticket_id is not None:
        raise NotAllowed(_("The call %(number)s belongs to a ticket already.") % {"number": call.number})
    if call.customer_id not in (None, ticket.customer_id):
        raise Refused({"ticket": _("The call %(number)s is another customer's.") % {"number": call.number}})
    at = gate.moment(at, not_before=call.at)
    call.ticket, call.customer_id = ticket, ticket.customer_id
    call.equipment_id = call.equipment_id or ticket.equipment_id
    call.save(update_fields=["ticket", "customer", "equipment"])
    about = [ticket, ticket.customer, ticket.equipment]
    history.record("call.linked", call, by=by, at=at, about=about, data={"ticket": f"ticket:{ticket.pk}"})
    return call


def facts_of(call: Call) -> Facts:
    """What the promise of an answer is chosen by."""
    customer = call.customer
    return Facts(
        customer=customer.number if customer else "",
        province=customer.province_id if customer else "",
        is_remote=customer.is_remote if customer else False,
        people={"owner": call.taken_by_id} if call.taken_by_id else {},
        about=[f"call:{call.pk}", *([f"customer:{customer.pk}"] if customer else [])],
        kind="call",
    )
