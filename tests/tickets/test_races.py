"""Two people at once: one wins, the other is told; a double click has one effect."""

import threading

import pytest
from django.db import connection

from core.errors import NotAllowed
from tickets.actions import orders
from tickets.models import DispatchOrder, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def at_once(*jobs):
    """Run jobs in threads that start together; their results or refusals in order."""
    gate, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        gate.wait()
        try:
            found[place] = job()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.req("DSP-02", "DSP-12")
def test_two_dispatchers_send_one_engineer(world):
    ticket = world.ticket()
    files = [world.cast.file("engineer"), world.cast.file("engineer-mobile")]
    desks = [world.cast.dispatcher, world.cast.head]
    found = at_once(*(lambda f=f, by=by: orders.dispatch(ticket, f, by=by) for f, by in zip(files, desks, strict=True)))
    assert sorted(type(one).__name__ for one in found) == ["DispatchOrder", "NotAllowed"], found
    loser = next(one for one in found if isinstance(one, NotAllowed))
    assert DispatchOrder.objects.get().number in str(loser)


@pytest.mark.req("DSP-04", "DSP-12")
def test_accepting_and_cancelling_at_once_leaves_one_of_both(world):
    order = world.order()
    me, desk = world.cast.engineer, world.cast.dispatcher
    at_once(lambda: orders.accept(order, by=me), lambda: orders.cancel_order(order, "改期", by=desk))
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert Ticket.objects.get().state == "open"


@pytest.mark.req("SEC-01", "OPN-01")
def test_a_double_click_opens_one_ticket(world):
    body = {"equipment": world.machine.serial, "symptom": "不点火"}
    clients = [world.cast.api("dispatcher") for _ in range(4)]
    answers = at_once(*(lambda c=c: c.post("/api/v1/tickets/", body, HTTP_IDEMPOTENCY_KEY="double") for c in clients))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1


@pytest.mark.req("TKT-03")
def test_numbers_given_out_at_once_are_without_gap_or_repeat(world):
    body = {"equipment": world.machine.serial, "symptom": "不点火"}
    clients = [world.cast.api("dispatcher") for _ in range(4)]
    answers = at_once(*(lambda c=c: c.post("/api/v1/tickets/", body) for c in clients))
    tails = sorted(int(answer.json()["number"][-4:]) for answer in answers)
    assert tails == [1, 2, 3, 4]
