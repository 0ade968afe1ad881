"""One ticket of the load with its call, orders, visits and follow-up as unsaved rows, worked out from its life."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from aftersales.demo import market
from aftersales.demo.faults import Fault
from aftersales.demo.stories import HOUR, MINUTE
from aftersales.load import words
from aftersales.load.lives import Event
from aftersales.load.market import Machine
from core.models import StoredFile
from followups import scheduling
from followups.models import Answer, Attempt, FollowUp, Questionnaire, Rule
from staff.models import Engineer, User
from tickets.actions.tickets import search_pieces
from tickets.documents import digest, parts, report_number
from tickets.models import (
    Call,
    DispatchOrder,
    FaultType,
    PartUse,
    ServiceReport,
    Ticket,
    TriedStep,
    Visit,
)
from warranty import decision

ZONE = ZoneInfo(settings.TIME_ZONE)
STATES = {
    "order.issued": "dispatched",
    "order.refused": "open",
    "order.departed": "dispatched",
    "order.arrived": "working",
    "ticket.waiting": "waiting",
    "ticket.resumed": "open",
    "ticket.solved": "solved",
    "ticket.solved_by_phone": "solved",
    "ticket.closed": "closed",
    "ticket.cancelled": "cancelled",
    "ticket.merged": "merged",
}
ORDER_STATES = {"issued", "accepted", "contacted", "departed", "arrived", "refused"}
ANSWERED = "已登记，按承诺安排工程师联系。"


@dataclass
class Case:
    """Everything about one ticket; primary keys and numbers are given before it is filled."""

    machine: Machine
    fault: Fault
    ticket: Ticket
    call: Call
    events: list[Event]
    orders: list[DispatchOrder] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    part_uses: list[PartUse] = field(default_factory=list)
    reports: list[ServiceReport] = field(default_factory=list)
    steps: list[TriedStep] = field(default_factory=list)
    followup: FollowUp | None = None
    attempts: list[Attempt] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def ticket_of(
    machine: Machine,
    said: words.Said,
    fault_type: FaultType | None,
    region: Any,
    at: datetime,
    by: User,
    random: Random,
) -> Ticket:
    """The ticket as it is opened, without number and search pieces."""
    customer, record = machine.customer, machine.record
    contact = random.choice(machine.contacts)
    verdict = decision.decide(
        machine.facts, machine.terms, at.astimezone(ZONE).date(), fault_type.component if fault_type else ""
    )
    return Ticket(
        grade=random.choices([1, 2, 3, 4], [4, 22, 54, 20])[0],
        customer=customer,
        equipment=record,
        fault_type=fault_type,
        region=region,
        province=customer.province,
        is_remote=customer.is_remote,
        contact_name=contact.name,
        contact_phone=contact.phone,
        backup_phone=contact.backup_phone,
        address=customer.full_address[:200],
        purchased_on=record.purchased_on,
        symptom=said.symptom,
        present_state=random.choice(["停机", "勉强施工", "可以施工"]),
        wanted_service=random.choice(["今天上门", "尽快上门", "先电话指导"]),
        channel=random.choices(["phone", "wechat", "web"], [17, 2, 1])[0],
        reported_at=at,
        entered_at=at,
        taken_by=by,
        owner=by,
        verdict=verdict.as_json(),
        verdict_code=verdict.code,
    )


def call_of(ticket: Ticket) -> Call:
    """The call that the ticket began with."""
    return Call(
        kind="repair",
        channel=ticket.channel,
        customer=ticket.customer,
        equipment=ticket.equipment,
        caller_name=ticket.contact_name,
        caller_phone=ticket.contact_phone,
        said=ticket.symptom,
        answered=ANSWERED,
        answered_at=ticket.reported_at,
        at=ticket.reported_at,
        entered_at=ticket.reported_at,
        taken_by=ticket.taken_by,
    )


def index(ticket: Ticket) -> None:
    """Fill the search pieces; the number must be known."""
    ticket.search = search_pieces(
        ticket.number,
        ticket.symptom,
        ticket.contact_name,
        ticket.contact_phone,
        ticket.customer,
        ticket.equipment,
    )


def unfold(case: Case, signature: StoredFile, random: Random) -> None:
    """Let the events happen to the ticket, its orders and visits."""
    for event in case.events:
        if event.order is not None and event.order < len(case.orders):
            _happen_to_order(case, case.orders[event.order], event, random)
        _happen_to_ticket(case, event)
    for visit in case.visits:
        if visit.reported_at is not None:
            case.reports.append(_report(case, visit, signature))


def go_on(case: Case, events: list[Event]) -> None:
    """Further events happen to the ticket."""
    case.events += events
    for event in events:
        _happen_to_ticket(case, event)


def _happen_to_ticket(case: Case, event: Event) -> None:
    ticket = case.ticket
    ticket.state = STATES.get(event.kind, ticket.state)
    ticket.version += event.kind in STATES
    if event.kind == "ticket.waiting":
        ticket.waiting_for = event.data["waiting_for"]
    elif event.kind in STATES:
        ticket.waiting_for = ""
    if event.kind == "order.issued":
        ticket.path = "onsite"
    elif event.kind == "ticket.charges_agreed":
        ticket.charges_agreed_at = event.at
    elif event.kind == "ticket.solved":
        ticket.solved_at = event.at
        ticket.confirmed_at = event.at if event.data["confirmed"] else None
    elif event.kind == "ticket.solved_by_phone":
        ticket.solved_at, ticket.path = event.at, "phone"
        case.steps = [
            TriedStep(ticket=ticket, text=text, helped=True, at=event.at, by=ticket.owner)
            for text in words.steps_of(case.fault)
        ]
        event.data["steps"] = "\n".join(step.text for step in case.steps)
    elif event.kind == "ticket.closed":
        ticket.closed_at = event.at


def _happen_to_order(case: Case, order: DispatchOrder, event: Event, random: Random) -> None:
    verb = event.kind.removeprefix("order.")
    visit = case.visits[-1] if case.visits else None
    if verb in ORDER_STATES:
        order.state = verb
    if verb in ("accepted", "contacted", "departed", "arrived", "reported"):
        setattr(order, f"{verb}_at", event.at)
    if verb == "refused":
        order.ended_why = event.why
    elif verb == "departed":
        order.arrived_at = order.left_at = None
        case.visits.append(Visit(order=order, sequence=event.data["visit"], departed_at=event.at))
    elif visit is not None and verb == "arrived":
        visit.arrived_at = event.at
        visit.running_hours = market.hours_on(case.machine.record, event.at.date())
    elif visit is not None and verb in ("left", "left_unsolved"):
        order.left_at = visit.left_at = event.at
        visit.left_unsolved = visit.customer_agreed = verb == "left_unsolved"
        order.state = order.state if visit.reported_at else "left"
    elif visit is not None and verb == "reported":
        _reported(case, order, visit, event, random)


def _reported(case: Case, order: DispatchOrder, visit: Visit, event: Event, random: Random) -> None:
    fault, fixed = case.fault, event.data["outcome"] == "fixed"
    free = case.ticket.verdict_code == "free"
    order.state = "done" if fixed else "waiting"
    visit.outcome, visit.sure = event.data["outcome"], event.data["sure"]
    visit.reported_at = visit.report_entered_at = event.at
    visit.diagnosis, visit.cause = fault.diagnosis, fault.cause
    visit.work_done = fault.work if fixed else "临时处理，等配件到后再来。"
    visit.hazards = random.choice(["", "", "", "燃气软管老化，已告知更换。"])
    visit.hours = Decimal(str(fault.hours))
    if fixed:
        case.part_uses += [
            PartUse(visit=visit, name=name, model=model, quantity=quantity, unit_price=0 if free else price)
            for name, model, quantity, price in fault.parts
        ]
        visit.parts_charge = Decimal(0 if free else sum(row[2] * row[3] for row in fault.parts))
        visit.labour_charge = Decimal(0 if free else round(fault.hours * 80))
        visit.travel_charge = Decimal(200 if case.ticket.verdict_code == "charged" else 0)
    event.data.update(work_done=visit.work_done, version=1)


def _report(case: Case, visit: Visit, signature: StoredFile) -> ServiceReport:
    """The signed report with everything it prints; the keys are those of `tickets.documents.report_content`."""
    ticket, order, at = case.ticket, visit.order, visit.reported_at or case.ticket.reported_at
    contact = next(one for one in case.machine.contacts if one.name == ticket.contact_name)
    times = {
        name: parts.plain(moment)
        for name, moment in (
            ("reported_at", ticket.reported_at),
            ("issued_at", order.issued_at),
            ("contacted_at", order.contacted_at),
            ("departed_at", visit.departed_at),
            ("arrived_at", visit.arrived_at),
            ("left_at", visit.left_at),
        )
    }
    content = {
        "number": report_number(visit),
        "order": order.number,
        "ticket": ticket.number,
        "customer": ticket.customer.name,
        "customer_number": ticket.customer.number,
        "contact_name": ticket.contact_name,
        "contact_position": contact.position,
        "contact_phone": ticket.contact_phone,
        "backup_phone": ticket.backup_phone,
        "address": ticket.address,
        **parts.machine_part(ticket),
        "fault_type": parts.both(ticket.fault_type),
        "grade": ticket.grade,
        "symptom": ticket.symptom,
        "verdict": ticket.verdict,
        "engineer": parts.engineer_part(order.engineer),
        "times": times,
        "running_hours": parts.plain(visit.running_hours),
        "outcome": visit.outcome,
        "sure": visit.sure,
        "diagnosis": visit.diagnosis,
        "cause": visit.cause,
        "cause_note": "",
        "work_done": visit.work_done,
        "hazards": visit.hazards,
        "hours": parts.plain(visit.hours),
        "parts": [_part(row) for row in case.part_uses if row.visit is visit],
        "charges": {
            name: parts.plain(getattr(visit, name)) for name in ("labour_charge", "parts_charge", "travel_charge")
        },
        "left_unsolved": None,
        "photos": [],
        "signature": {"sha256": signature.sha256, "name": ticket.contact_name, "at": parts.plain(at)},
        "reported_at": parts.plain(at),
        "corrected_why": "",
    }
    return ServiceReport(
        visit=visit,
        version=1,
        content=content,
        content_sha256=digest(content),
        signature=signature,
        signed_by_name=ticket.contact_name,
        signed_at=at,
        engineer_signed_at=at,
        by=order.engineer.user,
        created_at=at,
    )


def _part(row: PartUse) -> dict[str, Any]:
    return {
        "name": row.name,
        "model": row.model,
        "quantity": str(row.quantity),
        "unit_price": str(row.unit_price),
        "serial_in": "",
        "serial_out": "",
    }


def order_of(case: Case, engineer: Engineer, event: Event) -> DispatchOrder:
    """The order as it is issued, without number."""
    start = event.data.pop("appointment", None)
    event.data["engineer"] = f"engineer:{engineer.pk}"
    return DispatchOrder(
        ticket=case.ticket,
        engineer=engineer,
        issued_by=case.ticket.owner,
        issued_at=event.at,
        appointment_from=start,
        appointment_to=start + 3 * HOUR if start else None,
        expected_return_at=start + 9 * HOUR if start else None,
        travel="car" if start else "",
    )


def call_back(
    case: Case, rules: dict[str, Rule], form: Questionnaire, people: list[User], now: datetime, random: Random
) -> list[Event]:
    """The follow-up of a solved ticket and what came of it; returns the events that this adds."""
    ticket = case.ticket
    solved = next((e for e in case.events if e.kind in ("ticket.solved", "ticket.solved_by_phone")), None)
    if solved is None or ticket.solved_at is None:
        return []
    code = "phone-solution" if solved.kind == "ticket.solved_by_phone" else "repair-done"
    rule = rules.get("unsure-repair" if solved.data.get("sure") is False else code)
    if rule is None:
        return []
    due = scheduling.due(ticket.solved_at, rule.delay, ZONE)
    case.followup = FollowUp(
        rule=rule,
        rule_code=rule.code,
        slot=f"load:{ticket.number}",
        questionnaire=form,
        customer=ticket.customer,
        equipment=ticket.equipment,
        ticket=ticket,
        region=ticket.region,
        contact_name=ticket.contact_name,
        contact_phone=ticket.contact_phone,
        due_at=due,
        next_at=due,
        created_at=ticket.solved_at,
    )
    events = [Event(ticket.solved_at, "followup.made", "", data={"rule": rule.code})]
    return events + _called(case, case.followup, random.choice(people), now, random)


def _called(case: Case, followup: FollowUp, by: User, now: datetime, random: Random) -> list[Event]:
    events, at = [], followup.due_at + random.randint(2, 90) * MINUTE
    if random.random() < 0.1 and at < now:
        case.attempts.append(Attempt(followup=followup, outcome="no_answer", at=at, by=by, next_at=at + 2 * HOUR))
        events.append(Event(at, "followup.tried", data={"outcome": "no_answer", "attempt": 1}))
        followup.state, followup.next_at, followup.attempts_count = "tried", at + 2 * HOUR, 1
        at += 2 * HOUR + random.randint(1, 30) * MINUTE
    if at >= now:
        return events
    case.attempts.append(Attempt(followup=followup, outcome="reached", at=at, by=by))
    ratings = _answer(case, followup, random)
    followup.state, followup.reached_at, followup.done_at, followup.called_by = "done", at, at, by
    followup.attempts_count += 1
    followup.overall, followup.lowest = ratings.get("overall"), min(ratings.values(), default=None)
    events.append(Event(at, "followup.answered", data={"lowest": followup.lowest or "—"}))
    events.append(Event(at, "ticket.closed", ""))
    return events


def _answer(case: Case, followup: FollowUp, random: Random) -> dict[str, int]:
    """Mostly content; one in thirty is not quite. Returns the ratings."""
    low = random.random() < 0.03
    ratings = {}
    for question in followup.questionnaire.questions:
        code = str(question["code"])
        if question["kind"] == "rating":
            ratings[code] = 3 if low else random.choice([5, 5, 5, 4])
            case.answers.append(Answer(followup=followup, question=code, rating=ratings[code]))
        elif question["kind"] == "yesno":
            case.answers.append(Answer(followup=followup, question=code, yes=True))
    return ratings
