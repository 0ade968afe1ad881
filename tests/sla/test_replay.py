"""The simulator's figures hold: the tightest span keeps its share of the cases, and nothing shorter does (SLA-07)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import replay
from sla.matching import Line, PromiseRow
from sla.replay import Case, Event
from sla.working_time import clock

pytestmark = pytest.mark.req("SLA-07")

START = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
UNTIL = START + dt.timedelta(days=400)
WEEK = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = clock({"zone": "Asia/Shanghai", "weekly": WEEK})


def promise(span, remote_minutes=0):
    terms = {
        "span": span, "clock": "office", "start_kinds": ["ticket.opened"], "stop_kinds": ["order.arrived"],
        "restart_kinds": [], "cancel_kinds": [], "reopen_kinds": [], "pausable": ["customer"],
        "remote_minutes": remote_minutes, "penalty": 10,
    }  # fmt: skip
    line = Line(id=1, target="arrive", leg="", selectors={}, record=terms)
    return PromiseRow("P", 1, dt.date.min, None, False, {}, (line,))


def case(number, begun, took, is_remote, waited):
    opened = START + dt.timedelta(minutes=begun)
    events = [Event("ticket.opened", opened)]
    if waited:
        events += [Event("ticket.waiting", opened, waits="customer")]
        events += [Event("ticket.resumed", opened + dt.timedelta(minutes=min(waited, took)))]
    events += [Event("order.arrived", opened + dt.timedelta(minutes=took))]
    return Case(f"ticket:{number}", {"is_remote": is_remote, "grade": 1 + number % 4}, events)


def runs_of(cases, span, remote_minutes):
    rules = promise(span, remote_minutes)
    return [run for one in cases for run in replay.replay(one, rules, lambda code, region: OFFICE, UNTIL)]


stories = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 9_000), st.booleans(), st.sampled_from([0, 30, 2000])),
    min_size=1,
    max_size=25,
)
spans = st.sampled_from([{"minutes": 60}, {"working_days": 1}, {"working_days": 2, "cutoff": "14:00"}, {"days": 1}])


@settings(max_examples=30, deadline=None)
@given(given=stories, span=spans, remote_minutes=st.sampled_from([0, 0, 360, 20_000]))
def test_the_tightest_span_keeps_its_share_and_one_less_does_not(given, span, remote_minutes):
    cases = [case(number, *one) for number, one in enumerate(given)]
    found = replay.tightest(runs_of(cases, span, remote_minutes), lambda code, region: OFFICE, 1)
    unit = next(name for name in ("minutes", "working_days", "days") if name in span)
    for share, amount in found.spans.items():
        kept = [not run.broken for run in runs_of(cases, span | {unit: amount}, remote_minutes)]
        assert 100 * sum(kept) >= share * len(cases)
        if amount > 1:
            less = [not run.broken for run in runs_of(cases, span | {unit: amount - 1}, remote_minutes)]
            assert 100 * sum(less) < share * len(cases)


def test_the_allowance_of_a_remote_place_is_no_part_of_the_span():
    near, far = case(1, 0, 60, False, 0), case(2, 0, 180, True, 0)
    found = replay.tightest(runs_of([near, far], {"minutes": 60}, 120), lambda code, region: OFFICE, 1)
    assert found.spans == {90: 60, 95: 60, 99: 60}


def test_groups_add_up_to_the_whole():
    runs = runs_of([case(number, 0, 100 * number, False, 0) for number in range(1, 9)], {"minutes": 240}, 0)
    by_grade = replay.counts(runs, lambda run: run.grade)
    assert (sum(one.count for one in by_grade), sum(one.broken for one in by_grade)) == (8, sum(r.broken for r in runs))
    assert sum(run.penalty for run in runs if run.broken) == 10 * sum(run.broken for run in runs)
