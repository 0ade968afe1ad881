"""Calling the customer: attempts, the form, the superior, the ticket (FUP-02)."""

import pytest

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from followups import actions
from followups.models import Answer, FollowUp
from followups.states import FOLLOWUP
from notices.models import Delivery
from staff.roles import Role
from tests.followups.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.req("FUP-02")]

GOOD = {"works": True, "attitude": 5, "overall": 5}


@pytest.fixture
def call(world):
    """A call that is due at noon after a solution by phone."""
    return world.followup(ticket=world.solved_by_phone("2026-03-02 10:00"))


def test_content_customers_end_the_ticket(world, call):
    call = actions.answer(
        call, answers=GOOD | {"opinion": "师傅很好"}, by=world.cast.dispatcher, at=at("2026-03-02 12:05")
    )
    assert (call.state, call.overall, call.lowest) == ("done", 5, 5)
    call.ticket.refresh_from_db()
    assert call.ticket.state == "closed"
    assert call.ticket.confirmed_at == at("2026-03-02 12:05")
    assert Answer.objects.get(followup=call, question="opinion").text == "师傅很好"
    kinds = [entry.kind for entry in history.about(call.ticket)]
    assert kinds.count("followup.answered") == 1
    assert kinds.count("ticket.closed") == 1


def test_it_does_not_work_reopens_the_ticket_and_goes_to_the_superior_the_same_day(world, call):
    supervisor = world.cast.supervisor
    call = actions.answer(call, answers=GOOD | {"works": "no"}, by=world.cast.dispatcher, at=at("2026-03-02 12:05"))
    call.ticket.refresh_from_db()
    assert call.ticket.state == "open"
    assert (call.state, call.escalated_to, call.answer_due_at) == ("escalated", supervisor, at("2026-03-02 18:00"))
    assert Delivery.objects.filter(receiver=supervisor, kind="followup.escalated", channel="inbox").count() == 1


@pytest.mark.parametrize(
    "more",
    [{"answers": GOOD | {"skill": 2}}, {"answers": GOOD, "question": "什么时候能给加长的枪？"}],
    ids=["low", "question"],
)
def test_a_low_rating_or_an_open_question_goes_up_and_comes_back_answered(world, call, more):
    call = actions.answer(call, by=world.cast.supervision, at=at("2026-03-02 12:05"), **more)
    assert call.state == "escalated"
    call.ticket.refresh_from_db()
    assert call.ticket.state == "closed", "the repair itself is done"
    with pytest.raises(Refused):
        actions.resolve(call, answer=" ", by=world.cast.supervisor, at=at("2026-03-02 15:00"))
    call = actions.resolve(call, answer="已电话答复，配件本周寄出", by=world.cast.supervisor, at=at("2026-03-02 15:00"))
    assert (call.state, call.done_at) == ("done", at("2026-03-02 15:00"))


def test_late_in_the_day_the_superior_still_has_until_midnight(world, call):
    call = actions.escalate(call, question="要赔偿", by=world.cast.dispatcher, at=at("2026-03-02 19:30"))
    assert call.answer_due_at == at("2026-03-02 23:59")


def test_not_reached_is_tried_again_counted_and_given_up(world, call):
    head = world.cast.head
    tries = [("2026-03-02 12:00", "no_answer"), ("2026-03-02 13:00", "busy"), ("2026-03-02 17:30", "off")]
    call = actions.attempt(call, outcome="no_answer", by=world.cast.dispatcher, at=at(tries[0][0]))
    assert (call.state, call.attempts_count, call.next_at) == ("tried", 1, at("2026-03-02 13:00"))
    call = actions.attempt(call, outcome="busy", by=world.cast.dispatcher, at=at(tries[1][0]))
    assert call.next_at == at("2026-03-02 17:00")
    call = actions.attempt(call, outcome="off", by=world.cast.dispatcher, at=at(tries[2][0]))
    assert (call.state, call.attempts_count) == ("unreached", 3)
    assert Delivery.objects.filter(receiver=head, kind="followup.unreached", channel="inbox").count() == 1
    call.ticket.refresh_from_db()
    assert call.ticket.state == "solved", "who was not reached has confirmed nothing"
    call = actions.retry(call, by=world.cast.dispatcher, at=at("2026-03-03 09:00"))
    assert call.state == "due"


def test_a_late_attempt_waits_for_the_next_morning_and_a_wish_to_be_called_later_is_no_failure(world, call):
    call = actions.attempt(call, outcome="no_answer", by=world.cast.dispatcher, at=at("2026-03-02 19:30"))
    assert call.next_at == at("2026-03-03 08:30")
    for hour in (9, 10, 11):
        call = actions.attempt(
            call, outcome="call_later", by=world.cast.dispatcher, at=at(f"2026-03-03 {hour:02d}:00"),
            next_at=at(f"2026-03-03 {hour + 1:02d}:00"),
        )  # fmt: skip
    assert (call.state, call.attempts_count, call.next_at) == ("tried", 4, at("2026-03-03 12:00"))
    with pytest.raises(Refused):
        actions.attempt(
            call, outcome="call_later", by=world.cast.dispatcher, at=at("2026-03-03 13:00"),
            next_at=at("2026-03-03 12:00"),
        )  # fmt: skip


def test_the_form_says_by_question_what_is_missing_unknown_or_impossible(world, call):
    with pytest.raises(Refused) as refusal:
        actions.answer(
            call, answers={"overall": 6, "attitude": "gut", "tidy": "maybe", "charm": 5}, by=world.cast.dispatcher,
            at=at("2026-03-02 12:05"),
        )  # fmt: skip
    assert set(refusal.value.fields) == {"works", "overall", "attitude", "tidy", "charm"}
    assert not Answer.objects.exists()
    assert FollowUp.objects.get().state == "due"


def test_somebody_takes_a_call_over_or_cancels_it_with_a_reason(world, call):
    call = actions.take(call, by=world.cast.supervision, at=at("2026-03-02 11:00"))
    assert call.assigned == world.cast.supervision
    with pytest.raises(Refused):
        actions.cancel(call, why="", by=world.cast.supervision, at=at("2026-03-02 11:05"))
    call = actions.cancel(call, why="客户注销", by=world.cast.supervision, at=at("2026-03-02 11:05"))
    assert call.state == "cancelled"


ROLES = [role.value for role in Role]


@pytest.mark.parametrize("code", FOLLOWUP.moves)
@pytest.mark.parametrize("state", FOLLOWUP.states)
def test_every_state_verb_and_role_is_allowed_or_refused_as_the_table_says(code, state):
    from types import SimpleNamespace

    move = FOLLOWUP.moves[code]
    for role in ROLES:
        record = SimpleNamespace(state=state)
        person = SimpleNamespace(has_role=lambda *roles, role=role: role in roles)
        if role not in move.roles:
            with pytest.raises(Forbidden):
                FOLLOWUP.move(record, code, person)
        elif state not in move.sources:
            with pytest.raises(NotAllowed):
                FOLLOWUP.move(record, code, person)
        else:
            FOLLOWUP.move(record, code, person)
            assert record.state == (move.target or state)


@pytest.mark.req("SLA-01", "FUP-02")
def test_a_question_handed_up_is_owed_the_same_day_and_ends_with_the_answer(world):
    from sla.models import Timer

    superior = world.cast.head
    world.solved_by_phone()
    followup = world.followup()
    actions.escalate(followup, question="整机涂层起泡谁负责？", by=world.cast.dispatcher, at=at("2026-03-02 15:00"))
    timer = Timer.objects.select_related("line__promise").get(kind="followup")
    assert (timer.line.promise.code, timer.target, timer.state) == ("CN-03", "answer", "running")
    assert timer.due_at == at("2026-03-03 00:00")
    assert timer.owner_id == FollowUp.objects.get(pk=followup.pk).escalated_to_id
    actions.resolve(followup, answer="免费重喷", by=superior, at=at("2026-03-02 17:00"))
    timer.refresh_from_db()
    assert timer.state == "kept"
