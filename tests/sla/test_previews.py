"""The preview endpoints against a reckoning of their own: a set of open wall minutes, looked at minute by minute."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db

PREVIEW, BETWEEN, PROMISES = "/api/v1/clocks/preview/", "/api/v1/clocks/between/", "/api/v1/promises/preview/"
MINUTE = dt.timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NIGHTS = {"zone": "Asia/Shanghai", "weekly": {"fri": [["22:00", "06:00"]], "sun": [["22:00", "06:00"]]}}
OFFICE = {"zone": "Asia/Shanghai", "weekly": {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in DAYS[:5]}}
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def api(policy, cast):
    return cast.api("dispatcher")


class Wall:
    """All open minutes that a wall clock shows over some weeks, as pairs of day and minute."""

    def __init__(self, raw, first, days):
        self.zone = ZoneInfo(raw["zone"])
        self.open, self.closing = set(), {}
        for number in range(-2, days):
            day = first + dt.timedelta(days=number)
            for a, b in raw.get("days", {}).get(day.isoformat(), raw["weekly"].get(DAYS[day.weekday()], [])):
                begin, end = (int(t[:2]) * 60 + int(t[3:]) for t in (a, b))
                for minute in range(begin, end if end > begin else end + 1440):
                    self.open.add((day + dt.timedelta(days=minute // 1440), minute % 1440))
                    self.closing.setdefault(day, set()).add((day + dt.timedelta(days=minute // 1440), minute % 1440))

    def shows(self, at):
        local = at.astimezone(self.zone)
        return local.date(), local.hour * 60 + local.minute

    def counted(self, start, end, pauses=(), always=False):
        """Every minute that counts from `start` on, lazily."""
        at = start
        while end is None or at < end:
            held = any(a <= at < (b or at + MINUTE) for a, b in pauses)
            if not held and (always or self.shows(at) in self.open):
                yield at
            at += MINUTE

    def after(self, start, minutes, pauses, horizon, always=False):
        for number, at in enumerate(self.counted(start, start + horizon, pauses, always), start=1):
            if number == minutes:
                return at + MINUTE
        return None

    def end_of(self, start, wanted):
        """The first instant from which on the wall shows none of the wanted minutes any more."""
        at, last = start, None
        for _minute in range(60 * 24 * 40):
            if self.shows(at) in wanted:
                last = at + MINUTE
            at += MINUTE
        return last


zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"])
firsts = st.sampled_from(
    [dt.date(2026, 3, 27), dt.date(2026, 10, 23), dt.date(2026, 3, 6), dt.date(2026, 10, 30), dt.date(2024, 2, 27)]
)
moments = st.integers(0, 1439).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")
ranges = st.lists(st.tuples(moments, st.one_of(moments, st.just("24:00"))).map(list), max_size=2)


@st.composite
def cases(draw):
    zone, first = draw(zones), draw(firsts)
    days = {(first + dt.timedelta(days=n)).isoformat(): draw(ranges) for n in draw(st.sets(st.integers(-1, 5)))}
    raw = {"zone": zone, "weekly": {day: draw(ranges) for day in DAYS}, "days": days}
    start = dt.datetime.combine(first, dt.time(), dt.UTC) + draw(st.integers(0, 4320)) * MINUTE
    pauses = []
    for _pause in range(draw(st.integers(0, 3))):
        begin = start + draw(st.integers(-2000, 5000)) * MINUTE
        pauses.append((begin, begin + draw(st.integers(0, 3000)) * MINUTE))
    return raw, start, pauses


def written(pauses):
    return [{"from": a.isoformat(), "to": b and b.isoformat()} for a, b in pauses]


@pytest.mark.req("SLA-01", "SLA-04", "SLA-08")
@few
@given(case=cases(), minutes=st.integers(1, 2500))
def test_minutes_end_where_the_wall_says_and_the_segments_add_up(api, case, minutes):
    raw, start, pauses = case
    wall = Wall(raw, start.date(), 24)
    due = wall.after(start, minutes, pauses, dt.timedelta(days=20))
    assume(due is not None)
    asked = {"clock": raw, "start": start.isoformat(), "span": {"minutes": minutes}, "pauses": written(pauses)}
    body = api.post(PREVIEW, asked).json()
    assert dt.datetime.fromisoformat(body["due_at"]) == due
    assert sum(one["minutes"] for one in body["segments"]) == minutes
    for one in body["segments"]:
        begin, end = dt.datetime.fromisoformat(one["from"]), dt.datetime.fromisoformat(one["to"])
        assert end - begin == one["minutes"] * MINUTE
        assert len(list(wall.counted(begin.astimezone(dt.UTC), end, pauses))) == one["minutes"]


@pytest.mark.req("SLA-04", "SLA-08")
@few
@given(case=cases(), length=st.integers(0, 8000))
def test_between_counts_the_minutes_on_the_wall(api, case, length):
    raw, start, pauses = case
    assume(any(raw["weekly"].values()) or any(raw["days"].values()))
    end = start + length * MINUTE
    asked = {"clock": raw, "start": start.isoformat(), "end": end.isoformat(), "pauses": written(pauses)}
    wall = Wall(raw, start.date(), 10)
    assert api.post(BETWEEN, asked).json()["minutes"] == len(list(wall.counted(start, end, pauses)))


@pytest.mark.req("SLA-01", "SLA-04")
@few
@given(case=cases(), days=st.integers(0, 4))
def test_days_end_with_the_local_day_whatever_the_clock_says(api, case, days):
    raw, start, pauses = case
    assume(any(raw["weekly"].values()))
    wall = Wall(raw, start.date(), 1)
    last, at = wall.shows(start)[0] + dt.timedelta(days=days), start
    while wall.shows(at)[0] <= last:
        at += MINUTE
    span = {"days": days} if days else {"same_day": True}
    asked = {"clock": raw, "start": start.isoformat(), "span": span, "pauses": written(pauses)}
    due = wall.after(start, (at - start) // MINUTE, pauses, dt.timedelta(days=30), always=True)
    assert dt.datetime.fromisoformat(api.post(PREVIEW, asked).json()["due_at"]) == due


@pytest.mark.req("SLA-01", "SLA-04")
@few
@given(case=cases(), count=st.integers(1, 3), cutoff=st.one_of(st.none(), moments))
def test_working_days_end_when_the_nth_one_closes_and_pauses_add_what_they_took(api, case, count, cutoff):
    raw, start, pauses = case
    wall = Wall(raw, start.date(), 30)
    local = start.astimezone(wall.zone)
    day, left = local.date(), count
    if day not in wall.closing or (cutoff and local.strftime("%H:%M") > cutoff):
        left += 1
    while left:
        day += dt.timedelta(days=1)
        assume(day < start.date() + dt.timedelta(days=20))
        left -= day in wall.closing
    close = wall.end_of(start, wall.closing[day])
    assume(close is not None)
    minutes = len(list(wall.counted(start, close)))
    assume(minutes)
    due = wall.after(start, minutes, pauses, dt.timedelta(days=25))
    assume(due is not None)
    span = {"working_days": count} | ({"cutoff": cutoff} if cutoff else {})
    asked = {"clock": raw, "start": start.isoformat(), "span": span, "pauses": written(pauses)}
    assert dt.datetime.fromisoformat(api.post(PREVIEW, asked).json()["due_at"]) == due


# --- Said by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.req("SLA-01", "SLA-04", "SLA-08")
@pytest.mark.parametrize(
    ("clock", "start", "span", "pauses", "due"),
    [
        # a Sunday's night shift runs into Monday, which is closed itself
        (NIGHTS, "2026-11-22T23:00:00+08:00", {"minutes": 360}, [], "2026-11-23T05:00:00+08:00"),
        (NIGHTS, "2026-11-23T06:00:00+08:00", {"minutes": 1}, [], "2026-11-27T22:01:00+08:00"),
        # closing Saturday leaves the tail of Friday; closing Friday takes its tail along
        (
            NIGHTS | {"days": {"2026-11-21": []}},
            "2026-11-21T05:00:00+08:00",
            {"minutes": 60},
            [],
            "2026-11-21T06:00:00+08:00",
        ),
        (
            NIGHTS | {"days": {"2026-11-20": []}},
            "2026-11-21T05:00:00+08:00",
            {"minutes": 60},
            [],
            "2026-11-22T23:00:00+08:00",
        ),
        # a range that ends where it begins is a whole day from there on
        (
            {"weekly": {"mon": [["09:00", "09:00"]]}},
            "2026-11-23T09:00:00+08:00",
            {"minutes": 1440},
            [],
            "2026-11-24T09:00:00+08:00",
        ),
        (
            {"weekly": {"mon": [["00:00", "24:00"]]}},
            "2026-11-23T00:00:00+08:00",
            {"minutes": 1440},
            [],
            "2026-11-24T00:00:00+08:00",
        ),
        # ranges that overlap count once
        (
            {"weekly": {"mon": [["08:00", "12:00"], ["10:00", "13:00"]]}},
            "2026-11-23T08:00:00+08:00",
            {"minutes": 300},
            [],
            "2026-11-23T13:00:00+08:00",
        ),
        # without a zone it is ours, and a moment without an offset is local to the clock
        (
            {"weekly": {"mon": [["08:00", "12:00"]]}},
            "2026-11-23T08:00:00",
            {"minutes": 60},
            [],
            "2026-11-23T09:00:00+08:00",
        ),
        (OFFICE | {"zone": "Europe/Berlin"}, "2026-11-23T08:00:00", {"minutes": 60}, [], "2026-11-23T09:00:00+01:00"),
        # the hour that is there twice, and the one that is not there
        (
            {"zone": "America/New_York", "weekly": {"sun": [["01:00", "03:00"]]}},
            "2026-11-01T00:00:00-04:00",
            {"minutes": 180},
            [],
            "2026-11-01T03:00:00-05:00",
        ),
        (
            {"zone": "Europe/Berlin", "weekly": {"sun": [["02:00", "04:00"]]}},
            "2026-03-29T00:00:00+01:00",
            {"minutes": 60},
            [],
            "2026-03-29T04:00:00+02:00",
        ),
        # a leap day counts as the day it is
        (OFFICE, "2024-02-28T10:00:00+08:00", {"working_days": 1}, [], "2024-02-29T17:00:00+08:00"),
        (OFFICE, "2024-02-28T10:00:00+08:00", {"days": 2}, [], "2024-03-02T00:00:00+08:00"),
        # an open pause keeps a deadline from coming, one after it does not, an ended one before it neither
        (OFFICE, "2026-11-23T08:00:00+08:00", {"minutes": 60}, [("2026-11-23T08:30:00+08:00", None)], None),
        (
            OFFICE,
            "2026-11-23T08:00:00+08:00",
            {"minutes": 60},
            [("2026-11-23T09:00:00+08:00", None)],
            "2026-11-23T09:00:00+08:00",
        ),
        (
            OFFICE,
            "2026-11-23T08:00:00+08:00",
            {"minutes": 60},
            [
                ("2026-11-22T08:00:00+08:00", "2026-11-23T08:10:00+08:00"),
                ("2026-11-23T08:05:00+08:00", "2026-11-23T08:20:00+08:00"),
            ],
            "2026-11-23T09:20:00+08:00",
        ),
        # seconds are kept
        (OFFICE, "2026-11-23T11:59:30+08:00", {"minutes": 1}, [], "2026-11-23T13:00:30+08:00"),
    ],
)
def test_odd_clocks_and_pauses_are_worked_out(api, clock, start, span, pauses, due):
    held = [{"from": a, "to": b} for a, b in pauses]
    body = api.post(PREVIEW, {"clock": clock, "start": start, "span": span, "pauses": held})
    assert body.status_code == 200, body.json()
    assert body.json()["due_at"] == due


@pytest.mark.req("SLA-01", "SLA-08")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clock": {"weekly": {}}}, "clock"),
        ({"clock": {"weekly": {day: [] for day in DAYS}}}, "clock"),
        ({"clock": {"weekly": {}, "days": {"2020-01-01": [["08:00", "09:00"]]}}}, "clock"),
        ({"clock": None}, "clock"),
        ({"clock": "nobody's"}, "clock"),
        ({"clock": OFFICE | {"zone": "Mars/Olympus"}}, "zone"),
        ({"clock": OFFICE | {"zone": 7}}, "zone"),
        ({"clock": OFFICE | {"weekly": {"mon": [["24:00", "24:00"]]}}}, "weekly"),
        ({"clock": OFFICE | {"weekly": {"mon": [["08:00"]]}}}, "weekly"),
        ({"clock": OFFICE | {"weekly": {"mon": [["08:00", "25:00"]]}}}, "weekly"),
        ({"clock": OFFICE | {"weekly": {"mon": [["08:60", "09:00"]]}}}, "weekly"),
        ({"clock": OFFICE | {"weekly": []}}, "clock"),
        ({"clock": OFFICE | {"weekly": ["mon"]}}, "weekly"),
        ({"clock": OFFICE | {"days": {"2026-02-29": []}}}, "days"),
        ({"clock": OFFICE | {"days": {"2026-02-27": None}}}, "days"),
        ({"span": {}}, "span"),
        ({"span": {"minutes": -1}}, "span"),
        ({"span": {"minutes": 1.5}}, "span"),
        ({"span": {"minutes": "60"}}, "span"),
        ({"span": {"days": 0}}, "span"),
        ({"span": {"working_days": 10**9}}, "span"),
        ({"span": {"minutes": 10**18}}, "span"),
        ({"span": {"working_days": 1, "cutoff": "late"}}, "span"),
        ({"span": {"minutes": 5, "cutoff": "14:00"}}, "span"),
        ({"span": {"hours": 5}}, "span"),
        ({"start": "2026-13-01T00:00:00Z"}, "start"),
        ({"start": 5}, "start"),
        ({"pauses": [{"to": "2026-11-23T09:00:00Z"}]}, "pauses"),
        ({"pauses": ["noon"]}, "pauses"),
        ({"pauses": [{"from": "x", "to": None}]}, "pauses"),
    ],
)
def test_nonsense_is_refused_by_the_field_it_stands_in(api, change, field):
    asked = {"clock": OFFICE, "start": "2026-11-23T09:00:00+08:00", "span": {"minutes": 60}} | change
    answer = api.post(PREVIEW, asked)
    assert answer.status_code == 400
    assert field in answer.json()


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["08:00", "24:00", "2026-11-23", "2026-11-23T08:00:00Z", "0001-01-01T00:00:00+14:00", "office"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["zone", "weekly", "days", "mon", "minutes", "cutoff", "from", "to", "2026-10-01", "x"]),
            inner,
        )
    ),
    max_leaves=8,
)


@pytest.mark.req("SLA-08", "OPN-01")
@few
@given(broken=anything, place=st.sampled_from(["clock", "start", "end", "span", "pauses", "region", ""]))
def test_whatever_is_sent_is_answered_or_refused_never_a_fault(api, broken, place):
    good = {"clock": OFFICE, "start": "2026-11-23T09:00:00+08:00", "span": {"minutes": 60}}
    good["end"] = "2026-11-24T09:00:00+08:00"
    asked = good | {place: broken} if place else broken
    for url in (PREVIEW, BETWEEN):
        assert api.post(url, asked).status_code in (200, 400)


@pytest.mark.req("SLA-01", "OPN-01")
@few
@given(
    broken=anything,
    place=st.sampled_from(
        [
            "equipment",
            "product_line",
            "product_model",
            "province",
            "remote",
            "contract",
            "customer",
            "grade",
            "at",
            "kind",
            "",
        ]
    ),
)
def test_a_promise_is_foreseen_or_refused_whatever_is_sent(api, broken, place):
    good = {"product_line": "hot_melt", "province": "410000", "grade": 2, "at": "2026-11-23T09:00:00+08:00"}
    asked = good | {place: broken} if place else broken
    assert api.post(PROMISES, asked).status_code in (200, 400)
