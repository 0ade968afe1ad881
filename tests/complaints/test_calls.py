"""Calls of kind complaint open a complaint by themselves, once."""

import pytest

from complaints import actions
from complaints.models import Complaint
from core import readers
from core.errors import NotAllowed
from tests.complaints.conftest import at
from tickets.actions import calls

pytestmark = [pytest.mark.django_db, pytest.mark.req("CMP-01", "TKT-01")]


def test_a_call_of_kind_complaint_opens_one_with_all_it_belongs_to(world, cast):
    ticket = world.ticket()
    call = world.call(ticket=ticket, channel="wechat", answer_due_at=at("2026-03-02 17:00"))
    found = world.of(call).get()
    assert (found.ticket, found.customer, found.equipment) == (ticket, world.customer, world.machine)
    assert (found.content, found.channel, found.received_at) == ("态度太差", "wechat", call.at)
    assert (found.taken_by, found.state) == (cast.dispatcher, "received")
    assert found.answer_due_at == at("2026-03-02 17:00")


def test_what_was_answered_on_the_phone_is_acknowledged(world):
    found = world.of(world.call(answered="马上查清，明天上午答复")).get()
    assert (found.state, found.acknowledged_at) == ("acknowledged", at("2026-03-02 15:00"))


@pytest.mark.parametrize("given", [{"kind": "praise"}, {"kind": "repair"}, {"direction": "out"}])
def test_other_calls_open_nothing(world, given):
    assert not world.of(world.call(**given)).exists()


def test_it_is_opened_once_however_often_the_news_is_read(world):
    call = world.call()
    readers.catch_up("complaints.calls")
    readers.work()
    assert world.of(call).count() == 1


def test_a_call_that_has_become_a_complaint_by_hand_is_left_alone(world, cast):
    call = calls.record_call(by=cast.dispatcher, kind="complaint", said="太慢", customer=world.customer)
    by_hand = world.complaint("2026-03-02 15:00", call=call, content="太慢，要赔偿")
    readers.work()
    assert list(world.of(call)) == [by_hand]
    with pytest.raises(NotAllowed):
        world.complaint("2026-03-02 15:00", call=call)


def test_an_unknown_callers_complaint_waits_until_the_call_is_linked_to_his_ticket(world, cast):
    call = world.call(customer=None)
    assert Complaint.objects.count() == 0
    calls.link_call(call, world.ticket(), by=cast.dispatcher)
    readers.work()
    assert world.of(call).get().customer == world.customer
    assert actions.open_from_call(call) is None
