"""Every figure of a month with known events equals what was counted by hand (REP-01)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import collect
from reports.figures.values import wilson
from reports.months import Month
from reports.words import frequent

OCTOBER = Month(2026, 10)


@pytest.fixture
def figures(october):
    return collect.figures(OCTOBER)


@pytest.mark.req("REP-01")
@pytest.mark.parametrize(
    ("code", "value", "part", "whole"),
    [
        ("calls", 3, None, None),
        ("tickets", 4, None, None),
        ("by_phone", "0.25", 1, 4),
        ("second_repairs", "0.25", 1, 4),
        ("contact_in_time", "0.5", 1, 2),
        ("arrive_in_time", 1, 2, 2),
        ("first_time_fix", "0.5", 1, 2),
        ("complaints", 1, 0, None),
        ("charged", "401.00", None, None),
        ("cost", None, None, 0),
    ],
)
def test_a_figure_is_what_was_counted_by_hand(figures, code, value, part, whole):
    found = figures[code]
    assert found.value == (None if value is None else Decimal(value))
    assert (found.part, found.whole) == (part, whole)


@pytest.mark.req("REP-01")
def test_times_are_medians_and_percentiles_of_the_tickets_solved_in_the_month(figures):
    hours = sorted([0.5, 26.0, 26.0])
    assert figures["repair_median"].value == Decimal(hours[1])
    assert figures["repair_p90"].value == Decimal("26.0000")
    assert figures["repair_median"].whole == 3


@pytest.mark.req("REP-01")
def test_a_ticket_belongs_to_the_month_of_the_local_day(october):
    october.ticket(dt.datetime(2026, 9, 30, 16, 30, tzinfo=dt.UTC), "十月一日零点半")
    assert collect.figures(OCTOBER)["tickets"].value == 5


@pytest.mark.req("REP-01")
def test_what_is_open_at_the_end_is_counted_as_it_was_then(october):
    before = collect.figures(OCTOBER)["open_at_end"].value
    october.ticket(october.open.reported_at.replace(month=11, day=1), "十一月的单")
    assert collect.figures(OCTOBER)["open_at_end"].value == before


def test_counting_a_month_costs_the_same_for_few_and_many_tickets(october, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        collect.figures(OCTOBER)
    for n in range(5):
        october.ticket(october.open.reported_at, f"第 {n} 张")
    with django_assert_num_queries(len(few)):
        collect.figures(OCTOBER)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_likely_range_holds_the_share_and_stays_within_nought_and_one(part, whole):
    part = min(part, whole)
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-9
    assert part / whole - 1e-9 <= high <= 1


@pytest.mark.parametrize(("year", "number", "plus", "expected"), [(2026, 1, -1, "2025-12"), (2026, 12, 1, "2027-01")])
def test_months_have_neighbours_over_the_year(year, number, plus, expected):
    assert str(Month(year, number).plus(plus)) == expected


def test_frequent_words_leave_out_filler_and_count_texts_once():
    said = ["replace hose, hose leaking", "HOSE burst on boom", "料釜漏料，漏料"]
    words = dict(frequent(said))
    assert words["hose"] == 2
    assert words["漏料"] == 1
    assert "replace" not in words
    assert "on" not in words
