"""A year of service, ticket by ticket, through the same actions that people use."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from aftersales.demo import market, pen
from aftersales.demo.faults import BY_LINE, Fault
from core import readers, uploads
from core.models import StoredFile
from customers.models import Equipment
from followups import actions as followups
from followups.models import FollowUp
from staff.models import Engineer, Qualification, User
from tickets import candidates
from tickets.actions import calls, endings, orders, reports, tickets, visits
from tickets.models import DispatchOrder, FaultType, Ticket

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SEASON = {1: 1, 2: 1, 3: 3, 4: 4, 5: 5, 6: 5, 7: 5, 8: 5, 9: 6, 10: 6, 11: 4, 12: 2}
"""Road markings are painted in the warm months: weight of a month."""


@dataclass
class Stage:
    """What a story needs: the people, the machines, the dice, and the moment nobody may pass."""

    people: dict[str, User]
    machines: list[Equipment]
    random: Random
    now: datetime

    def __post_init__(self) -> None:
        self.types = {fault.code: fault for fault in FaultType.objects.all()}
        self.trained: dict[tuple[int, int], list[Engineer]] = defaultdict(list)
        for paper in Qualification.objects.select_related("engineer__user").order_by("id"):
            self.trained[paper.engineer.region_id, paper.product_line_id].append(paper.engineer)
        self._signatures: dict[str, StoredFile] = {}

    @property
    def desk(self) -> User:
        """One of the two dispatchers."""
        return self.people[self.random.choice(["dispatcher", "dispatcher", "dispatcher-2"])]

    def signature(self, name: str) -> StoredFile:
        """The signature of a customer's person, drawn once."""
        if name not in self._signatures:
            self._signatures[name] = uploads.store_drawing(pen.signature(name), by=None)
        return self._signatures[name]

    def somebody(self, ticket: Ticket) -> Engineer | None:
        """An engineer of the region who is trained for the machine."""
        assert ticket.equipment is not None
        trained = self.trained[ticket.region_id, ticket.equipment.model.product_line_id]
        return self.random.choice(trained) if trained else None

    def fault_of(self, machine: Equipment) -> Fault:
        """A fault that this kind of machine has."""
        return self.random.choice(BY_LINE[machine.model.product_line.code])


def moments(today: date, random: Random, count: int) -> Iterator[datetime]:
    """Times of reports over the last year, oldest first, busier in the season and by day.

    The newest are old enough for the latest of visits to be over.
    """
    days = [today - timedelta(days=n) for n in range(370, 4, -1)]
    weights = [SEASON[day.month] * (1 if day.weekday() < 6 else 0.4) for day in days]
    chosen = sorted(random.choices(days, weights, k=count))
    for day in chosen:
        hour = random.choices([6, 7, 8, 9, 10, 13, 14, 15, 16, 19, 22], [1, 3, 6, 6, 4, 3, 5, 4, 3, 1, 1])[0]
        yield datetime.combine(day, datetime.min.time()).astimezone() + hour * HOUR + random.randint(0, 59) * MINUTE


def open_one(stage: Stage, machine: Equipment, fault: Fault, at: datetime, by: User | None = None) -> Ticket:
    """A caller reports a fault: the call and the ticket."""
    random, desk = stage.random, by or stage.desk
    contact = random.choice(list(machine.customer.contacts.all()))
    said = random.choice(fault.said)
    answers = {
        "safety": random.choices(["no", "unsure", "yes"], [20, 2, 1])[0],
        "running": random.choices(["stopped", "partly", "works"], [5, 8, 3])[0],
    }
    call = calls.record_call(
        by=desk,
        at=at,
        kind="repair",
        said=said,
        customer=machine.customer,
        equipment=machine,
        caller_name=contact.name,
        caller_phone=contact.phone,
        answered="已登记，按承诺安排工程师联系。",
    )
    return tickets.open_ticket(
        by=desk,
        at=at,
        customer=machine.customer,
        equipment=machine,
        symptom=said,
        contact_name=contact.name,
        contact_phone=contact.phone,
        backup_phone=contact.backup_phone,
        grade_answers=answers,
        fault_type=stage.types.get(fault.type),
        present_state={"stopped": "停机", "partly": "勉强施工", "works": "可以施工"}[answers["running"]],
        wanted_service=random.choice(["今天上门", "尽快上门", "先电话指导"]),
        call=call,
    )


def by_phone(stage: Stage, ticket: Ticket, fault: Fault, at: datetime) -> datetime:
    """The dispatcher talks the customer through the steps."""
    at += stage.random.randint(8, 40) * MINUTE
    endings.solve_by_phone(ticket, list(fault.phone), by=ticket.owner, at=at)
    return at


def best(ticket: Ticket) -> Engineer | None:
    """The engineer the ranking puts first and nothing speaks against."""
    return next((c.engineer for c in candidates.for_ticket(ticket) if not c.obstacle), None)


def send(stage: Stage, ticket: Ticket, at: datetime, engineer: Engineer | None = None) -> DispatchOrder | None:
    """Dispatch the best engineer for a time that mostly keeps the promise."""
    engineer = engineer or best(ticket)
    if engineer is None:
        return None
    start = _working_hour(at + stage.random.randint(6, 30) * HOUR)
    return orders.dispatch(
        ticket,
        engineer,
        by=ticket.owner,
        at=at,
        appointment_from=start,
        appointment_to=start + 3 * HOUR,
        expected_return_at=start + 9 * HOUR,
        travel=stage.random.choice(["car", "car", "car", "train"]),
        parts_to_take="",
    )


def _working_hour(at: datetime) -> datetime:
    local = at.replace(minute=0 if at.minute < 30 else 30, second=0, microsecond=0)
    if local.hour < 8:
        return local.replace(hour=8)
    return local if local.hour < 18 else (local + DAY).replace(hour=8)


def go(stage: Stage, order: DispatchOrder, fault: Fault, until: str = "report", outcome: str = "fixed") -> datetime:
    """The engineer's day, step by step, until the named step. Some call late, some arrive late."""
    random, who = stage.random, order.engineer.user
    at = order.issued_at + random.randint(1, 6) * MINUTE
    orders.accept(order, by=who, at=at)
    if until == "accept":
        return at
    late = random.random() < 0.06
    at += random.randint(18, 40) * MINUTE if late else random.randint(1, 8) * MINUTE
    orders.contact(order, by=who, at=at, note="约好上门时间", why="前一单没有信号" if late else "")
    if until == "contact":
        return at
    assert order.appointment_from is not None
    arrival = max(order.appointment_from + random.randint(-20, 25) * MINUTE, at + HOUR)
    if until == "report" and random.random() < 0.07:
        arrival += random.randint(9, 30) * HOUR
    departure = max(at + 10 * MINUTE, arrival - random.randint(1, 5) * HOUR)
    visits.depart(order, by=who, at=departure)
    if until == "depart":
        return departure
    machine = order.ticket.equipment
    hours = market.hours_on(machine, arrival.date()) if machine else None
    visits.arrive(order, by=who, at=arrival, running_hours=hours)
    if until == "arrive":
        return arrival
    done = arrival + timedelta(hours=fault.hours + random.random())
    verdict = order.ticket.verdict_code
    parts = [
        {"name": name, "model": model, "quantity": quantity, "unit_price": 0 if verdict == "free" else price}
        for name, model, quantity, price in fault.parts
    ]
    free = verdict == "free"
    reports.report(
        order,
        by=who,
        at=done,
        outcome=outcome,
        diagnosis=fault.diagnosis,
        cause=fault.cause,
        work_done=fault.work if outcome == "fixed" else "临时处理，待换件。",
        parts=parts if outcome == "fixed" else [],
        hazards=random.choice(["", "", "", "燃气软管老化，已告知更换。"]),
        hours=round(fault.hours, 1),
        sure=random.random() > 0.1,
        signature=stage.signature(order.ticket.contact_name),
        signed_by_name=order.ticket.contact_name,
        labour_charge=0 if free else round(fault.hours * 80),
        travel_charge=0 if verdict != "charged" else random.choice([120, 200, 300]),
    )
    visits.leave(order, by=who, at=done + 10 * MINUTE, solved=outcome == "fixed", customer_agreed=True)
    return done + 10 * MINUTE


def call_back(stage: Stage, until: datetime) -> int:
    """Let the follow-ups come and do those that were due by a moment; returns how many were called."""
    readers.work(10_000)
    random, done = stage.random, 0
    people = [stage.people["dispatcher-2"], stage.people["supervision"]]
    for followup in FollowUp.objects.filter(state__in=["due", "tried"], due_at__lt=until).order_by("due_at"):
        at = followup.due_at + random.randint(2, 90) * MINUTE
        recent = at > until - 3 * DAY
        if at > until or (recent and random.random() < 0.3):
            continue
        by = random.choice(people)
        if random.random() < 0.12:
            followup = followups.attempt(followup, outcome="no_answer", by=by, at=at)
            at = followup.next_at
            if at > until:
                continue
        followups.answer(followup, answers=_answers(followup, random, may_fail=recent), by=by, at=at)
        done += 1
    readers.work(10_000)
    return done


def _answers(followup: FollowUp, random: Random, *, may_fail: bool) -> dict[str, Any]:
    """Mostly content; one in thirty-three is not. Only lately a repair may have failed again."""
    good = random.random() > 0.03
    answers: dict[str, Any] = {}
    for section in followup.questionnaire.sections:
        for question in section["questions"]:
            if question["kind"] == "rating":
                answers[question["code"]] = random.choice([5, 5, 5, 4]) if good else random.choice([2, 3])
            elif question["kind"] == "yesno":
                answers[question["code"]] = good or question["code"] != "works" or not may_fail
    return answers
