"""The three guarantees on plain values."""

from datetime import date, timedelta

import pytest

from warranty.guarantees import Fault, Rule, Sale, add_working_days, rights

pytestmark = pytest.mark.req("WAR-06")

SOLD = date(2026, 3, 2)  # a Monday
SALE = Sale(SOLD, free_until=date(2027, 3, 2))
RETURN_7 = Rule("return-7", "fault_within", ("return", "exchange", "repair"), days=7)
EXCHANGE_15 = Rule("exchange-15", "fault_within", ("exchange", "repair"), days=15)
NO_REASON = Rule("no-reason-15", "no_reason_within", ("exchange",), days=15)
FAST = Rule("fast", "fault_within", ("exchange",), working_days=7, claim_within_working_days=3)
TWICE = Rule("twice", "repairs", ("exchange",), count=2)
LOAN = Rule("loan", "repair_running", ("loan",))
THIRTY = Rule("thirty", "repair_longer", ("exchange",), days=30)
NINETY = Rule("ninety", "parts_wait", ("exchange",), days=90)


def day(text):
    return date.fromisoformat(text)


def fault(number, reported, repaired=None, **more):
    return Fault(
        f"ticket:{number}", day(reported), more.pop("kind", "burner"), f"WX-{number}",
        repaired and day(repaired), **more,
    )  # fmt: skip


def codes(found):
    return [(a.rule.code, a.number) for a in found]


def test_a_fault_on_the_seventh_day_may_be_returned_and_on_the_eighth_only_exchanged():
    rules = [RETURN_7, EXCHANGE_15]
    seventh = rights(SALE, [fault(1, "2026-03-09")], rules, day("2026-03-09"))
    assert codes(seventh) == [("exchange-15", "WX-1"), ("return-7", "WX-1")]
    assert {a.rule.code: a.ends_on for a in seventh} == {
        "return-7": day("2026-03-09"),
        "exchange-15": day("2026-03-17"),
    }
    assert codes(rights(SALE, [fault(1, "2026-03-10")], rules, day("2026-03-10"))) == [("exchange-15", "WX-1")]
    assert rights(SALE, [fault(1, "2026-03-18")], rules, day("2026-03-18")) == []


def test_an_exchange_on_the_last_day_is_still_a_right():
    found = rights(SALE, [fault(1, "2026-03-17")], [EXCHANGE_15], day("2026-03-17"))
    assert found[0].ends_on == day("2026-03-17")


def test_without_a_reason_where_it_is_promised():
    found = rights(SALE, [], [NO_REASON], day("2026-03-05"))
    assert found[0].arose_on == SOLD
    assert found[0].ends_on == day("2026-03-17")


def test_a_fault_in_the_first_seven_working_days_is_exchanged_within_three_working_days():
    found = rights(SALE, [fault(1, "2026-03-11")], [FAST], day("2026-03-11"))
    assert found[0].ends_on == day("2026-03-16")
    assert rights(SALE, [fault(1, "2026-03-12")], [FAST], day("2026-03-12")) == []


def test_moved_working_days_count_as_what_they_are():
    holidays = {day("2026-03-04"), day("2026-03-05")}
    extra = {day("2026-03-07")}

    def working(when):
        return when in extra or (when.weekday() < 5 and when not in holidays)

    assert add_working_days(SOLD, 4, working) == day("2026-03-09")


def test_the_third_time_of_a_fault_repaired_twice_gives_an_exchange():
    faults = [fault(1, "2026-04-01", "2026-04-02"), fault(2, "2026-05-01", "2026-05-02"), fault(3, "2026-06-01")]
    found = rights(SALE, faults, [TWICE], day("2026-06-01"))
    assert codes(found) == [("twice", "WX-3")]
    assert found[0].ends_on == SALE.free_until
    assert "2026-04-02、2026-05-02" in found[0].reason.zh


@pytest.mark.parametrize(
    "second",
    [
        fault(2, "2026-05-01", "2026-05-02", fault_found=False),
        fault(2, "2026-05-01", "2026-05-02", cause="operation"),
        fault(2, "2026-05-01", "2026-05-02", kind="engine"),
        fault(2, "2026-05-01"),
    ],
    ids=["no fault found", "misuse", "another fault", "not repaired"],
)
def test_what_is_no_repair_of_this_fault_is_not_counted(second):
    faults = [fault(1, "2026-04-01", "2026-04-02"), second, fault(3, "2026-06-01")]
    assert rights(SALE, faults, [TWICE], day("2026-06-01")) == []


def test_repairs_before_an_exchange_and_after_the_free_period_do_not_count():
    faults = [fault(1, "2026-04-01", "2026-04-02"), fault(2, "2026-05-01", "2026-05-02"), fault(3, "2026-06-01")]
    assert rights(Sale(day("2026-04-15")), faults, [TWICE], day("2026-06-01")) == []
    assert rights(Sale(SOLD, free_until=day("2026-05-31")), faults, [TWICE], day("2026-06-01")) == []


def test_a_loan_machine_while_the_repair_lasts():
    open_repair = fault(1, "2026-04-01", out_since=day("2026-04-02"))
    assert rights(SALE, [open_repair], [LOAN], day("2026-04-05"))[0].ends_on is None
    done = fault(1, "2026-04-01", out_since=day("2026-04-02"), out_until=day("2026-04-10"))
    assert rights(SALE, [done], [LOAN], day("2026-04-05"))[0].ends_on == day("2026-04-10")


@pytest.mark.parametrize(("rule", "field", "days"), [(THIRTY, "out_since", 30), (NINETY, "parts_awaited_since", 90)])
def test_a_repair_or_a_wait_that_lasts_too_long_gives_an_exchange(rule, field, days):
    since = day("2026-04-01")
    waiting = fault(1, "2026-04-01", **{field: since})
    assert rights(SALE, [waiting], [rule], since + timedelta(days=days)) == []
    found = rights(SALE, [waiting], [rule], since + timedelta(days=days + 1))
    assert found[0].arose_on == since + timedelta(days=days + 1)


def test_a_repair_ended_in_time_gives_nothing():
    done = fault(1, "2026-04-01", out_since=day("2026-04-01"), out_until=day("2026-05-01"))
    assert rights(SALE, [done], [THIRTY], day("2026-12-01")) == []
