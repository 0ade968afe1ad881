"""Stories of tickets for trying promises on history (SLA-07)."""

import pytest

from sla import histories, simulator
from sla.models import Promise
from tickets.actions import tickets
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.req("SLA-07")]


def replayed(world, code, until=30):
    promise = Promise.objects.get(code=code)
    count, cases = histories.stored("ticket", world.at(-1), world.at(until), 1000)
    return simulator.run(promise, list(promise.lines.all()), cases, count, world.at(until))


def test_the_replay_agrees_with_the_timers_that_ran(world):
    world.reported()
    result = replayed(world, "CN-02")
    by_line = {one.line.target: (one.count, one.broken) for one in result.lines if one.count}
    assert by_line == {"contact": (1, 0), "arrive": (1, 0), "report": (1, 0)}


def test_a_tighter_promise_would_have_been_missed_and_waiting_does_not_count(world):
    ticket = world.ticket()
    tickets.wait(ticket, "customer", by=world.cast.dispatcher, at=world.at(0.5), why="客户下午才有空")
    tickets.resume(ticket, by=world.cast.dispatcher, at=world.at(1))
    world.on_site(world.order(Ticket.objects.get(pk=ticket.pk)))
    arrive = next(one for one in replayed(world, "SLA-A").lines if one.line.target == "arrive")
    assert (arrive.count, arrive.broken) == (1, 1)
    assert arrive.tightest.spans[95] == 5 * 60 + 30
    assert replayed(world, "SLA-A").worst[0].ref == f"ticket:{ticket.pk}"


def test_a_cancelled_ticket_does_not_count(world):
    ticket = world.ticket()
    tickets.cancel_ticket(ticket, by=world.cast.dispatcher, at=world.at(1), why="误报")
    assert replayed(world, "SLA-A").runs == 0
