"""The follow-ups that come by themselves (FUP-01)."""

import datetime as dt

import pytest

from core import history, readers
from core.models import Entry
from customers import actions as customers
from followups import actions, defaults
from followups.models import Draw, FollowUp, Questionnaire, Rule
from tests.followups.conftest import at
from tickets.actions import tickets

pytestmark = [pytest.mark.django_db, pytest.mark.req("FUP-01")]


def test_two_hours_after_a_solution_by_phone(world):
    ticket = world.solved_by_phone("2026-03-02 10:00")
    followup = world.followup(ticket=ticket)
    assert (followup.rule_code, followup.state) == ("phone-solution", "due")
    assert followup.due_at == at("2026-03-02 12:00")
    assert followup.number == "HF20260302-0001"
    assert (followup.contact_name, followup.equipment) == ("王师傅", world.machine)
    assert "followup.made" in [entry.kind for entry in history.about(ticket)]


def test_three_hours_after_an_unsure_repair_and_the_next_day_after_a_sure_one(world):
    unsure, _order = world.repaired(sure=False)
    assert world.followup(ticket=unsure).rule_code == "unsure-repair"
    assert world.followup(ticket=unsure).due_at == at("2026-03-02 16:00")
    sure, _order = world.repaired(day="2026-03-05", sure=True, symptom="走线偏斜")
    assert world.followup(ticket=sure).rule_code == "repair-done"
    assert world.followup(ticket=sure).due_at == at("2026-03-06 18:00")


def test_the_day_a_service_card_comes_back_the_open_call_is_due_and_else_a_new_one_is_made(world):
    ticket, order = world.repaired()
    for _again in range(2):
        actions.return_card(order, number="06117", by=world.cast.dispatcher, at=at("2026-03-03 09:00"))
        world.read()
    followup = world.followup(ticket=ticket)
    assert followup.due_at == at("2026-03-03 18:00")
    actions.answer(followup, answers={"works": True, "overall": 5}, by=world.cast.dispatcher, at=at("2026-03-03 10:00"))
    actions.return_card(order, number="06118", by=world.cast.dispatcher, at=at("2026-03-04 19:00"))
    world.read()
    second = world.followup(ticket=ticket, rule_code="service-card")
    assert second.due_at == at("2026-03-04 23:59")


def test_after_the_sale_after_installation_and_within_ten_days_of_first_use(world, cast):
    machine = customers.add_equipment(
        by=cast.dispatcher, at=at("2026-03-02 09:00"), serial="TT-NEW", model=world.machine.model,
        customer=world.customer, purchased_on=dt.date(2026, 3, 2),
    )  # fmt: skip
    world.read()
    thanks = world.followup(equipment=machine)
    assert (thanks.rule_code, thanks.due_at) == ("thanks", at("2026-03-02 18:00"))
    customers.change_equipment(
        machine, by=cast.dispatcher, at=at("2026-03-10 09:00"), accepted_on=dt.date(2026, 3, 9),
        first_used_on=dt.date(2026, 3, 10),
    )  # fmt: skip
    world.read()
    due = dict(FollowUp.objects.filter(equipment=machine).values_list("rule_code", "due_at"))
    assert due["installation"] == at("2026-03-10 18:00")
    assert due["first-use"] == at("2026-03-20 18:00")
    assert actions.sweep(at=at("2026-03-10 12:00")) == 0


def test_a_machine_sold_long_ago_and_imported_today_asks_for_no_call(world, cast):
    customers.add_equipment(
        by=cast.dispatcher, at=at("2026-03-02 09:00"), serial="TT-OLD", model=world.machine.model,
        customer=world.customer, purchased_on=dt.date(2020, 3, 2), first_used_on=dt.date(2020, 4, 2),
    )  # fmt: skip
    world.read()
    actions.sweep(at=at("2026-03-02 10:00"))
    assert not FollowUp.objects.exists()


def test_twice_a_year_while_the_machine_is_in_warranty(world, cast):
    machine = customers.add_equipment(
        by=cast.dispatcher, at=at("2025-08-31 09:00"), serial="TT-HALF", model=world.machine.model,
        customer=world.customer, accepted_on=dt.date(2025, 8, 31),
    )  # fmt: skip
    assert actions.sweep(at=at("2026-02-27 23:00")) == 0
    assert actions.sweep(at=at("2026-02-28 08:00")) == 1
    assert actions.sweep(at=at("2026-02-28 08:10")) == 0
    assert actions.sweep(at=at("2026-09-03 08:00")) == 1, "a system that stood still catches up"
    assert actions.sweep(at=at("2027-03-01 08:00")) == 0, "the warranty is over"
    slots = FollowUp.objects.filter(equipment=machine, rule_code="half-year").values_list("slot", flat=True)
    assert sorted(slots) == ["period:1", "period:2"]


def test_a_random_sample_is_drawn_twice_a_week_and_can_be_drawn_again(world):
    for hour in range(5):
        ticket = world.ticket(moment=f"2026-03-02 0{hour}:00", symptom=f"故障 {hour} 号")
        tickets.solve_by_phone(ticket, "重启", by=world.cast.dispatcher, at=at(f"2026-03-02 0{hour}:30"))
        tickets.confirm(ticket, by=world.cast.dispatcher, at=at(f"2026-03-02 0{hour}:40"))
    made = actions.sweep(at=at("2026-03-03 08:00"))
    draw = Draw.objects.get(slot=dt.date(2026, 3, 3))
    assert made == len(draw.chosen) == 3
    assert len(draw.population) == 5
    assert set(FollowUp.objects.filter(rule_code="sample").values_list("ticket__number", flat=True)) == set(draw.chosen)
    from followups import scheduling

    assert scheduling.draw(draw.population[::-1], 3, scheduling.seed("sample", draw.slot)) == draw.chosen
    assert actions.sweep(at=at("2026-03-03 09:00")) == 0
    assert actions.sweep(at=at("2026-03-17 09:00")) == 0
    days = list(Draw.objects.order_by("slot").values_list("slot", flat=True))
    assert [day.isoweekday() for day in days] == [5, 2, 5, 2, 5, 2, 5, 2]


def test_killed_after_any_entry_and_read_again_nothing_is_doubled(world):
    world.solved_by_phone()
    before = FollowUp.objects.count()
    readers.catch_up("followups.rules")
    world.read()
    actions.make_for_entry(Entry.objects.get(kind="ticket.solved_by_phone"))
    assert FollowUp.objects.count() == before == 1
    assert Entry.objects.filter(kind="followup.made").count() == 1


def test_a_reopened_ticket_takes_its_call_back_and_the_next_solution_brings_another(world):
    ticket = world.solved_by_phone("2026-03-02 10:00")
    tickets.reopen_ticket(ticket, "又熄火", by=world.cast.dispatcher, at=at("2026-03-02 10:30"))
    world.read()
    assert world.followup(ticket=ticket).state == "cancelled"
    tickets.solve_by_phone(ticket, "换热电偶", by=world.cast.dispatcher, at=at("2026-03-02 11:00"))
    world.read()
    assert world.followup(ticket=ticket, state="due").due_at == at("2026-03-02 13:00")


def test_a_changed_rule_is_a_new_version_and_calls_made_before_keep_theirs(world, cast):
    first = world.solved_by_phone("2026-03-02 10:00")
    old = Rule.objects.get(code="phone-solution")
    values = {
        name: getattr(old, name)
        for name in ("name_zh", "name_en", "trigger", "spec", "questionnaire", "roles", "max_attempts", "retry_hours")
    }
    actions.add_rule(
        code="phone-solution", by=cast.supervision, at=at("2026-03-03 08:00"), valid_from=dt.date(2026, 3, 3),
        delay={"minutes": 30}, why="客户嫌慢", **values,
    )  # fmt: skip
    second = world.solved_by_phone("2026-03-03 10:00", reported="2026-03-03 09:00", symptom="别的毛病")
    assert world.followup(ticket=first).rule == old
    assert world.followup(ticket=second).due_at == at("2026-03-03 10:30")


def test_loading_the_shipped_rules_again_changes_nothing(policy):
    before = [list(model.objects.order_by("pk").values()) for model in (Rule, Questionnaire)]
    defaults.load()
    assert [list(model.objects.order_by("pk").values()) for model in (Rule, Questionnaire)] == before
    assert {rule.code for rule in Rule.objects.all()} == {
        "thanks", "first-use", "installation", "phone-solution", "unsure-repair", "repair-done", "service-card",
        "half-year", "sample",
    }  # fmt: skip
