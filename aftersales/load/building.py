"""The load as a whole: lives in the order of time, written in batches of bounded size."""

import gc
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models, transaction

from aftersales.demo import pen
from aftersales.demo.stories import MINUTE
from aftersales.load import casting, copying, deadlines, lives, market, people, words
from aftersales.load.casting import Case
from aftersales.load.deadlines import Kept, Promises
from aftersales.load.lives import Event
from aftersales.load.market import Machine
from core import numbers, uploads
from core.models import Entry, StoredFile
from customers.models import FieldAccess
from followups.actions.making import questionnaire, rules_in_force
from followups.models import FollowUp, Questionnaire, Rule
from sla.models import Timer
from staff.organisation import region_for
from tickets import timers
from tickets.models import Call, DispatchOrder, FaultType, Ticket, Visit

ZONE = ZoneInfo(settings.TIME_ZONE)
BATCH = 2000
TICKETS_PER_MACHINE = 6
MERGED = 0.006
YEAR = timedelta(days=365)


@dataclass
class World:
    """What every batch needs, and what it remembers of the batches before."""

    now: datetime
    random: Random
    staff: people.People
    machines: list[Machine]
    types: dict[str, FaultType]
    regions: dict[str, Any]
    promises: Promises
    rules: dict[str, Rule]
    form: Questionnaire
    signature: StoredFile
    last: dict[int, Case] = field(default_factory=dict)
    seen: set[tuple[int, int]] = field(default_factory=set)


def build(count: int, seed: int, years: int, now: datetime, say: Callable[[int], None]) -> None:
    """So many tickets over the years before `now`; `say` hears after each batch how many there are."""
    random = Random(seed)  # noqa: S311 - lifelike, not secret
    since = (now - years * YEAR).date()
    world = _world(max(1, count // TICKETS_PER_MACHINE), since, now, random)
    gc.collect()
    gc.freeze()
    times = lives.moments(count, since, now - MINUTE, random)
    done = 0
    while batch := list(itertools.islice(times, BATCH)):
        with transaction.atomic():
            _write(world, _cases(world, batch))
        done += len(batch)
        say(done)


def refresh_statistics() -> None:
    """Let the planner know what there is now; outside of transactions also tidy the new pages."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")


def _world(machines: int, since: date, now: datetime, random: Random) -> World:
    begun = market.morning(since - timedelta(days=30))
    staff = people.gather(random, begun)
    clerk = staff.dispatchers[0]
    sold = market.build(machines, random, clerk, since, now.date())
    return World(
        now=now,
        random=random,
        staff=staff,
        machines=sold,
        types={fault.code: fault for fault in FaultType.objects.all()},
        regions={},
        promises=Promises(),
        rules={rule.code: rule for rule in rules_in_force(now.date(), Rule.Trigger.HISTORY)},
        form=questionnaire("repair", now.date()),
        signature=uploads.store_drawing(pen.signature("load"), by=clerk, at=begun, field="signature"),
    )


def _cases(world: World, batch: list[datetime]) -> list[Case]:
    """Tickets and calls with keys and numbers, and what will have happened to them by now."""
    keys = zip(copying.keys(Ticket, len(batch)), copying.keys(Call, len(batch)), strict=True)
    cases: list[Case] = []
    for at, (ticket_key, call_key) in zip(batch, keys, strict=True):
        twin = cases[-1] if cases and world.random.random() < MERGED else None
        case = _merged(world, twin, at) if twin else _case(world, _machine(world, at.date()), at)
        case.ticket.pk, case.call.pk, case.call.ticket = ticket_key, call_key, case.ticket
        if twin is not None:
            case.ticket.merged_into = twin.ticket
            case.events[-1].data["into"] = f"ticket:{twin.ticket.pk}"
        cases.append(case)
    _number("WX", [(case.ticket, case.ticket.reported_at) for case in cases])
    _number("DH", [(case.call, case.call.at) for case in cases])
    for case in cases:
        casting.index(case.ticket)
        _remember(world, case)
    return cases


def _machine(world: World, day: date) -> Machine:
    """A machine that was at work on a day."""
    while True:
        machine = world.random.choice(world.machines)
        accepted = machine.record.accepted_on
        if accepted is None or accepted < day:
            return machine


def _case(world: World, machine: Machine, at: datetime) -> Case:
    random, before = world.random, world.last.get(machine.record.pk)
    said = words.say(machine.record.model.product_line.code, random, before.fault.type if before else "")
    case = _opened(world, machine, said, at)
    charged = case.ticket.verdict_code in ("charged", "cost")
    life = lives.live(at, by_phone=bool(said.fault.phone), hours=said.fault.hours, charged=charged, random=random)
    case.events = [event for event in life if event.at < world.now]
    if before is not None and _repeats(before, case):
        case.ticket.repeat_of = before.ticket
    return case


def _merged(world: World, twin: Case, at: datetime) -> Case:
    """A second caller about the same machine."""
    case = _opened(world, twin.machine, words.Said(twin.fault, twin.ticket.symptom), at)
    case.events = [Event(min(at + 5 * MINUTE, world.now), "ticket.merged", data={})]
    return case


def _opened(world: World, machine: Machine, said: words.Said, at: datetime) -> Case:
    region = world.regions.get(machine.customer.province_id)
    if region is None:
        region = world.regions[machine.customer.province_id] = region_for(machine.customer.province)
    by = world.random.choice(world.staff.dispatchers)
    ticket = casting.ticket_of(machine, said, world.types.get(said.fault.type), region, at, by, world.random)
    return Case(machine, said.fault, ticket, casting.call_of(ticket), [])


def _repeats(before: Case, case: Case) -> bool:
    """The same fault of the same machine, repaired within a year before (TKT-08)."""
    if before.fault is not case.fault:
        return False
    solved = (event.at for event in before.events if event.kind.startswith("ticket.solved"))
    at = next(solved, None)
    return at is not None and at < case.ticket.reported_at < before.ticket.reported_at + YEAR


def _remember(world: World, case: Case) -> None:
    if case.ticket.merged_into is None:
        world.last[case.machine.record.pk] = case


def _number(prefix: str, rows: Iterable[tuple[Any, datetime]]) -> None:
    """Numbers of the local days, in the order of the rows."""
    by_day = [(row, at.astimezone(ZONE).strftime("%Y%m%d")) for row, at in rows]
    following = numbers.take_many(prefix, Counter(day for _row, day in by_day))
    for row, day in by_day:
        row.number = f"{prefix}{day}-{following[day]:04d}"
        following[day] += 1


def _write(world: World, cases: list[Case]) -> None:
    _send(world, cases)
    for case in cases:
        casting.unfold(case, world.signature, world.random)
    _give_keys(Visit, [visit for case in cases for visit in case.visits])
    _ask(world, cases)
    kept = Kept()
    for case in cases:
        _keep_time(world, case, kept)
    _give_keys(Timer, kept.timers)
    copying.write([case.ticket for case in cases])
    copying.write([case.call for case in cases])
    for name in ("orders", "visits", "part_uses", "reports", "steps"):
        copying.write([row for case in cases for row in getattr(case, name)])
    copying.write([case.followup for case in cases if case.followup is not None])
    for name in ("attempts", "answers"):
        copying.write([row for case in cases for row in getattr(case, name)])
    copying.write(kept.timers)
    copying.write(kept.pauses)
    copying.write(_field_access(world, cases))
    missed = [entry for timer in kept.timers for entry in deadlines.entries_of(timer)]
    copying.write([entry for case in cases for entry in _entries(case)] + missed)
    for case in cases:
        _forget_details(case)


def _send(world: World, cases: list[Case]) -> None:
    """Orders with engineers of the region, keys and numbers."""
    issued = []
    for case in cases:
        for event in case.events:
            if event.kind == "order.issued":
                engineer = world.random.choice(world.staff.engineers[case.ticket.region_id])
                case.orders.append(casting.order_of(case, engineer, event))
                issued.append((case.orders[-1], event.at))
    _give_keys(DispatchOrder, [order for order, _at in issued])
    _number("PG", issued)


def _ask(world: World, cases: list[Case]) -> None:
    """Follow-ups with keys and numbers; an answered one closes its ticket."""
    made = []
    for case in cases:
        later = casting.call_back(case, world.rules, world.form, world.staff.dispatchers, world.now, world.random)
        casting.go_on(case, later)
        if case.followup is not None:
            case.followup.subject = f"ticket:{case.ticket.pk}"
            made.append((case.followup, case.followup.created_at))
    _give_keys(FollowUp, [followup for followup, _at in made])
    _number("HF", made)


def _keep_time(world: World, case: Case, kept: Kept) -> None:
    """Timers of the ticket and its orders, and the nearest deadline on the ticket."""
    ticket = case.ticket
    heard = [Event(ticket.reported_at, "ticket.opened"), *(event for event in case.events if event.counts)]
    sent = case.orders[-1] if case.orders else None
    subjects = [(f"ticket:{ticket.pk}", timers.facts_of(ticket, sent), heard)]
    for place, order in enumerate(case.orders):
        own = [event for event in heard if event.order == place]
        subjects.append((f"dispatchorder:{order.pk}", timers.facts_of(ticket, order, kind="order"), own))
    running = [timer for row in subjects for timer in world.promises.run(*row, world.now, kept)]
    open_ones = [timer.due_at for timer in running if timer.is_open and timer.state != Timer.State.HELD]
    ticket.next_due_at = min(open_ones, default=None)


def _give_keys(model: type[models.Model], rows: list[Any]) -> None:
    for row, key in zip(rows, copying.keys(model, len(rows)), strict=True):
        row.pk = key


def _field_access(world: World, cases: list[Case]) -> list[FieldAccess]:
    rows = []
    for case in cases:
        for order in case.orders:
            pair = (order.engineer.user_id, case.machine.record.pk)
            if pair not in world.seen:
                world.seen.add(pair)
                rows.append(
                    FieldAccess(
                        user_id=pair[0],
                        customer=case.machine.customer,
                        equipment=case.machine.record,
                        since=order.issued_at,
                    )
                )
    return rows


def _entries(case: Case) -> list[Entry]:
    """The story: the call, the opening, then every event."""
    ticket, call = case.ticket, case.call
    about = timers.references(ticket)
    at, by = ticket.reported_at, ticket.taken_by
    given = {"grade": ticket.grade, "verdict": ticket.verdict_code, "channel": ticket.channel}
    found = [
        _entry("call.recorded", f"call:{call.pk}", about[1:], at, by, {"call": "repair", "channel": call.channel}),
        _entry("ticket.opened", about[0], [*about, f"call:{call.pk}"], at, by, given),
    ]
    if ticket.repeat_of is not None:
        earlier = f"ticket:{ticket.repeat_of.pk}"
        found.append(_entry("ticket.repeated", about[0], [*about, earlier], at, None, {"previous": earlier}))
    for event in case.events:
        order = case.orders[event.order] if event.order is not None else None
        around = timers.references(ticket, order) if order else about
        subject = about[0]
        if event.kind.startswith("order.") and order is not None:
            subject = f"dispatchorder:{order.pk}"
        elif event.kind.startswith("followup.") and case.followup is not None:
            subject = f"followup:{case.followup.pk}"
        if event.who == "engineer" and order is not None:
            who: Any = order.engineer.user
        else:
            who = ticket.owner if event.who == "desk" else None
        found.append(_entry(event.kind, subject, around, event.at, who, event.data, event.why))
    return found


def _entry(
    kind: str, subject: str, about: list[str], at: datetime, by: Any, data: dict[str, Any], why: str = ""
) -> Entry:
    everything = list(dict.fromkeys([subject, *about]))
    return Entry(kind=kind, subject=subject, about=everything, by=by, at=at, entered_at=at, data=data, why=why)


def _forget_details(case: Case) -> None:
    """Keep of a written ticket what a later repeat of the fault asks for."""
    case.orders, case.visits, case.part_uses, case.reports, case.answers = [], [], [], [], []
    case.steps, case.attempts, case.followup = [], [], None
    case.ticket.search, case.ticket.verdict, case.ticket.repeat_of = [], {}, None
