"""The three guarantees arise from real tickets, and days out of service are counted where a policy adds them."""

import datetime as dt

import pytest

from core import readers
from customers import actions as customers
from tests.followups.conftest import at, world  # noqa: F401
from tickets import rights
from tickets.actions import tickets
from tickets.models import FaultType
from tickets.tasks import watch_rights
from warranty import actions as warranty
from warranty.models import DaysOut, Right

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(world):  # noqa: F811
    return customers.change_equipment(
        world.machine, by=world.cast.dispatcher, purchased_on=dt.date(2026, 3, 1), accepted_on=dt.date(2026, 3, 1)
    )


def report(world, machine, moment, grade=3, fault_type=None):  # noqa: F811
    return tickets.open_ticket(
        by=world.cast.dispatcher, at=at(moment), equipment=machine, symptom="点不着火", grade=grade,
        fault_type=fault_type or FaultType.objects.order_by("pk").first(), contact_name="王", contact_phone="139",
    )  # fmt: skip


def solve(world, ticket, moment):  # noqa: F811
    tickets.solve_by_phone(ticket, "重启", by=world.cast.dispatcher, at=at(moment))


@pytest.mark.req("WAR-06")
def test_a_fault_in_the_first_days_gives_rights_and_reading_again_gives_no_more(world, machine):  # noqa: F811
    report(world, machine, "2026-03-05 09:00")
    readers.work()
    readers.catch_up("tickets.rights")
    readers.work()
    found = {right.rule.code: right.ends_on for right in Right.objects.all()}
    assert found == {"return-7": dt.date(2026, 3, 8), "exchange-15": dt.date(2026, 3, 16)}


@pytest.mark.req("WAR-06")
def test_the_same_fault_repaired_twice_and_back_again_gives_an_exchange(world, machine):  # noqa: F811
    for day in (1, 10):
        solve(world, report(world, machine, f"2026-05-{day:02d} 09:00"), f"2026-05-{day:02d} 10:00")
    readers.work()
    assert not Right.objects.filter(rule__code="exchange-after-two").exists()
    third = report(world, machine, "2026-05-20 09:00")
    readers.work()
    right = Right.objects.get(rule__code="exchange-after-two")
    assert (right.number, right.ends_on) == (third.number, dt.date(2027, 3, 1))


@pytest.mark.req("WAR-06")
def test_a_reopened_ticket_counts_as_a_repair_that_failed(world, machine):  # noqa: F811
    ticket = report(world, machine, "2026-05-01 09:00")
    for hour in (10, 12):
        solve(world, ticket, f"2026-05-01 {hour}:00")
        tickets.reopen_ticket(ticket, "又坏了", by=world.cast.dispatcher, at=at(f"2026-05-01 {hour + 1}:00"))
    readers.work()
    assert Right.objects.get(rule__code="exchange-after-two").number == ticket.number


@pytest.mark.req("WAR-06")
def test_a_repair_that_lasts_too_long_gives_an_exchange_by_waiting_alone(world, machine, freeze):  # noqa: F811
    report(world, machine, "2026-05-01 09:00", grade=1)
    readers.work()
    assert not Right.objects.exists()
    freeze("2026-06-01 01:15")
    assert watch_rights() == 1
    assert watch_rights() == 0
    assert Right.objects.get().rule.code == "repair-30"


@pytest.mark.req("WAR-05")
def test_days_out_of_service_are_counted_where_a_term_adds_them(world, machine):  # noqa: F811
    solve(world, report(world, machine, "2026-04-01 09:00", grade=1), "2026-04-03 10:00")
    readers.work()
    assert not DaysOut.objects.exists()
    warranty.add_term(
        by=None, at=at("2026-04-05 09:00"), code="own", valid_from=dt.date(2026, 4, 5), equipment=machine, months=12,
        adds_days_out=True, name_zh="一年，停机顺延", name_en="One year and days out",
    )  # fmt: skip
    solve(world, report(world, machine, "2026-05-01 09:00", grade=1), "2026-05-10 10:00")
    readers.work()
    row = DaysOut.objects.get()
    assert (row.first, row.last) == (dt.date(2026, 5, 1), dt.date(2026, 5, 10))
    assert warranty.decide(machine, on=dt.date(2026, 6, 1)).until == dt.date(2027, 3, 11)


@pytest.mark.req("WAR-06")
def test_merged_and_cancelled_reports_are_no_faults(world, machine):  # noqa: F811
    ticket = report(world, machine, "2026-03-05 09:00")
    tickets.cancel_ticket(ticket, "打错了", by=world.cast.dispatcher, at=at("2026-03-05 09:10"))
    assert rights.faults_of(machine, until=at("2026-03-06 00:00")) == []
