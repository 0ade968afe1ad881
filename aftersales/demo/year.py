"""The year before today and today's open work in every state."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from aftersales.demo import stories
from aftersales.demo.faults import Fault
from aftersales.demo.stories import DAY, HOUR, MINUTE, Stage
from complaints import actions as complaints
from customers.models import Equipment
from staff.models import Engineer, User
from tickets.actions import calls, endings, orders, reports, tickets, visits
from tickets.models import DispatchOrder, Ticket
from training import actions as trainings


def history(stage: Stage, today: date, count: int) -> None:
    """Tickets of the last year, each to its end, with calls that were no repairs between them."""
    random = stage.random
    for number, at in enumerate(stories.moments(today, random, count)):
        machine = random.choice([m for m in stage.machines if m.accepted_on and m.accepted_on < at.date()])
        _one(stage, machine, at)
        if number % 3 == 0:
            _other_call(stage, machine, at + 2 * HOUR)
    stories.call_back(stage, stage.now - 3 * HOUR)


def _one(stage: Stage, machine: Equipment, at: datetime) -> None:
    random, fault = stage.random, stage.fault_of(machine)
    ticket = stories.open_one(stage, machine, fault, at)
    if fault.phone and random.random() < 0.35:
        stories.by_phone(stage, ticket, fault, at)
        return
    if ticket.grade is None:
        ticket = tickets.grade_ticket(ticket, 3, by=ticket.owner, at=at + 2 * MINUTE, why="按描述定级")
    at += random.randint(5, 50) * MINUTE
    if ticket.verdict_code in ("charged", "cost"):
        ticket = tickets.agree_charges(ticket, by=ticket.owner, at=at, how="电话谈定，客户同意报价")
    order = stories.send(stage, ticket, at, stage.somebody(ticket))
    if order is None:
        endings.cancel_ticket(ticket, "客户自行处理", by=ticket.owner, at=at + DAY)
        return
    twice = random.random() < 0.09
    if twice:
        _twice(stage, order, fault)
        return
    ended = stories.go(stage, order, fault)
    if random.random() < 0.4:
        endings.confirm(
            Ticket.objects.get(pk=ticket.pk), by=ticket.owner, at=ended + 30 * MINUTE, how="电话确认", close=False
        )


def _twice(stage: Stage, order: DispatchOrder, fault: Fault) -> None:
    """The part was not in the car: the supervisor lets the engineer leave, a second engineer day follows."""
    who, random = order.engineer.user, stage.random
    arrived = stories.go(stage, order, fault, until="arrive")
    boss = order.ticket.region.supervisor
    approval = visits.ask_to_leave(order, "缺件，带回确认型号", by=who, at=arrived + 50 * MINUTE)
    orders.sign(order, approval.step, approve=True, by=boss, at=arrived + 60 * MINUTE, opinion="同意，先恢复临时使用")
    reports.report(
        order,
        by=who,
        at=arrived + 80 * MINUTE,
        outcome="waits_for_parts",
        diagnosis=fault.diagnosis,
        cause=fault.cause,
        work_done="临时处理，等配件到后再来。",
        hours=1,
        signature=stage.signature(order.ticket.contact_name),
        signed_by_name=order.ticket.contact_name,
    )
    visits.leave(order, by=who, at=arrived + 90 * MINUTE, solved=False, customer_agreed=True, why="缺件，另约时间")
    back = arrived + random.randint(2, 4) * DAY
    if back + 4 * HOUR > stage.now:
        return
    orders.contact(order, by=who, at=back - 3 * HOUR, note="配件到了，今天过去")
    visits.depart(order, by=who, at=back - 2 * HOUR)
    visits.arrive(order, by=who, at=back)
    reports.report(
        order,
        by=who,
        at=back + 2 * HOUR,
        outcome="fixed",
        diagnosis=fault.diagnosis,
        cause=fault.cause,
        work_done=fault.work,
        parts=[{"name": n, "model": m, "quantity": q, "unit_price": 0} for n, m, q, _price in fault.parts],
        hours=fault.hours,
        signature=stage.signature(order.ticket.contact_name),
        signed_by_name=order.ticket.contact_name,
    )
    visits.leave(order, by=who, at=back + 2 * HOUR + 10 * MINUTE, solved=True)


QUESTIONS = [
    ("consultation", "冬天停机要怎么保养？", "放净料斗，燃气阀关严，电瓶拆下充电，资料已发微信。"),
    ("consultation", "热熔料和我们自己买的料能不能混用？", "不能混用，不同软化点会分层，建议用同一批。"),
    ("consultation", "想再买一台手推的，报个价。", "已转营销中心许佳宁联系。"),
    ("praise", "上次来的师傅修得快，态度也好。", "谢谢，已转告本人。"),
    ("other", "发票抬头要改一下。", "已转财务处理。"),
]


def _other_call(stage: Stage, machine: Equipment, at: datetime) -> None:
    kind, said, answered = stage.random.choice(QUESTIONS)
    contact = machine.customer.contacts.all()[0]
    calls.record_call(
        by=stage.desk,
        at=at,
        kind=kind,
        said=said,
        answered=answered,
        customer=machine.customer,
        equipment=machine,
        caller_name=contact.name,
        caller_phone=contact.phone,
        content="yes",
    )


def initial_trainings(stage: Stage, today: date) -> None:
    """Trainings of machines that were delivered in the last year; some are still to come."""
    random, trainer = stage.random, stage.people["trainer"]
    for machine in stage.machines:
        if machine.delivered_on is None or machine.delivered_on < today - timedelta(days=360):
            continue
        planned = machine.delivered_on + timedelta(days=random.randint(2, 18))
        holder = stage.people[random.choice(["trainer", "yang-bo", "li-weidong"])]
        at = timezone.make_aware(datetime.combine(machine.delivered_on, datetime.min.time())) + 10 * HOUR
        training = trainings.plan_training(
            equipment=machine,
            kind=random.choice(["on_site", "on_site", "centre"]),
            planned_on=planned,
            trainer=holder,
            by=trainer,
            at=min(at, stage.now),
        )
        if planned + timedelta(days=2) < today:
            trainees = random.randint(2, 6)
            ended = planned + timedelta(days=1)
            trainings.finish_training(
                training,
                by=trainer,
                started_on=planned,
                ended_on=ended,
                trainees=trainees,
                passed=trainees - (random.random() < 0.2),
                satisfaction=random.choice(["content", "content", "content", "partly"]),
                at=timezone.make_aware(datetime.combine(ended, datetime.min.time())) + 17 * HOUR,
            )


def next_trainings(stage: Stage, today: date) -> None:
    """Two trainings of the coming days."""
    for days, machine in zip((1, 4), stage.machines[-2:], strict=True):
        trainings.plan_training(
            equipment=machine,
            kind="on_site",
            planned_on=today + timedelta(days=days),
            trainer=stage.people["trainer"],
            by=stage.people["trainer"],
            at=stage.now - DAY,
            notes="新换操作手两名",
        )


def complaints_of_the_year(stage: Stage) -> None:
    """A few settled complaints, one waiting for its decision, one just received."""
    people, now = stage.people, stage.now
    closed = list(Ticket.objects.filter(state="closed").order_by("-closed_at").select_related("customer")[:40:8])
    for ticket, valid in zip(closed[:3], (True, False, True), strict=False):
        if ticket.closed_at is None or ticket.closed_at + 5 * HOUR + 2 * DAY > now:
            continue
        at = ticket.closed_at + 5 * HOUR
        case = complaints.open_complaint(
            content="说好上午到，下午三点才来，耽误了半天工期。",
            by=people["dispatcher"],
            at=at,
            ticket=ticket,
            remedy="道歉并说明原因",
        )
        complaints.acknowledge(case, by=people["dispatcher"], at=at + 20 * MINUTE)
        complaints.decide(
            case, is_valid=valid, findings="核对到场时间和通话记录。", by=people["supervision"], at=at + 20 * HOUR
        )
        complaints.answer(case, answer="已向客户说明并致歉。", by=people["dispatcher"], at=at + 26 * HOUR)
        complaints.close(case, content_after="yes", by=people["head"], at=at + 30 * HOUR)
    for ticket, hours in zip(closed[3:5], (30, 2), strict=False):
        case = complaints.open_complaint(
            content="修过的地方第二天又漏了，电话打了三遍。",
            by=people["dispatcher"],
            at=now - hours * HOUR,
            ticket=ticket,
        )
        if hours > 10:
            complaints.acknowledge(case, by=people["dispatcher"], at=now - hours * HOUR + 15 * MINUTE)


def today_open(stage: Stage) -> None:
    """Open work of every state, around the present moment, so that every role has something to do."""
    now, machines = stage.now, list(stage.machines)
    stage.random.shuffle(machines)
    desk = stage.people["dispatcher"]
    turn = iter(machines)

    def fresh(hours: float) -> tuple[Ticket, Fault]:
        machine = next(turn)
        fault = stage.fault_of(machine)
        ticket = stories.open_one(stage, machine, fault, now - timedelta(hours=hours), by=desk)
        if ticket.grade is None:
            ticket = tickets.grade_ticket(
                ticket, 3, by=desk, at=now - timedelta(hours=hours) + MINUTE, why="按描述定级"
            )
        return ticket, fault

    for hours in (0.1, 0.6, 2.5):
        fresh(hours)
    for until, hours in [
        ("", 0.25),
        ("accept", 0.8),
        ("contact", 5),
        ("contact", 9),
    ]:
        ticket, fault = fresh(hours)
        _dispatched(stage, ticket, fault, until, now - timedelta(hours=hours) + 8 * MINUTE)
    for username in ("engineer", "engineer-south", "li-weidong"):
        _on_the_road(stage, stage.people[username])
    waiting, _fault = fresh(20)
    tickets.wait(waiting, "customer", why="客户要等路段封闭后才让修", by=desk, at=now - 15 * HOUR)
    parts, _fault = fresh(30)
    tickets.wait(parts, "parts", why="等搅拌马达 BMR-160 发货", by=desk, at=now - 26 * HOUR)
    late, _fault = fresh(50)
    tickets.add_note(late, "客户第二次来电催。", by=desk, at=now - 3 * HOUR)
    _owed_answer(stage, next(turn))


def _dispatched(stage: Stage, ticket: Ticket, fault: Fault, until: str, at: datetime) -> None:
    order = stories.send(stage, ticket, at)
    if order is not None and until:
        stories.go(stage, order, fault, until=until)


def _on_the_road(stage: Stage, who: User) -> None:
    """An engineer's own day: one order on site or under way, one for tomorrow, one just issued."""
    engineer = Engineer.objects.select_related("region").get(user=who)
    region = engineer.region
    mine = [
        machine
        for machine in stage.machines
        if (machine.customer.province.region_id == region.pk)
        or (region.is_mobile and machine.customer.province.region_id is None)
    ]
    stage.random.shuffle(mine)
    steps = ["arrive", "contact", ""] if who.username != "engineer-south" else ["depart", "contact", ""]
    for number, (machine, until) in enumerate(zip(mine, steps, strict=False)):
        fault = stage.fault_of(machine)
        opened = stage.now - timedelta(hours=[22, 13, 0.3][number])
        ticket = stories.open_one(stage, machine, fault, opened, by=stage.people["dispatcher"])
        start = stage.now + timedelta(hours=[-1, 20, 26][number])
        order = orders.dispatch(
            ticket,
            engineer,
            by=stage.people["dispatcher"],
            at=opened + 12 * MINUTE,
            appointment_from=start,
            appointment_to=start + 3 * HOUR,
            travel="car",
        )
        if until:
            stories.go(stage, order, fault, until=until)


def _owed_answer(stage: Stage, machine: Equipment) -> None:
    calls.record_call(
        by=stage.people["dispatcher"],
        at=stage.now - HOUR,
        kind="consultation",
        said="想把 TRC-900 的斗改成 20 公分，能不能改，要多少钱？",
        customer=machine.customer,
        equipment=machine,
        caller_name=machine.customer.contacts.all()[0].name,
        caller_phone=machine.customer.contacts.all()[0].phone,
        answer_due_at=stage.now + 3 * HOUR,
    )
