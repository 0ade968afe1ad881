"""Working time against an oracle that looks at every minute, and the edge cases of research B3 by name."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla import working_time
from sla.working_time import Clock, Layer, Nonsense, Span, clock, layer
from tests.sla.oracle import NAMES, Oracle

ZONES = [
    "Asia/Shanghai",
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Sao_Paulo",
]
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = {"zone": "Asia/Shanghai", "weekly": {name: [["09:00", "12:00"], ["13:00", "18:00"]] for name in NAMES[:5]}}
STARTS = [
    dt.datetime(2026, 3, 27, tzinfo=dt.UTC),  # the clocks of Europe go forward on the 29th
    dt.datetime(2026, 10, 23, tzinfo=dt.UTC),  # and back on the 25th
    dt.datetime(2026, 3, 6, tzinfo=dt.UTC),  # America forward on the 8th
    dt.datetime(2026, 10, 30, tzinfo=dt.UTC),  # and back on 1 November
    dt.datetime(2026, 4, 3, tzinfo=dt.UTC),  # Lord Howe back by half an hour on the 5th
    dt.datetime(2024, 2, 27, tzinfo=dt.UTC),  # a leap day
    dt.datetime(2026, 12, 29, tzinfo=dt.UTC),  # the end of a year
    dt.datetime(2006, 10, 27, tzinfo=dt.UTC),  # St. John's changed at one minute past midnight
    dt.datetime(2011, 12, 28, tzinfo=dt.UTC),  # Samoa had no 30 December
    dt.datetime(2017, 10, 13, tzinfo=dt.UTC),  # São Paulo lost its midnight
]

times = st.integers(0, 1439).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")
ranges = st.lists(st.tuples(times, st.one_of(times, st.just("24:00"))).map(list), max_size=3)


@st.composite
def clocks(draw):
    start = draw(st.sampled_from(STARTS))
    weekly = {name: draw(ranges) for name in NAMES}
    days = {
        (start.date() + dt.timedelta(days=n)).isoformat(): draw(ranges)
        for n in draw(st.sets(st.integers(-1, 6), max_size=3))
    }
    raw = {"zone": draw(st.sampled_from(ZONES)), "weekly": weekly, "days": days}
    return raw, start + dt.timedelta(minutes=draw(st.integers(0, 4000)))


@st.composite
def pauses_after(draw, start):
    found = []
    for _one in range(draw(st.integers(0, 3))):
        begin = start + dt.timedelta(minutes=draw(st.integers(-600, 6000)))
        found.append((begin, begin + dt.timedelta(minutes=draw(st.integers(0, 2000)))))
    return found


relaxed = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.req("SLA-04", "SLA-08")
@relaxed
@given(clocks(), st.integers(1, 3000), st.data())
def test_a_deadline_is_the_minute_the_oracle_counts_to(case, minutes, data):
    raw, start = case
    oracle = Oracle(raw)
    pauses = data.draw(pauses_after(start))
    assume(oracle.minutes(start, start + dt.timedelta(days=10), pauses) >= minutes)
    found = clock(raw).add(start, dt.timedelta(minutes=minutes), pauses)
    assert found.due == oracle.due(start, minutes, pauses)
    assert found.counted == dt.timedelta(minutes=minutes)
    assert all(one.length > dt.timedelta(0) for one in found.segments)
    assert all(a.end < b.start for a, b in zip(found.segments, found.segments[1:], strict=False))


@pytest.mark.req("SLA-04", "SLA-08")
@relaxed
@given(clocks(), st.integers(0, 9000), st.data())
def test_the_time_between_two_moments_is_what_the_oracle_counts(case, length, data):
    raw, start = case
    end = start + dt.timedelta(minutes=length)
    pauses = data.draw(pauses_after(start))
    assume(any(raw["weekly"].values()) or any(raw["days"].values()))
    counted = clock(raw).between(start, end, pauses)
    assert counted == dt.timedelta(minutes=Oracle(raw).minutes(start, end, pauses))


@pytest.mark.req("SLA-01")
@relaxed
@given(clocks(), st.integers(1, 4), st.one_of(st.none(), times))
def test_working_days_end_when_the_nth_one_closes(case, count, cutoff):
    raw, start = case
    assume(all(raw["weekly"].values()))
    oracle = Oracle(raw)
    day = start.astimezone(oracle.zone).date()
    late = cutoff is not None and start.astimezone(oracle.zone).strftime("%H:%M") > cutoff
    left = count + 1 if late or oracle.close_of(day) is None else count
    while left:
        day += dt.timedelta(days=1)
        if oracle.close_of(day) is not None:
            left -= 1
    span = {"working_days": count} | ({"cutoff": cutoff} if cutoff else {})
    found = clock(raw).due(start, Span.parse(span))
    assert found.due == oracle.close_of(day)
    assert found.counted == clock(raw).between(start, found.due)


@pytest.mark.req("SLA-04")
@relaxed
@given(clocks(), st.integers(1, 2000), st.integers(1, 500), st.data())
def test_more_time_never_ends_earlier_and_a_pause_adds_what_it_took(case, minutes, more, data):
    raw, start = case
    working = clock(raw | {"weekly": raw["weekly"] | {"mon": [["08:00", "17:00"]]}})
    short = working.add(start, dt.timedelta(minutes=minutes)).due
    assert short <= working.add(start, dt.timedelta(minutes=minutes + more)).due
    begin = start + dt.timedelta(minutes=data.draw(st.integers(0, 4000)))
    assume(begin < short)
    end = begin + dt.timedelta(minutes=data.draw(st.integers(1, 3000)))
    held = working.add(start, dt.timedelta(minutes=minutes), [(begin, end)]).due
    taken = working.between(begin, min(end, held))
    assert held == working.add(start, dt.timedelta(minutes=minutes) + taken).due


def at(text, zone=SHANGHAI):
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def due(raw, start, span, pauses=()):
    found = clock(raw).due(at(start), Span.parse(span), [(at(a), at(b) if b else None) for a, b in pauses])
    return None if found.due is None else found.due.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


# --- The fifteen edge cases (research B3) that are arithmetic; the others are in test_timers.py -------------------


@pytest.mark.req("SLA-04", "SLA-08")
def test_edge_1_created_outside_hours_on_a_holiday_on_a_make_up_day_and_at_lunch():
    raw = OFFICE | {"days": {"2026-10-01": [], "2026-10-10": [["09:00", "17:00"]]}}
    assert due(raw, "2026-09-30 20:00", {"minutes": 30}) == "2026-10-02 09:30:00"
    assert due(raw, "2026-10-01 10:00", {"minutes": 30}) == "2026-10-02 09:30:00"
    assert due(raw, "2026-10-10 16:45", {"minutes": 30}) == "2026-10-12 09:15:00"
    assert due(raw, "2026-09-30 12:30", {"minutes": 30}) == "2026-09-30 13:30:00"


@pytest.mark.req("SLA-04")
def test_edge_2_a_span_that_ends_exactly_at_closing_time_is_due_then():
    assert due(OFFICE, "2026-11-18 17:00", {"minutes": 60}) == "2026-11-18 18:00:00"
    assert due(OFFICE, "2026-11-18 17:00:01", {"minutes": 60}) == "2026-11-19 09:00:01"
    assert due(OFFICE, "2026-11-18 10:00", {"minutes": 120}) == "2026-11-18 12:00:00"


@pytest.mark.req("SLA-08")
def test_edge_3_whole_days_touching_ranges_and_a_night_shift_of_the_day_it_began():
    whole = {"zone": "Asia/Shanghai", "weekly": {name: [["00:00", "24:00"]] for name in NAMES}}
    assert due(whole, "2026-12-31 23:50", {"minutes": 20}) == "2027-01-01 00:10:00"
    touching = {"zone": "Asia/Shanghai", "weekly": {"mon": [["08:00", "12:00"], ["12:00", "16:00"]]}}
    assert len(clock(touching).add(at("2026-11-16 08:00"), dt.timedelta(hours=8)).segments) == 1
    night = {"zone": "Asia/Shanghai", "weekly": {"fri": [["22:00", "06:00"]]}}
    assert due(night, "2026-11-20 23:00", {"minutes": 240}) == "2026-11-21 03:00:00"
    assert due(night, "2026-11-21 05:00", {"minutes": 90}) == "2026-11-27 22:30:00"
    closed = night | {"days": {"2026-11-21": []}}
    assert due(closed, "2026-11-20 23:00", {"minutes": 240}) == "2026-11-21 03:00:00"
    assert due(night | {"days": {"2026-11-20": []}}, "2026-11-20 23:00", {"minutes": 60}) == "2026-11-27 23:00:00"


@pytest.mark.req("SLA-04")
def test_edge_4_pauses_outside_hours_over_spring_festival_in_the_last_minute_and_twice():
    plain = due(OFFICE, "2026-11-18 17:00", {"minutes": 120})
    assert due(OFFICE, "2026-11-18 17:00", {"minutes": 120}, [("2026-11-18 19:00", "2026-11-19 08:00")]) == plain
    festival = OFFICE | {"days": {f"2026-02-{day}": [] for day in range(16, 24)}}
    held = [("2026-02-13 17:00", "2026-02-24 10:00")]
    assert due(festival, "2026-02-13 16:00", {"minutes": 120}, held) == "2026-02-24 11:00:00"
    last = [("2026-11-18 17:59", "2026-11-18 18:30")]
    assert due(OFFICE, "2026-11-18 17:00", {"minutes": 60}, last) == "2026-11-19 09:01:00"
    twice = [("2026-11-18 09:30", "2026-11-18 10:30"), ("2026-11-18 10:00", "2026-11-18 11:00")]
    assert due(OFFICE, "2026-11-18 09:00", {"minutes": 60}, twice) == "2026-11-18 11:30:00"
    assert due(OFFICE, "2026-11-18 09:00", {"minutes": 60}, [("2026-11-18 09:30", None)]) is None


@pytest.mark.req("SLA-08")
def test_edge_12_a_year_that_is_not_published_is_provisional():
    known = Clock("Asia/Shanghai", (layer(OFFICE["weekly"]),), frozenset({2026}))
    assert known.provisional_years(at("2026-12-30 09:00"), at("2027-01-04 09:00")) == [2027]
    assert known.provisional_years(at("2026-12-30 09:00"), at("2026-12-31 09:00")) == []


@pytest.mark.req("SLA-04")
def test_edge_13_days_of_23_and_25_hours_and_a_wall_time_that_does_not_exist():
    berlin = ZoneInfo("Europe/Berlin")
    always = {"zone": "Europe/Berlin", "weekly": {name: [["00:00", "24:00"]] for name in NAMES}}
    spring = clock(always).due(at("2026-03-28 12:00", berlin), Span.parse({"minutes": 1440}))
    assert spring.due.astimezone(berlin).strftime("%d %H:%M") == "29 13:00"
    assert clock(always).between(at("2026-10-25 00:00", berlin), at("2026-10-26 00:00", berlin)) == dt.timedelta(
        hours=25
    )
    gap = {"zone": "Europe/Berlin", "weekly": {"sun": [["02:30", "05:00"]]}}
    assert clock(gap).between(at("2026-03-29 00:00", berlin), at("2026-03-30 00:00", berlin)) == dt.timedelta(hours=2)


@pytest.mark.req("SLA-05")
def test_edge_14_a_share_of_working_time_is_a_moment_within_hours():
    found = clock(OFFICE).add(at("2026-11-18 16:00"), dt.timedelta(hours=8))
    assert found.moment_of(0.5).astimezone(SHANGHAI).strftime("%d %H:%M") == "19 11:00"
    assert found.moment_of(0.25).astimezone(SHANGHAI).strftime("%d %H:%M") == "18 18:00"


@pytest.mark.req("SLA-01", "SLA-08")
@pytest.mark.parametrize(
    ("raw", "span", "code"),
    [
        ({"zone": "Asia/Shanghai", "weekly": {}}, {"minutes": 5}, "no_open_time"),
        (
            {"zone": "Asia/Shanghai", "weekly": {}, "days": {"2020-01-01": [["08:00", "09:00"]]}},
            {"minutes": 5},
            "no_open_time",
        ),
        (OFFICE, {"minutes": 0}, "span_zero"),
        (OFFICE, {"minutes": -5}, "span_zero"),
        (OFFICE, {"working_days": 0}, "span_zero"),
        (OFFICE, {"minutes": 10**12}, "span_too_long"),
        (OFFICE, {"minutes": True}, "not_a_number"),
        (OFFICE, {"minutes": 5, "days": 1}, "not_a_span"),
        (OFFICE, {"same_day": False}, "not_a_span"),
        (OFFICE, {}, "not_a_span"),
        (OFFICE | {"zone": "Mars/Olympus"}, {"minutes": 5}, "unknown_zone"),
        (OFFICE | {"weekly": {"mon": [["8", "9"]]}}, {"minutes": 5}, "not_a_time"),
        (OFFICE | {"weekly": {"mon": [["08:00", "24:30"]]}}, {"minutes": 5}, "not_a_time"),
        (OFFICE | {"weekly": {"monday": []}}, {"minutes": 5}, "unknown_weekday"),
        (OFFICE | {"days": {"2026-02-30": []}}, {"minutes": 5}, "not_a_date"),
    ],
)
def test_edge_15_nonsense_is_refused_and_nothing_runs_for_ever(raw, span, code):
    with pytest.raises(Nonsense) as refusal:
        clock(raw).due(at("2026-11-18 09:00"), Span.parse(span))
    assert refusal.value.code == code


# --- Bugs of others (research B2) that are arithmetic ---------------------------------------------------------------


@pytest.mark.req("SLA-04")
def test_glpi_22678_a_warning_one_hour_before_across_two_ranges_lies_in_hours():
    found = clock(OFFICE).add(at("2026-11-18 17:00"), dt.timedelta(hours=2))
    assert found.moment_of(0.5).astimezone(SHANGHAI).strftime("%d %H:%M") == "18 18:00"


@pytest.mark.req("SLA-04")
def test_glpi_10594_a_weekend_in_a_pause_adds_no_working_time():
    held = [("2026-11-20 17:00", "2026-11-23 10:00")]
    assert due(OFFICE, "2026-11-20 16:00", {"minutes": 120}, held) == "2026-11-23 11:00:00"


@pytest.mark.req("SLA-08")
def test_zammad_3180_a_day_to_midnight_has_no_closed_minute():
    whole = {"zone": "Asia/Shanghai", "weekly": {name: [["00:00", "24:00"]] for name in NAMES}}
    assert clock(whole).between(at("2026-11-18 23:58"), at("2026-11-19 00:02")) == dt.timedelta(minutes=4)


@pytest.mark.req("SLA-08")
def test_zammad_390_a_region_s_own_days_are_its_own():
    national = layer(OFFICE["weekly"])
    regional = Layer(national.weekly, {dt.date(2026, 11, 18): ()})
    assert Clock("Asia/Shanghai", (national,)).is_open(at("2026-11-18 10:00"))
    assert not Clock("Asia/Shanghai", (regional,)).is_open(at("2026-11-18 10:00"))


@pytest.mark.req("SLA-08")
def test_frappe_2212_a_lunch_break_is_no_working_time():
    assert clock(OFFICE).between(at("2026-11-18 09:00"), at("2026-11-18 18:00")) == dt.timedelta(hours=8)


@pytest.mark.req("SLA-08")
def test_osticket_6739_monday_and_thursday_need_no_hours():
    raw = {"zone": "Asia/Shanghai", "weekly": {"tue": [["09:00", "10:00"]]}}
    assert due(raw, "2026-11-18 09:00", {"minutes": 61}) == "2026-12-01 09:01:00"


@pytest.mark.req("SLA-01")
def test_glpi_s_published_table_of_working_days():
    glpi = {"zone": "Europe/Paris", "weekly": {name: [["08:00", "20:00"]] for name in NAMES[:5]}}
    paris = ZoneInfo("Europe/Paris")
    found = clock(glpi).due(at("2018-11-19 10:00", paris), Span.parse({"working_days": 7})).due
    assert found == at("2018-11-28 20:00", paris)
    week = clock(glpi).between(at("2019-01-01 00:00", paris), at("2019-01-08 00:00", paris))
    assert week == dt.timedelta(hours=12 * 5)
    assert clock(glpi).between(at("2019-01-01 07:00", paris), at("2019-01-01 09:00", paris)) == dt.timedelta(hours=1)


# --- Spans of days --------------------------------------------------------------------------------------------------


@pytest.mark.req("SLA-01")
def test_working_days_with_a_cut_off_hour():
    assert due(OFFICE, "2026-11-18 10:00", {"working_days": 3}) == "2026-11-23 18:00:00"
    assert due(OFFICE, "2026-11-18 14:00", {"working_days": 1, "cutoff": "14:00"}) == "2026-11-19 18:00:00"
    assert due(OFFICE, "2026-11-18 14:00:01", {"working_days": 1, "cutoff": "14:00"}) == "2026-11-20 18:00:00"
    assert due(OFFICE, "2026-11-21 10:00", {"working_days": 1}) == "2026-11-24 18:00:00"


@pytest.mark.req("SLA-01")
def test_days_and_the_same_day_end_with_the_local_day():
    assert due(OFFICE, "2026-11-18 10:00", {"same_day": True}) == "2026-11-19 00:00:00"
    assert due(OFFICE, "2026-11-18 10:00", {"days": 3}) == "2026-11-22 00:00:00"
    assert due(OFFICE, "2026-02-27 10:00", {"days": 2}) == "2026-03-02 00:00:00"
    assert due(OFFICE, "2024-02-28 10:00", {"days": 1}) == "2024-03-01 00:00:00"
    held = [("2026-11-18 12:00", "2026-11-18 13:30")]
    assert due(OFFICE, "2026-11-18 10:00", {"same_day": True}, held) == "2026-11-19 01:30:00"


@pytest.mark.req("SLA-08")
def test_a_new_version_of_a_clock_holds_from_its_day_on():
    summer = layer({name: [["07:00", "11:00"]] for name in NAMES}, since=dt.date(2026, 7, 1))
    both = Clock("Asia/Shanghai", (layer(OFFICE["weekly"]), summer))
    assert both.is_open(at("2026-06-30 17:00"))
    assert not both.is_open(at("2026-07-01 17:00"))
    assert both.add(at("2026-06-30 17:00"), dt.timedelta(hours=2)).due == at("2026-07-01 08:00")


@pytest.mark.req("SLA-04")
def test_long_spans_are_worked_out_at_once_and_the_memory_is_bounded():
    working = clock(OFFICE)
    found = working.add(at("2026-11-18 10:00"), dt.timedelta(minutes=working_time.MOST_MINUTES))
    assert found.counted == dt.timedelta(minutes=working_time.MOST_MINUTES)
    assert len(working._memo) <= working_time.MOST_REMEMBERED + 1
