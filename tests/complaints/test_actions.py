"""Complaints from the first word to the customer's own that it is settled."""

import datetime as dt

import pytest

from complaints import actions
from complaints.models import Complaint
from core import history
from core.errors import Forbidden, NotAllowed, Refused
from notices.models import Delivery
from sla import queries
from tests.complaints.conftest import ZONE, at

pytestmark = pytest.mark.django_db


@pytest.mark.req("CMP-01")
def test_a_complaint_is_acknowledged_decided_explained_and_closed_by_another_person(world, cast):
    found = world.complaint()
    assert found.number.startswith("TS20260302-")
    found = actions.acknowledge(found, by=cast.dispatcher, at=at("2026-03-02 15:10"))
    assert (found.state, found.owner) == ("acknowledged", cast.dispatcher)
    found = actions.decide(
        found, is_valid=True, findings="到场晚了五小时", by=cast.supervision, at=at("2026-03-03 09:00")
    )
    found = actions.answer(found, answer="已道歉并减免车费", by=cast.dispatcher, at=at("2026-03-03 10:00"))
    found = actions.close(found, content_after="yes", by=cast.head, at=at("2026-03-03 16:00"))
    assert (found.state, found.is_valid, found.content_after) == ("closed", True, "yes")
    told = [entry.kind for entry in history.about(found) if entry.kind.startswith("complaint.")]
    assert told == [f"complaint.{verb}" for verb in ("closed", "answered", "decided", "acknowledged", "opened")]
    assert history.about(world.customer).filter(kind="complaint.decided").get().why == "到场晚了五小时"


@pytest.mark.req("CMP-01")
def test_customer_machine_and_ticket_follow_from_where_it_came(world, cast):
    found = world.complaint(customer=None, ticket=world.ticket())
    assert (found.customer, found.equipment) == (world.customer, world.machine)
    with pytest.raises(Refused, match="customer"):
        world.complaint(customer=None)
    with pytest.raises(Refused, match="content"):
        world.complaint(content=" ")
    with pytest.raises(Refused, match="about"):
        world.complaint(about="weather")
    with pytest.raises(Refused, match="answer_due_at"):
        world.complaint(answer_due_at=at("2026-03-02 14:00"))
    with pytest.raises(Forbidden):
        world.complaint(by=cast.engineer)


@pytest.mark.req("CMP-01")
def test_a_ticket_of_another_customer_is_refused(world, cast):
    from customers import actions as customers

    other = customers.add_customer(by=cast.dispatcher, name="兰州路桥", province=cast.province("620000"))
    with pytest.raises(Refused, match=r"another customer|别的客户") as refusal:
        world.complaint(customer=other, ticket=world.ticket())
    assert set(refusal.value.fields) <= {"ticket", "equipment"}


@pytest.mark.req("CMP-01", "SLA-02")
def test_the_answer_is_due_the_same_day_and_the_decision_within_three_working_days(world, cast):
    found = world.complaint("2026-03-06 15:00")  # a Friday
    due = {timer.target: timer.due_at for timer in queries.timers_of(found)}
    assert due.keys() == {"answer", "resolve"}
    assert due["answer"] == at("2026-03-07 00:00")
    assert due["resolve"].astimezone(ZONE).date() == dt.date(2026, 3, 11)
    assert found.next_due_at == at("2026-03-07 00:00")
    found = actions.acknowledge(found, by=cast.dispatcher, at=at("2026-03-06 15:20"))
    states = {timer.target: timer.state for timer in queries.timers_of(found)}
    assert states == {"answer": "kept", "resolve": "running"}
    found.refresh_from_db()
    assert found.next_due_at == due["resolve"]


@pytest.mark.req("CMP-01", "SLA-02")
def test_an_agreed_time_of_the_answer_is_a_deadline_of_its_own(world, cast):
    found = world.complaint("2026-03-02 15:00", answer_due_at=at("2026-03-02 17:00"))
    assert {t.target: t.due_at for t in queries.timers_of(found)}["call_back"] == at("2026-03-02 17:00")
    found = actions.acknowledge(
        found, by=cast.dispatcher, at=at("2026-03-02 15:10"), answer_due_at=at("2026-03-02 18:00")
    )
    timers = {t.target: t for t in queries.timers_of(found)}
    assert (timers["call_back"].due_at, timers["call_back"].state) == (at("2026-03-02 18:00"), "running")
    found = actions.decide(
        found, is_valid=False, findings="客户记错日期", by=cast.supervision, at=at("2026-03-02 16:00")
    )
    actions.answer(found, answer="已说明", by=cast.dispatcher, at=at("2026-03-02 17:30"))
    assert {t.target: t.state for t in queries.timers_of(found)} == {
        "answer": "kept", "call_back": "kept", "resolve": "kept",
    }  # fmt: skip


@pytest.mark.req("CMP-01")
def test_one_taken_up_again_gets_a_deadline_anew_and_keeps_what_was_found_in_its_story(world, cast):
    found = actions.reopen(world.answered(), why="客户不认可", by=cast.dispatcher, at=at("2026-03-04 09:00"))
    assert found.state == "acknowledged"
    fresh = [timer for timer in queries.timers_of(found) if timer.is_open]
    assert [(timer.target, timer.started_at) for timer in fresh] == [("resolve", at("2026-03-04 09:00"))]
    actions.decide(found, is_valid=False, findings="第二次核对", by=cast.head, at=at("2026-03-05 09:00"))
    reasons = list(history.about(found).filter(kind="complaint.decided").values_list("why", flat=True))
    assert reasons == ["第二次核对", "核对了通话"]


@pytest.mark.req("CMP-07")
def test_nobody_has_a_hand_in_a_complaint_about_himself(world, cast):
    found = world.complaint(about_person=cast.head)
    with pytest.raises(Forbidden):
        actions.acknowledge(found, by=cast.head)
    with pytest.raises(Forbidden):
        actions.decide(found, is_valid=False, findings="没这回事", by=cast.head)
    with pytest.raises(Refused, match="owner"):
        actions.assign(found, owner=cast.head, by=cast.supervision)
    with pytest.raises(Refused, match="owner"):
        actions.assign(found, owner=cast.finance, by=cast.supervision)
    found = world.answered(about_person=cast.head)
    for verb, given in ((actions.close, {"content_after": "yes"}), (actions.reopen, {"why": "x"})):
        with pytest.raises(Forbidden):
            verb(found, by=cast.head, **given)
    assert Complaint.objects.get(pk=found.pk).state == "answered"


@pytest.mark.req("CMP-07")
def test_the_person_who_decided_does_not_close(world, cast):
    found = world.answered()
    with pytest.raises(Forbidden, match=r"econd person|第二个人"):
        actions.close(found, content_after="yes", by=cast.supervision)
    assert actions.close(found, content_after="no", by=cast.head).content_after == "no"


@pytest.mark.req("CMP-07")
def test_naming_the_person_later_takes_it_out_of_his_hands(world, cast):
    found = actions.assign(world.complaint(), owner=cast.dispatcher, by=cast.supervision)
    assert found.owner == cast.dispatcher
    found = actions.describe(found, about="service", about_person=cast.dispatcher, remedy="道歉", by=cast.supervision)
    assert (found.owner, found.remedy) == (None, "道歉")
    with pytest.raises(Forbidden):
        actions.acknowledge(found, by=cast.dispatcher)


@pytest.mark.req("CMP-01", "CMP-07")
def test_those_who_decide_hear_of_it_but_not_the_person_it_is_about(world, cast):
    cast.head, cast.supervision, cast.supervisor  # noqa: B018
    found = world.complaint(about_person=cast.head)
    told = Delivery.objects.filter(kind="complaint.opened", about=f"complaint:{found.pk}")
    assert set(told.values_list("receiver__username", flat=True)) == {"supervision"}
    actions.assign(found, owner=cast.supervisor, by=cast.supervision)
    assert set(told.values_list("receiver__username", flat=True)) == {"supervision", "supervisor"}


@pytest.mark.req("CMP-01")
@pytest.mark.parametrize("verb", ["answer", "close", "reopen"])
def test_steps_out_of_order_are_not_allowed(world, cast, verb):
    given = {"answer": {"answer": "x"}, "close": {"content_after": "yes"}, "reopen": {"why": "x"}}[verb]
    with pytest.raises(NotAllowed) as refusal:
        getattr(actions, verb)(world.complaint(), by=cast.head, **given)
    assert refusal.value.allowed == ["acknowledge", "describe", "assign", "decide"]
