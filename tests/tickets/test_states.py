"""The state tables are the gate: every state × verb × role is allowed, NotAllowed or Forbidden (TKT-07)."""

import pytest

from core.errors import Forbidden, NotAllowed
from staff.roles import Role
from tests.cast import PEOPLE
from tickets.actions import orders, tickets
from tickets.models import DispatchOrder, Ticket, Visit
from tickets.states import ORDER, TICKET

pytestmark = [pytest.mark.django_db, pytest.mark.req("TKT-07")]

WHO = ["dispatcher", "supervisor", "head", "engineer", "contractor", "keeper", "supervision", "finance", "stranger"]


def outcome(action):
    try:
        action()
    except NotAllowed:
        return "not allowed"
    except Forbidden:
        return "forbidden"
    return "done"


def expected(table, state, verb, user):
    move = table.moves[verb]
    if not user.has_role(*move.roles):
        return "forbidden"
    return "done" if state in move.sources else "not allowed"


def ticket_verbs(world, into):
    return {
        "grade": lambda t, by: tickets.grade_ticket(t, 3, why="复核", by=by),
        "solve_by_phone": lambda t, by: tickets.solve_by_phone(t, ["重启"], by=by),
        "dispatch": lambda t, by: orders.dispatch(t, world.cast.file(), by=by),
        "wait": lambda t, by: tickets.wait(t, "weather", why="下雨", by=by),
        "resume": lambda t, by: tickets.resume(t, by=by),
        "close": lambda t, by: tickets.close_ticket(t, by=by),
        "reopen": lambda t, by: tickets.reopen_ticket(t, "又坏", by=by),
        "cancel": lambda t, by: tickets.cancel_ticket(t, "不修了", by=by),
        "merge": lambda t, by: tickets.merge_ticket(t, into, by=by),
        "choose_path": lambda t, by: tickets.choose_path(t, "remote", why="先远程", by=by),
    }


@pytest.mark.parametrize("verb", sorted(set(TICKET.moves) - {"start", "fix", "give_back", "further_visit"}))
def test_every_verb_of_a_ticket_in_every_state_by_every_role(world, verb):
    from django.db import transaction

    into = world.ticket(equipment=world.other_machine)
    ticket = world.ticket()
    act = ticket_verbs(world, into)[verb]
    people = [world.cast[name] for name in WHO]
    for state in TICKET.states:
        Ticket.objects.filter(pk=ticket.pk).update(state=state, confirmed_at=world.at(1))
        for user in people:
            with transaction.atomic():
                found = outcome(lambda user=user: act(ticket, user))
                after = Ticket.objects.get(pk=ticket.pk).state
                target = TICKET.moves[verb].target or state
                assert found == expected(TICKET, state, verb, user), (state, verb, user.username)
                kept_working = (verb, state) == ("dispatch", "working")
                assert after == (target if found == "done" and not kept_working else state)
                transaction.set_rollback(True)


ORDER_VERBS = {
    "accept": lambda o, by, w: orders.accept(o, by=by),
    "refuse": lambda o, by, w: orders.refuse(o, "生病", by=by),
    "contact": lambda o, by, w: orders.contact(o, by=by),
    "depart": lambda o, by, w: orders.depart(o, by=by),
    "arrive": lambda o, by, w: orders.arrive(o, by=by),
    "leave": lambda o, by, w: orders.leave(o, by=by),
    "leave_after_report": lambda o, by, w: orders.leave(o, by=by),
    "report": lambda o, by, w: orders.report(o, outcome="fixed", diagnosis="坏", work_done="换", by=by),
    "report_unfinished": lambda o, by, w: orders.report(o, outcome="waits_for_parts", diagnosis="缺件", by=by),
    "reassign": lambda o, by, w: orders.reassign(o, w.cast.file("engineer-mobile"), "近", by=by),
    "cancel": lambda o, by, w: orders.cancel_order(o, "改期", by=by),
}


@pytest.mark.parametrize("verb", sorted(ORDER.moves))
def test_every_verb_of_an_order_in_every_state_by_every_role(world, verb):
    from django.db import transaction

    order = world.order()
    Visit.objects.create(order=order, sequence=1, departed_at=world.at(2), arrived_at=world.at(3))
    if verb == "leave_after_report":
        Visit.objects.update(reported_at=world.at(4))
    world.cast.file("engineer-mobile")
    people = [world.cast[name] for name in WHO]
    for state in ORDER.states:
        DispatchOrder.objects.filter(pk=order.pk).update(state=state)
        Ticket.objects.filter(pk=order.ticket_id).update(state="dispatched")
        for user in people:
            with transaction.atomic():
                found = outcome(lambda user=user: ORDER_VERBS[verb](order, user, world))
                should = expected(ORDER, state, verb, user)
                if user.username == "contractor" and should != "forbidden":
                    should = "forbidden"  # the order is the engineer's
                assert found == should, (state, verb, user.username)
                after = DispatchOrder.objects.get(pk=order.pk).state
                assert after == (ORDER.moves[verb].target or state if found == "done" else state)
                transaction.set_rollback(True)


def test_the_tables_name_known_roles_and_every_open_state_can_be_left():
    for table in (TICKET, ORDER):
        for move in table.moves.values():
            assert move.roles <= set(Role)
        for state in table.states.values():
            ways = [m for m in table.moves.values() if state.code in m.sources and m.target not in (None, state.code)]
            assert ways or not state.open, state.code


def test_the_system_moves_only_what_the_table_gives_it(world):
    ticket = world.ticket()
    with pytest.raises(Forbidden):
        tickets.cancel_ticket(ticket, "x", by=None)
    assert set(PEOPLE) >= set(WHO)


def test_the_past_of_a_ticket_can_be_neither_changed_nor_deleted(world):
    from django.db import transaction
    from django.db.utils import InternalError

    from core.models import Entry

    world.ticket()
    for attempt in (lambda: Entry.objects.update(why="x"), lambda: Entry.objects.all()._raw_delete("default")):
        with pytest.raises(InternalError), transaction.atomic():
            attempt()
