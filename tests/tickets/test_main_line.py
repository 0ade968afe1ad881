"""The main line by actions: a report comes in, somebody is sent, works, reports; the ticket ends."""

import pytest
from django.utils import timezone

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from core.models import Approval
from tickets.actions import orders, tickets
from tickets.models import ServiceReport, Ticket
from tickets.verdicts import frozen

pytestmark = pytest.mark.django_db


def kinds(record):
    return [entry.kind for entry in history.about(record).order_by("id")]


@pytest.mark.req("TKT-03", "TKT-11", "WAR-07", "SLA-02")
def test_a_new_ticket_knows_customer_place_verdict_and_promises(world):
    ticket = world.ticket(present_state="停机", wanted_service="尽快上门", backup_phone="029-8880 1234")
    assert ticket.number.startswith("WX")
    assert ticket.state == "open"
    assert ticket.customer == world.customer
    assert ticket.contact_name == "王工"
    assert ticket.contact_phone.endswith("4417")
    assert ticket.region.code == "NW"
    assert ticket.purchased_on == world.machine.purchased_on
    assert ticket.reported_at == world.start
    assert ticket.entered_at > ticket.reported_at
    assert frozen(ticket).code == ticket.verdict_code
    assert ticket.next_due_at is not None
    assert "ticket.opened" in kinds(ticket)
    assert "ticket.opened" in kinds(world.machine)
    assert "ticket.opened" in kinds(world.customer)


@pytest.mark.req("TKT-03")
def test_what_is_missing_or_wrong_is_said_by_field(world):
    with pytest.raises(Refused) as missing:
        world.ticket(symptom="  ")
    assert "symptom" in missing.value.fields
    with pytest.raises(Refused) as nobody:
        world.ticket(equipment=None)
    assert "customer" in nobody.value.fields
    other = world.add_customer("别家公司", "610000", "13700000000")
    with pytest.raises(Refused) as foreign:
        world.ticket(customer=other)
    assert "equipment" in foreign.value.fields
    with pytest.raises(Refused) as later:
        world.ticket(at=timezone.now() + (world.at(1) - world.start))
    assert "reported_at" in later.value.fields
    with pytest.raises(Refused) as grade:
        world.ticket(grade=5)
    assert "grade" in grade.value.fields


@pytest.mark.req("TKT-04")
def test_answers_propose_the_gravest_grade_and_a_change_needs_a_reason(world):
    ticket = world.ticket(grade=None, grade_answers={"safety": "no", "running": "partly", "worsening": "yes"})
    assert ticket.grade == 2
    with pytest.raises(Refused) as unknown:
        world.ticket(grade=None, grade_answers={"safety": "perhaps"})
    assert "grade_answers" in unknown.value.fields
    with pytest.raises(Refused) as silent:
        tickets.grade_ticket(ticket, 1, by=world.cast.dispatcher)
    assert "why" in silent.value.fields
    graded = tickets.grade_ticket(ticket, 1, by=world.cast.dispatcher, why="客户说已停机")
    assert graded.grade == 1
    entry = history.about(ticket).filter(kind="ticket.graded").get()
    assert entry.why == "客户说已停机"
    assert entry.data == {"before": "2", "grade": "1"}


@pytest.mark.req("TKT-04")
def test_safety_decides_over_everything_else(world):
    ticket = world.ticket(grade=None, grade_answers={"safety": "yes", "running": "works"})
    assert ticket.grade == 1


@pytest.mark.req("DSP-01", "DSP-04", "DSP-07", "DSP-13", "TKT-06")
def test_from_dispatch_to_signed_report_the_ticket_is_solved_and_confirmed(world, signature):
    order = world.order(appointment_from=world.at(5), appointment_to=world.at(7), travel="car")
    assert order.number.startswith("PG")
    assert Ticket.objects.get(pk=order.ticket_id).state == "dispatched"
    assert {a.step for a in Approval.objects.filter(subject=f"dispatchorder:{order.pk}")} == {
        "order.head",
        "order.marketing",
    }
    done = world.reported(
        order,
        signature={"png": signature, "name": "王工"},
        parts=[{"name": "热电偶", "model": "K-600", "quantity": 1, "unit_price": "85.50"}],
        cause="wear",
        hours="1.5",
        running_hours="812.5",
    )
    assert done.state == "done"
    visit = done.visits.get()
    assert (visit.outcome, visit.cause, str(visit.parts_charge)) == ("fixed", "wear", "85.50")
    assert visit.arrived_at == world.at(6)
    ticket = Ticket.objects.get(pk=order.ticket_id)
    assert (ticket.state, ticket.solved_at) == ("solved", world.at(8))
    assert ticket.confirmed_at == world.at(8.5)
    world.machine.refresh_from_db()
    assert float(world.machine.running_hours) == 812.5
    assert kinds(order)[-2:] == ["order.reported", "ticket.solved"]
    closed = tickets.close_ticket(ticket, by=world.cast.dispatcher)
    assert closed.state == "closed"


@pytest.mark.req("TKT-06")
def test_without_the_customers_word_only_the_follow_up_closes(world):
    order = world.reported()
    ticket = order.ticket
    with pytest.raises(NotAllowed) as early:
        tickets.close_ticket(ticket, by=world.cast.dispatcher)
    assert early.value.allowed == ["confirm", "reopen"]
    assert tickets.close_ticket(ticket, by=None).state == "closed"


@pytest.mark.req("TKT-06")
def test_the_customers_word_closes_the_ticket(world):
    ticket = world.reported().ticket
    assert tickets.confirm(ticket, by=world.cast.dispatcher, how="电话").state == "closed"


@pytest.mark.req("TKT-06", "FUP-01")
def test_an_unsure_repair_is_not_confirmed_by_a_signature(world, signature):
    ticket = world.reported(signature=signature, sure=False).ticket
    ticket.refresh_from_db()
    assert ticket.state == "solved"
    assert ticket.confirmed_at is None


@pytest.mark.req("TKT-05")
def test_solved_by_phone_counts_for_the_case_and_keeps_the_steps(world):
    from tickets.cases import suggest

    ticket = world.ticket()
    found = suggest(ticket.symptom, equipment=world.machine)
    assert found[0].case.fault_type.code == "hm-burner"
    case = found[0].case
    tickets.try_step(ticket, "换气瓶", by=world.cast.dispatcher, case=case)
    solved = tickets.solve_by_phone(ticket, found[0].steps, by=world.cast.dispatcher, case=case)
    assert (solved.state, solved.path) == ("solved", "phone")
    case.refresh_from_db()
    assert (case.times_tried, case.times_solved) == (2, 1)
    assert solved.tried_steps.filter(helped=True).count() == len(found[0].steps)
    with pytest.raises(Refused):
        tickets.solve_by_phone(world.ticket(), "", by=world.cast.dispatcher)


@pytest.mark.req("DSP-13", "DSP-12")
def test_one_order_takes_several_visits(world):
    order = world.reported(outcome="waits_for_parts", diagnosis="温控仪坏，待件")
    ticket = Ticket.objects.get(pk=order.ticket_id)
    assert (order.state, ticket.state, ticket.waiting_for) == ("waiting", "waiting", "parts")
    me = order.engineer.user
    orders.depart(order, by=me, at=world.at(30))
    assert Ticket.objects.get(pk=ticket.pk).state == "dispatched"
    orders.arrive(order, by=me, at=world.at(33))
    orders.leave(order, by=me, at=world.at(34))
    done = orders.report(order, outcome="fixed", diagnosis="同上", work_done="更换温控仪", by=me, at=world.at(34.5))
    assert [visit.outcome for visit in done.visits.order_by("sequence")] == ["waits_for_parts", "fixed"]
    assert Ticket.objects.get(pk=ticket.pk).state == "solved"


@pytest.mark.req("DSP-13")
def test_not_possible_gives_the_ticket_back_and_provisional_keeps_the_order(world):
    given_back = world.reported(outcome="not_possible", diagnosis="需返厂")
    assert given_back.state == "done"
    assert Ticket.objects.get(pk=given_back.ticket_id).state == "open"
    again = world.order(world.ticket(equipment=world.other_machine))
    kept = world.reported(again, outcome="provisional", diagnosis="临时修复", work_done="旁路温控")
    assert kept.state == "waiting"
    assert Ticket.objects.get(pk=kept.ticket_id).state == "dispatched"


@pytest.mark.req("DSP-06")
def test_nobody_leaves_a_fault_unsolved_without_superior_and_customer(world):
    cast = world.cast
    cast.user("supervisor")
    order = world.on_site()
    me = order.engineer.user
    with pytest.raises(NotAllowed) as alone:
        orders.leave(order, solved=False, why="缺件", customer_agreed=True, by=me, at=world.at(7))
    assert "ask-leave" in alone.value.allowed
    orders.ask_to_leave(order, "缺温控仪", by=me, at=world.at(7))
    with pytest.raises(Forbidden):
        orders.sign(order, "order.leave_unsolved", approve=True, by=cast.supervisor_south)
    orders.sign(order, "order.leave_unsolved", approve=True, by=cast.supervisor, at=world.at(7.2), opinion="同意")
    with pytest.raises(NotAllowed):
        orders.leave(order, solved=False, why="缺件", customer_agreed=False, by=me, at=world.at(7.5))
    left = orders.leave(order, solved=False, why="缺件", customer_agreed=True, by=me, at=world.at(7.5))
    visit = left.visits.get()
    assert (left.state, visit.left_unsolved, visit.customer_agreed) == ("left", True, True)
    assert {"order.leave_asked", "order.signed", "order.left_unsolved"} <= set(kinds(order))


@pytest.mark.req("DSP-06")
def test_gone_unsolved_without_leave_asks_for_it_afterwards(world):
    world.cast.user("supervisor")
    order = world.reported(outcome="not_possible", diagnosis="现场无法修复")
    assert Approval.objects.get(subject=f"dispatchorder:{order.pk}", step="order.leave_unsolved").decision == "open"
    assert order.visits.get().left_unsolved


@pytest.mark.req("DSP-14")
def test_a_correction_is_a_new_version_and_leaves_the_signed_one(world, signature):
    order = world.reported(signature=signature, signed_by_name="王工")
    first = ServiceReport.objects.get()
    second = orders.correct_report(order, "工时写错", hours="2.5", by=order.engineer.user)
    assert (second.version, second.content["hours"], second.signature) == (2, "2.50", None)
    kept = ServiceReport.objects.get(pk=first.pk)
    assert kept.content == first.content
    assert kept.content_sha256 == first.content_sha256 != second.content_sha256
    assert kept.signed_by_name == "王工"
    with pytest.raises(Refused):
        orders.correct_report(order, "", hours="3", by=order.engineer.user)
    with pytest.raises(Forbidden):
        orders.correct_report(order, "改", hours="3", by=world.cast.engineer_south)


@pytest.mark.req("DSP-12")
def test_an_order_can_be_refused_reassigned_and_cancelled_with_reasons(world):
    cast = world.cast
    order = world.order()
    with pytest.raises(Refused):
        orders.refuse(order, "", by=cast.engineer)
    refused = orders.refuse(order, "生病", by=cast.engineer, at=world.at(1.2))
    assert (refused.state, Ticket.objects.get(pk=order.ticket_id).state) == ("refused", "open")
    again = world.order(refused.ticket, at=world.at(2))
    new = orders.reassign(again, cast.file("engineer-mobile"), "离得近", by=cast.dispatcher, at=world.at(2.1))
    again.refresh_from_db()
    assert (again.state, again.replaced_by, new.state) == ("reassigned", new, "issued")
    assert Ticket.objects.get(pk=order.ticket_id).state == "dispatched"
    off = orders.cancel_order(new, "客户改期", by=cast.dispatcher, at=world.at(2.2))
    assert (off.state, Ticket.objects.get(pk=order.ticket_id).state) == ("cancelled", "open")
    assert tickets.cancel_ticket(off.ticket, "客户自己修好", by=cast.dispatcher).state == "cancelled"


@pytest.mark.req("DSP-12")
def test_a_second_engineer_continues_under_the_same_ticket(world):
    cast = world.cast
    first = world.order()
    with pytest.raises(NotAllowed) as busy:
        world.order(first.ticket, engineer=cast.file("engineer-mobile"))
    assert "reassign" in busy.value.allowed
    second = world.order(first.ticket, engineer=cast.file("engineer-mobile"), additional=True)
    world.reported(first)
    assert Ticket.objects.get(pk=first.ticket_id).state == "working"
    world.reported(second)
    assert Ticket.objects.get(pk=first.ticket_id).state == "solved"


@pytest.mark.req("ORG-05", "DSP-02")
def test_nobody_without_certificate_or_on_leave_is_sent(world):
    from staff import actions as staff

    cast = world.cast
    with pytest.raises(NotAllowed) as untrained:
        world.order(engineer=cast.file("engineer-junior"))
    assert "小赵" in str(untrained.value)
    staff.plan_absence(cast.file(), by=cast.supervisor, starts_at=world.at(20), ends_at=world.at(44))
    with pytest.raises(NotAllowed) as away:
        world.order(appointment_from=world.at(24), appointment_to=world.at(26))
    assert "张海涛" in str(away.value)


@pytest.mark.req("DSP-04")
def test_late_calls_and_arrivals_are_kept_with_their_reason(world):
    order = world.order(appointment_from=world.at(4), appointment_to=world.at(5))
    me = order.engineer.user
    orders.accept(order, by=me, at=world.at(1.05))
    orders.contact(order, by=me, at=world.at(1.5), why="在山区没信号，已致歉")
    orders.depart(order, by=me, at=world.at(2))
    orders.arrive(order, by=me, at=world.at(6), why="堵车，已改时间")
    called = history.about(order).get(kind="order.contacted")
    assert (called.data["late_minutes"], called.why) == (15, "在山区没信号，已致歉")
    came = history.about(order).get(kind="order.arrived")
    assert (came.data["late_minutes"], came.data["treatment"]) == (60, "reason")


@pytest.mark.req("DSP-04", "TKT-11")
def test_steps_entered_late_keep_both_times_and_their_order(world):
    order = world.order()
    me = order.engineer.user
    with pytest.raises(Refused) as before:
        orders.accept(order, by=me, at=world.at(0.2))
    assert "at" in before.value.fields
    with pytest.raises(Refused) as future:
        orders.accept(order, by=me, at=timezone.now() + (world.at(1) - world.start))
    assert "at" in future.value.fields
    orders.accept(order, by=me, at=world.at(1.1))
    entry = history.about(order).get(kind="order.accepted")
    assert entry.at == world.at(1.1)
    assert entry.entered_at > entry.at


@pytest.mark.req("TKT-08")
def test_the_same_fault_on_the_same_machine_within_a_year_is_a_second_repair(world):
    first = world.reported().ticket
    again = world.ticket(symptom="燃烧器又点不着火了", at=world.at(20))
    other = world.ticket(symptom="微珠撒布不匀", at=world.at(20))
    assert again.repeat_of == first
    assert other.repeat_of is None
    entry = history.about(again).get(kind="ticket.repeated")
    assert f"ticket:{first.pk}" in entry.about
    assert any(name.startswith("engineer:") for name in entry.about)


@pytest.mark.req("TKT-08")
def test_tickets_are_reopened_and_merged(world):
    desk = world.cast.dispatcher
    closed = tickets.confirm(world.reported().ticket, by=desk, how="电话")
    with pytest.raises(Refused):
        tickets.reopen_ticket(closed, "", by=desk)
    opened = tickets.reopen_ticket(closed, "又坏了", by=desk)
    assert (opened.state, opened.closed_at, opened.solved_at) == ("open", None, None)
    second = world.ticket(symptom="同一故障又报", at=world.at(20))
    merged = tickets.merge_ticket(second, opened, by=desk, why="重复报修")
    assert (merged.state, merged.merged_into) == ("merged", opened)
    with pytest.raises(NotAllowed):
        tickets.merge_ticket(merged, opened, by=desk)
    with pytest.raises(Refused):
        tickets.merge_ticket(opened, opened, by=desk)


@pytest.mark.req("TKT-03")
def test_possible_duplicates_are_found_and_explained(world):
    from tickets.duplicates import possible

    first = world.ticket()
    found = possible(world.customer, world.machine, "点火不着，燃烧器点不着")
    assert [one.ticket for one in found] == [first]
    assert found[0].reason
    assert possible(world.customer, world.other_machine, "微珠不下") == []


@pytest.mark.req("SLA-04", "TKT-06")
def test_waiting_stops_the_clock_and_going_on_starts_it(world):
    desk = world.cast.dispatcher
    ticket = world.ticket()
    with pytest.raises(Refused):
        tickets.wait(ticket, "customer", why="", by=desk)
    waiting = tickets.wait(ticket, "customer", why="客户周五才有人", by=desk)
    assert (waiting.state, waiting.waiting_for) == ("waiting", "customer")
    resumed = tickets.resume(waiting, by=desk, why="客户来电")
    assert (resumed.state, resumed.waiting_for) == ("open", "")


@pytest.mark.req("TKT-06")
def test_the_path_can_change_with_a_reason(world):
    desk = world.cast.dispatcher
    ticket = tickets.choose_path(world.ticket(), "onsite", by=desk)
    with pytest.raises(Refused):
        tickets.choose_path(ticket, "factory", by=desk)
    assert tickets.choose_path(ticket, "factory", why="现场修不了", by=desk).path == "factory"


@pytest.mark.req("TKT-12")
def test_next_actions_follow_state_and_role(world):
    from tickets.next_actions import for_ticket

    cast = world.cast
    ticket = world.ticket(grade=None)
    assert for_ticket(ticket, cast.dispatcher)[0].code == "grade"
    graded = tickets.grade_ticket(ticket, 2, by=cast.dispatcher)
    assert for_ticket(graded, cast.dispatcher)[0].code == "dispatch"
    assert {offer.code for offer in for_ticket(graded, cast.finance)} <= {"agree_charges"}
    world.order(graded)
    graded.refresh_from_db()
    offers = {offer.code: offer for offer in for_ticket(graded, cast.dispatcher)}
    assert offers["cancel"].blocked_reason
    assert not offers["reassign"].blocked_reason
    for state in ("working", "waiting", "solved", "closed", "cancelled", "merged"):
        graded.state = state
        assert for_ticket(graded, cast.dispatcher)


@pytest.mark.req("TKT-08", "TKT-07")
def test_a_person_who_acts_on_an_old_view_is_told(world):
    ticket = world.ticket()
    seen = ticket.version
    tickets.choose_path(ticket, "onsite", by=world.cast.dispatcher)
    with pytest.raises(NotAllowed) as stale:
        tickets.grade_ticket(ticket, 1, why="x", by=world.cast.dispatcher, version=seen)
    assert stale.value.allowed == ["reload"]


@pytest.mark.req("TKT-01")
def test_a_call_belongs_to_its_ticket_and_keeps_when_it_came_in(world):
    from tickets.actions import calls

    desk = world.cast.dispatcher
    call = calls.record_call(by=desk, at=world.start, kind="repair", said="不点火", customer=world.customer)
    ticket = world.ticket(call=call)
    call.refresh_from_db()
    assert call.ticket == ticket
    assert call.at == world.start < call.entered_at
    assert "call.recorded" in kinds(world.customer)
    with pytest.raises(Refused):
        calls.record_call(by=desk, kind="repair", said=" ")
    with pytest.raises(Forbidden):
        calls.record_call(by=world.cast.finance, kind="repair", said="x")
