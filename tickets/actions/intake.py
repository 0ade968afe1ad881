"""Taking a call at the desk: the call, and the ticket or the new customer that comes with it, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from customers import actions as customers
from customers.models import Channel, Customer, Equipment
from staff.models import Province
from tickets.actions import calls, tickets
from tickets.models import Call, FaultType, Ticket


@dataclass(frozen=True)
class Taken:
    """What a call led to."""

    call: Call
    ticket: Ticket | None


@transaction.atomic
def take_call(
    *,
    by: Any,
    at: datetime | None = None,
    kind: str,
    said: str,
    customer: Customer | None = None,
    equipment: Equipment | None = None,
    new_customer: str = "",
    new_province: Province | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    backup_phone: str = "",
    address: str = "",
    channel: str = Channel.PHONE,
    answered: str = "",
    answer_due_at: datetime | None = None,
    present_state: str = "",
    wanted_service: str = "",
    fault_type: FaultType | None = None,
    grade: int | None = None,
    grade_why: str = "",
    grade_answers: Mapping[str, str] | None = None,
    into: Ticket | None = None,
    only_record: bool = False,
) -> Taken:
    """Record a call and do what it asks for: all of it or nothing.

    A repair request opens a ticket unless `only_record`; `into` adds the call to an open ticket instead. A
    grade that differs from the answers needs `grade_why`. Raises Refused by field.
    """
    if customer is None and equipment is None and new_customer.strip():
        customer = _new_customer(new_customer, new_province, contact_name, contact_phone, backup_phone, by, at)
    opens = kind == Call.Kind.REPAIR and into is None and not only_record
    call = calls.record_call(
        by=by,
        at=at,
        kind=kind,
        said=said,
        channel=channel,
        customer=customer,
        equipment=equipment,
        ticket=into,
        caller_name=contact_name,
        caller_phone=contact_phone,
        address=address,
        answered=answered,
        answer_due_at=answer_due_at,
    )
    if not opens:
        return Taken(call, into)
    ticket = tickets.open_ticket(
        by=by,
        at=at,
        customer=customer,
        equipment=equipment,
        symptom=said,
        contact_name=contact_name,
        contact_phone=contact_phone,
        backup_phone=backup_phone,
        address=address,
        present_state=present_state,
        wanted_service=wanted_service,
        grade_answers=grade_answers,
        grade=None if grade_answers else grade,
        fault_type=fault_type,
        channel=channel,
        call=call,
    )
    if grade is not None and grade != ticket.grade:
        ticket = tickets.grade_ticket(ticket, grade, by=by, at=at, why=grade_why)
    return Taken(call, ticket)


def _new_customer(
    name: str, province: Province | None, contact: str, phone: str, backup: str, by: Any, at: datetime | None
) -> Customer:
    if province is None:
        raise Refused({"new_province": _("Which province is the customer in?")})
    person = {"name": contact or name, "phone": phone, "backup_phone": backup}
    return customers.add_customer(by=by, at=at, name=name.strip(), province=province, contacts=[person])
