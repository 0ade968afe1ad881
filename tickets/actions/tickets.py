"""Fault tickets: opening, grading, phone help, notes, waiting, path, charges; their ends are in `endings`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, numbers, search
from core.errors import Forbidden, Refused
from core.models import StoredFile
from customers.models import Channel, Customer, Equipment
from staff.organisation import region_for
from tickets import duplicates, grading, permissions, timers, verdicts
from tickets.actions import gate
from tickets.actions.endings import (
    cancel_ticket,
    close_ticket,
    confirm,
    merge_ticket,
    reopen_ticket,
    solve_by_phone,
)
from tickets.models import Call, FaultCase, FaultType, Ticket, TicketPhoto, TriedStep
from tickets.states import TICKET

__all__ = [
    "add_note",
    "add_photo",
    "agree_charges",
    "cancel_ticket",
    "choose_path",
    "close_ticket",
    "confirm",
    "grade_ticket",
    "merge_ticket",
    "open_ticket",
    "reopen_ticket",
    "resume",
    "solve_by_phone",
    "try_step",
    "wait",
]


@transaction.atomic
def open_ticket(
    *,
    by: Any,
    at: datetime | None = None,
    customer: Customer | None = None,
    equipment: Equipment | None = None,
    symptom: str,
    contact_name: str = "",
    contact_phone: str = "",
    backup_phone: str = "",
    address: str = "",
    present_state: str = "",
    wanted_service: str = "",
    grade: int | None = None,
    grade_answers: Mapping[str, str] | None = None,
    fault_type: FaultType | None = None,
    channel: str = Channel.PHONE,
    kind: str = Ticket.Kind.REPAIR,
    call: Call | None = None,
    repeat_of: Ticket | None = None,
    photos: Iterable[StoredFile] = (),
) -> Ticket:
    """Open a ticket; `at` is when the customer reported the fault (TKT-03, TKT-11).

    Verdict and promises are decided here; a repeat of the same fault within a year is linked (TKT-08).
    """
    if not permissions.can_open_ticket(by):
        raise Forbidden(_("Your role does not open tickets."))
    customer = _customer_of(customer, equipment)
    at = gate.moment(at, field="reported_at")
    who = _contact(customer, contact_name, contact_phone, backup_phone)
    gate.require(symptom=symptom, **who)
    gate.one_of("channel", channel, Channel.values)
    gate.one_of("kind", kind, Ticket.Kind.values)
    answers, grade = _graded(fault_type, grade_answers, grade)
    site = equipment.site if equipment else None
    place = site or customer
    verdict = verdicts.decide(equipment, fault_type, at)
    number = numbers.daily("WX", at)
    if kind == Ticket.Kind.REPAIR and repeat_of is None:
        repeat_of = duplicates.repeated(equipment, fault_type, symptom, at)
    ticket = Ticket.objects.create(
        number=number,
        kind=kind,
        grade=grade,
        customer=customer,
        equipment=equipment,
        fault_type=fault_type,
        region=region_for(place.province),
        province=place.province,
        is_remote=place.is_remote,
        **who,
        backup_phone=backup_phone,
        address=address or _address(customer, equipment),
        purchased_on=equipment.purchased_on if equipment else None,
        symptom=symptom.strip(),
        present_state=present_state,
        wanted_service=wanted_service,
        channel=channel,
        reported_at=at,
        entered_at=timezone.now(),
        taken_by=by,
        owner=by,
        grade_answers=answers,
        verdict=verdict.as_json(),
        verdict_code=verdict.code,
        repeat_of=repeat_of,
        search=search_pieces(number, symptom, who["contact_name"], who["contact_phone"], customer, equipment),
    )
    TicketPhoto.objects.bulk_create([TicketPhoto(ticket=ticket, file=file) for file in photos])
    if call is not None:
        Call.objects.filter(pk=call.pk, ticket__isnull=True).update(ticket=ticket)
    _tell_opened(ticket, call, by, at)
    timers.follow(ticket, "ticket.opened", at=at, by=by)
    return ticket


def search_pieces(
    number: str, symptom: str, contact_name: str, contact_phone: str, customer: Customer, equipment: Equipment | None
) -> list[str]:
    """What a ticket is found by: number, symptom, contact, phone, customer, machine."""
    machine = (equipment.serial, equipment.model.code) if equipment else ()
    return search.pieces(number, symptom, contact_phone, *machine, names=[customer.name, contact_name])


def _customer_of(customer: Customer | None, equipment: Equipment | None) -> Customer:
    if customer is None and equipment is None:
        raise Refused({"customer": _("Choose a customer or a machine.")})
    if customer is None:
        assert equipment is not None
        return equipment.customer
    if equipment is not None and equipment.customer_id != customer.pk:
        words = {"serial": equipment.serial, "customer": customer}
        raise Refused({"equipment": _("Machine %(serial)s does not belong to %(customer)s.") % words})
    return customer


def _contact(customer: Customer, name: str, phone: str, backup: str) -> dict[str, str]:
    """Name and phone as given, or those of the main contact."""
    if name.strip() and phone.strip():
        return {"contact_name": name.strip(), "contact_phone": phone.strip()}
    main = customer.contacts.all().first()
    return {
        "contact_name": name.strip() or (main.name if main else ""),
        "contact_phone": phone.strip() or (main.phone if main else "") or backup.strip(),
    }


def _address(customer: Customer, equipment: Equipment | None) -> str:
    site = equipment.site if equipment else None
    if site is not None and site.address:
        return f"{site.province.name_zh}{site.city}{site.address}"[:200]
    return customer.full_address[:200]


def _graded(
    fault_type: FaultType | None, answers: Mapping[str, str] | None, grade: int | None
) -> tuple[dict[str, str], int | None]:
    """Checked answers, and the grade as given, else as the answers propose it (TKT-04)."""
    if grade is not None:
        _check_grade(grade)
    if not answers:
        return {}, grade
    asked = grading.questions(fault_type)
    known = grading.check_answers(asked, answers)
    return known, grade if grade is not None else grading.propose(asked, known).grade


def _check_grade(grade: int) -> None:
    if grade not in (1, 2, 3, 4):
        raise Refused({"grade": _("The grade is 1, 2, 3 or 4.")})


def _tell_opened(ticket: Ticket, call: Call | None, by: Any, at: datetime) -> None:
    about = [*timers.references(ticket), call]
    data = {"grade": ticket.grade, "verdict": ticket.verdict_code, "channel": ticket.channel}
    history.record("ticket.opened", ticket, by=by, at=at, about=about, data=data)
    earlier = ticket.repeat_of
    if earlier is not None:
        last = earlier.orders.filter(state="done").order_by("-reported_at").first()
        engineer = last.engineer if last else None
        history.record(
            "ticket.repeated",
            ticket,
            by=None,
            at=at,
            about=[*timers.references(ticket), earlier, engineer],
            data={"previous": f"ticket:{earlier.pk}"},
        )


@transaction.atomic
def grade_ticket(
    ticket: Ticket,
    grade: int,
    *,
    by: Any,
    at: datetime | None = None,
    why: str = "",
    answers: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Ticket:
    """Set or change the grade; a change needs a reason, and time already used stays used (TKT-04, SLA-04)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.check(ticket, "grade", by)
    _check_grade(grade)
    at = gate.moment(at, not_before=ticket.reported_at)
    before = ticket.grade
    if before is not None and before != grade:
        gate.require(why=why)
    if answers:
        ticket.grade_answers = grading.check_answers(grading.questions(ticket.fault_type), answers)
    ticket.grade = grade
    gate.keep(ticket, "grade", "grade_answers")
    history.record(
        "ticket.graded",
        ticket,
        by=by,
        at=at,
        about=timers.references(ticket),
        why=why,
        data={"before": str(before or ""), "grade": str(grade)},
    )
    timers.follow(ticket, "ticket.graded", at=at, by=by)
    timers.refit(ticket, at=at, by=by, why=why)
    return ticket


@transaction.atomic
def try_step(
    ticket: Ticket,
    text: str,
    *,
    by: Any,
    at: datetime | None = None,
    helped: bool = False,
    case: FaultCase | None = None,
) -> TriedStep:
    """Record a step that was tried by phone, and count it for its fault case (TKT-05)."""
    if not permissions.can_add_to_ticket(by):
        raise Forbidden(_("Your role does not add to tickets."))
    gate.require(text=text)
    ticket = gate.lock_ticket(ticket)
    at = gate.moment(at, not_before=ticket.reported_at)
    step = TriedStep.objects.create(ticket=ticket, text=text[:300], helped=helped, case=case, at=at, by=by)
    if case is not None:
        FaultCase.objects.filter(pk=case.pk).update(times_tried=F("times_tried") + 1)
    result = "helped" if helped else "not_helped"
    history.record(
        "ticket.step_tried",
        ticket,
        by=by,
        at=at,
        about=timers.references(ticket),
        data={"step": text, "result": result},
    )
    return step


@transaction.atomic
def add_note(ticket: Ticket, text: str, *, by: Any, at: datetime | None = None) -> Ticket:
    """Write something into the story of a ticket, in any state."""
    if not permissions.can_add_to_ticket(by):
        raise Forbidden(_("Your role does not add to tickets."))
    gate.require(text=text)
    at = gate.moment(at, not_before=ticket.reported_at)
    history.record("ticket.noted", ticket, by=by, at=at, about=timers.references(ticket), data={"text": text})
    return ticket


@transaction.atomic
def add_photo(
    ticket: Ticket, file: StoredFile, *, by: Any, at: datetime | None = None, caption: str = ""
) -> TicketPhoto:
    """Add a picture that came with the report (TKT-03)."""
    if not permissions.can_add_to_ticket(by):
        raise Forbidden(_("Your role does not add to tickets."))
    at = gate.moment(at, not_before=ticket.reported_at)
    photo = TicketPhoto.objects.create(ticket=ticket, file=file, caption=caption[:80])
    history.record("ticket.photo_added", ticket, by=by, at=at, about=timers.references(ticket), data={"file": file.pk})
    return photo


@transaction.atomic
def wait(
    ticket: Ticket,
    for_: str,
    *,
    why: str,
    by: Any,
    at: datetime | None = None,
    evidence: str = "",
    version: int | None = None,
) -> Ticket:
    """Stop the clock: waiting for the customer, parts, weather or a closed site, with the reason and what shows
    it (SLA-04)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.move(ticket, "wait", by)
    gate.one_of("for", for_, [code for code in Ticket.Wait.values if code])
    gate.require(why=why)
    at = gate.moment(at, not_before=ticket.reported_at)
    ticket.waiting_for = for_
    gate.keep(ticket, "state", "waiting_for")
    data = {"waiting_for": for_, **({"evidence": evidence} if evidence else {})}
    history.record("ticket.waiting", ticket, by=by, at=at, about=timers.references(ticket), why=why, data=data)
    timers.pause(ticket, at=at, reason=for_, why=why, by=by, evidence=evidence)
    return ticket


@transaction.atomic
def resume(ticket: Ticket, *, by: Any, at: datetime | None = None, why: str = "", version: int | None = None) -> Ticket:
    """Go on after waiting; with an open order the ticket is dispatched again (SLA-04)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.move(ticket, "resume", by)
    at = gate.moment(at, not_before=ticket.reported_at)
    ticket.waiting_for = ""
    if ticket.orders.open().exists():
        ticket.state = "dispatched"
    gate.keep(ticket, "state", "waiting_for")
    history.record("ticket.resumed", ticket, by=by, at=at, about=timers.references(ticket), why=why)
    timers.resume(ticket, at=at, by=by)
    return ticket


@transaction.atomic
def choose_path(
    ticket: Ticket, path: str, *, by: Any, at: datetime | None = None, why: str = "", version: int | None = None
) -> Ticket:
    """By phone, remotely, on site, return to factory, exchange; a change needs a reason (TKT-06)."""
    ticket = gate.lock_ticket(ticket, version)
    TICKET.check(ticket, "choose_path", by)
    gate.one_of("path", path, [code for code in Ticket.Path.values if code])
    if ticket.path and ticket.path != path:
        gate.require(why=why)
    at = gate.moment(at, not_before=ticket.reported_at)
    ticket.path = path
    gate.keep(ticket, "path")
    history.record(
        "ticket.path_chosen", ticket, by=by, at=at, about=timers.references(ticket), why=why, data={"path": path}
    )
    return ticket


@transaction.atomic
def agree_charges(ticket: Ticket, *, by: Any, at: datetime | None = None, how: str) -> Ticket:
    """The customer agreed to pay; from then on the promise to arrive runs where the visit is charged (SLA-02)."""
    if not permissions.can_agree_charges(by):
        raise Forbidden(_("Your role does not settle charges."))
    gate.require(how=how)
    ticket = gate.lock_ticket(ticket)
    gate.still_open(ticket)
    at = gate.moment(at, not_before=ticket.reported_at)
    ticket.charges_agreed_at = at
    gate.keep(ticket, "charges_agreed_at")
    history.record("ticket.charges_agreed", ticket, by=by, at=at, about=timers.references(ticket), data={"how": how})
    timers.follow(ticket, "ticket.charges_agreed", at=at, by=by)
    return ticket
