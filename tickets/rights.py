"""The three guarantees watched from the tickets: faults, repairs and waiting are told to the warranty (WAR-05, WAR-06).

A ticket that was solved and reopened counts as a repair that failed. A machine with a fault of grade 1 or 2 is
out of service until it is solved.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.models import Entry
from core.refs import ref
from customers.models import Equipment
from tickets import verdicts
from tickets.models import Ticket
from warranty import actions as warranty
from warranty.facts_of import terms_for
from warranty.guarantees import Fault

KINDS = frozenset(
    {
        "ticket.opened",
        "ticket.graded",
        "ticket.solved",
        "ticket.solved_by_phone",
        "ticket.reopened",
        "ticket.waiting",
        "ticket.resumed",
        "ticket.cancelled",
        "ticket.merged",
    }
)
SOLVED = ("ticket.solved", "ticket.solved_by_phone")
CYCLES = (*SOLVED, "ticket.reopened", "ticket.waiting", "ticket.resumed")
OUT_OF_SERVICE = (1, 2)
LOOK_AFTER = timedelta(days=30)
"""Tickets open for so long are looked at every day: rights also arise by waiting."""


def read(entry: Entry) -> None:
    """Something happened to a ticket: let rights arise and days out of service begin or end."""
    ticket = _tickets().filter(pk=entry.subject.partition(":")[2]).first()
    if ticket is None or ticket.equipment is None or ticket.kind != Ticket.Kind.REPAIR:
        return
    _count_days_out(ticket, entry)
    notice(ticket.equipment, at=entry.at, owner=ticket.owner)


def watch(*, at: datetime) -> int:
    """Let rights arise that come by waiting alone; returns how many. Run twice it does nothing more."""
    rows = _tickets().open().filter(reported_at__lte=at - LOOK_AFTER, equipment__isnull=False)
    found = 0
    for ticket in rows.filter(kind=Ticket.Kind.REPAIR).iterator(200):
        found += notice(ticket.equipment, at=at, owner=ticket.owner)
    return found


def notice(machine: Equipment, *, at: datetime, owner: Any = None) -> int:
    """Tell the warranty the faults of a machine up to a moment; returns how many rights arose."""
    return len(warranty.notice_rights(machine, faults_of(machine, until=at), at=at, owner=owner))


def faults_of(machine: Equipment, *, until: datetime) -> list[Fault]:
    """Every fault of a machine, one per time it was there: reported, repaired, back again."""
    rows = Ticket.objects.filter(equipment=machine, kind=Ticket.Kind.REPAIR, reported_at__lte=until)
    tickets = list(rows.exclude(state__in=["cancelled", "merged"]).select_related("fault_type").order_by("reported_at"))
    subjects = [ref(ticket) for ticket in tickets]
    events: dict[str, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject__in=subjects, about__overlap=subjects, kind__in=CYCLES, at__lte=until):
        events[entry.subject].append(entry)
    causes = verdicts.causes_of(tickets)
    by_key = {ticket.pk: ticket for ticket in tickets}
    return [
        fault
        for ticket in tickets
        for fault in _times(ticket, _kind(ticket, by_key), causes.get(ref(ticket), ""), events[ref(ticket)])
    ]


def _kind(ticket: Ticket, known: dict[int, Ticket]) -> str:
    """What makes two faults the same: the first ticket of a chain of repeats, else the fault type."""
    first = ticket
    while first.repeat_of_id in known:
        first = known[first.repeat_of_id]
    if first is not ticket or any(other.repeat_of_id == ticket.pk for other in known.values()):
        return first.number
    return first.fault_type.code if first.fault_type else first.number


def _times(ticket: Ticket, kind: str, cause: str, events: Iterable[Entry]) -> list[Fault]:
    """The fault of a ticket each time it was there."""
    down = ticket.grade in OUT_OF_SERVICE
    day = _day(ticket.reported_at)
    now = Fault(ref(ticket), day, kind, ticket.number, cause=cause, out_since=day if down else None)
    times = []
    for entry in sorted(events, key=lambda entry: (entry.at, entry.pk)):
        day = _day(entry.at)
        if entry.kind in SOLVED:
            now = replace(now, repaired_on=day, out_until=day if down else None, parts_came_on=day)
        elif entry.kind == "ticket.reopened":
            times.append(now)
            now = Fault(ref(ticket), day, kind, ticket.number, cause=cause, out_since=day if down else None)
        elif entry.kind == "ticket.waiting" and entry.data.get("waiting_for") == "parts":
            now = replace(now, parts_awaited_since=now.parts_awaited_since or day)
        elif entry.kind == "ticket.resumed" and now.parts_awaited_since:
            now = replace(now, parts_came_on=day)
    return [*times, now]


def _count_days_out(ticket: Ticket, entry: Entry) -> None:
    """Days out of service are kept where a policy adds them to the term (WAR-05)."""
    machine = ticket.equipment
    assert machine is not None
    if not any(term.adds_days_out for term in terms_for(machine)):
        return
    down = ticket.grade in OUT_OF_SERVICE and entry.kind not in (*SOLVED, "ticket.cancelled", "ticket.merged")
    act = warranty.out_of_service if down and ticket.is_open else warranty.back_in_service
    act(machine, by=None, at=entry.at, source=ticket)


def _tickets() -> Any:
    machine = ("equipment__model__product_line", "equipment__contract", "equipment__customer")
    return Ticket.objects.select_related("owner", *machine)


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
