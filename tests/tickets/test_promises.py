"""Promises along the main line: which deadlines run when, and what ends them (SLA-02)."""

import pytest

from sla import queries
from tickets.actions import orders, tickets
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.req("SLA-02")]


def running(*subjects):
    found = queries.timers_for(subjects)
    return {timer.target for timers in found.values() for timer in timers if timer.is_open}


def every(*subjects):
    found = queries.timers_for(subjects, open_only=False)
    return {timer.target: timer for timers in found.values() for timer in timers}


def test_contact_arrival_and_report_begin_and_end_with_the_steps(world):
    ticket = world.ticket()
    assert "arrive" in running(ticket)
    order = world.order(ticket)
    assert {"contact", "arrive"} <= running(ticket, order)
    world.on_site(order)
    assert not {"contact", "arrive"} & running(ticket, order)
    assert every(ticket, order)["contact"].state == "kept"
    me = order.engineer.user
    orders.leave(order, by=me, at=world.at(8))
    assert "report" in running(ticket, order)
    orders.report(order, outcome="fixed", diagnosis="坏", work_done="换", by=me, at=world.at(8.5))
    assert running(ticket, order) == set()
    assert Ticket.objects.get(pk=ticket.pk).next_due_at is None


def test_an_engineer_who_reports_on_site_owes_no_second_report(world):
    order = world.on_site()
    me = order.engineer.user
    orders.report(order, outcome="fixed", diagnosis="坏", work_done="换", by=me, at=world.at(8))
    orders.leave(order, by=me, at=world.at(8.5))
    assert "report" not in running(order.ticket, order)


def test_a_late_call_breaks_the_promise(world):
    order = world.order()
    me = order.engineer.user
    orders.accept(order, by=me, at=world.at(1.1))
    orders.contact(order, by=me, at=world.at(1.5), why="没信号")
    assert every(order.ticket)["contact"].state == "broken"


@pytest.mark.req("SLA-04")
def test_a_reassigned_order_hands_its_running_promises_to_the_new_engineer(world):
    order = world.order()
    assert every(order.ticket)["contact"].engineer == world.cast.engineer
    file = world.cast.file("engineer-mobile")
    orders.reassign(order, file, "近", by=world.cast.dispatcher, at=world.at(1.1))
    assert every(order.ticket)["contact"].engineer == file.user
    assert "contact" in running(order.ticket)


@pytest.mark.req("SLA-04")
def test_waiting_holds_the_arrival_and_the_desk_sees_no_deadline_meanwhile(world):
    desk = world.cast.dispatcher
    ticket = world.ticket()
    due = every(ticket)["arrive"].due_at
    waiting = tickets.wait(ticket, "customer", why="客户周五才有人", by=desk, at=world.at(1))
    assert {timer.state for timer in every(waiting).values()} == {"held"}
    assert waiting.next_due_at is None
    resumed = tickets.resume(waiting, by=desk, at=world.at(4))
    assert every(resumed)["arrive"].due_at == due + (world.at(4) - world.at(1))
    assert resumed.next_due_at is not None


@pytest.mark.req("SLA-04", "TKT-04")
def test_cancelling_and_merging_end_the_deadlines(world):
    desk = world.cast.dispatcher
    first, second = world.ticket(), world.ticket(symptom="又报")
    tickets.merge_ticket(second, first, by=desk)
    assert running(second) == set()
    assert running(first)
    assert tickets.cancel_ticket(first, "误报", by=desk).next_due_at is None


@pytest.mark.req("TKT-08")
def test_a_reopened_ticket_has_deadlines_again(world):
    desk = world.cast.dispatcher
    ticket = tickets.confirm(world.reported().ticket, by=desk)
    opened = tickets.reopen_ticket(ticket, "又坏", by=desk)
    assert "arrive" in running(opened)
    orders.dispatch(opened, world.cast.file(), by=desk)
    assert "contact" in running(opened)
