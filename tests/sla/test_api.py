"""The API of clocks, promises and timers: the forms other programs rely on."""

import pytest

from sla import defaults

pytestmark = pytest.mark.django_db

CLOCK = {
    "zone": "Asia/Shanghai",
    "weekly": {name: [["08:00", "12:00"], ["13:00", "17:00"]] for name in ("mon", "tue", "wed", "thu", "fri")},
    "days": {"2026-10-01": [], "2026-10-10": [["08:00", "17:00"]]},
}


@pytest.fixture
def policy(organisation):
    """The shipped clocks, chains and promises."""
    defaults.load()


@pytest.fixture
def api(cast, policy):
    return cast.api("dispatcher")


@pytest.mark.req("SLA-01", "SLA-08")
def test_a_clock_is_tried_out_with_lunch_holiday_and_make_up_day(api):
    asked = {"clock": CLOCK, "start": "2026-09-30T16:30:00+08:00", "span": {"minutes": 60}, "pauses": []}
    answer = api.post("/api/v1/clocks/preview/", asked)
    assert answer.status_code == 200
    assert answer.json()["due_at"] == "2026-10-02T08:30:00+08:00"
    assert [part["minutes"] for part in answer.json()["segments"]] == [30, 30]
    assert answer.json()["segments"][0]["from"] == "2026-09-30T16:30:00+08:00"


@pytest.mark.req("SLA-04")
def test_pauses_are_left_out_of_the_time_between(api):
    asked = {
        "clock": CLOCK,
        "start": "2026-11-18T08:00:00+08:00",
        "end": "2026-11-18T17:00:00+08:00",
        "pauses": [{"from": "2026-11-18T11:30:00+08:00", "to": "2026-11-18T13:15:00+08:00"}],
    }
    assert api.post("/api/v1/clocks/between/", asked).json()["minutes"] == 480 - 30 - 15
    other = {"clock": "always", "from": "2026-11-18T08:00:00+08:00", "to": "2026-11-18T08:00:30+08:00"}
    assert api.post("/api/v1/clocks/between/", other).json()["minutes"] == 0.5


@pytest.mark.req("SLA-08")
def test_a_stored_clock_is_named_by_its_code_and_an_unknown_year_is_said(api):
    asked = {"clock": "office", "start": "2026-09-30T17:30:00+08:00", "span": {"working_days": 1}}
    assert api.post("/api/v1/clocks/preview/", asked).json()["due_at"] == "2026-10-08T18:00:00+08:00"
    asked = {"clock": "office", "start": "2026-12-31T17:30:00+08:00", "span": {"working_days": 1}}
    assert api.post("/api/v1/clocks/preview/", asked).json()["provisional_years"] == [2027]


@pytest.mark.req("SLA-08")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clock": {"zone": "Asia/Shanghai", "weekly": {}}}, "clock"),
        ({"clock": "nothing"}, "clock"),
        ({"clock": 5}, "clock"),
        ({"clock": CLOCK | {"weekly": {"mon": "08:00"}}}, "weekly"),
        ({"span": {"minutes": 0}}, "span"),
        ({"span": {"minutes": 1, "days": 2}}, "span"),
        ({"span": None}, "span"),
        ({"start": "yesterday"}, "start"),
        ({"start": None}, "start"),
        ({"pauses": [{"from": "2026-11-18T10:00:00+08:00", "to": "2026-11-18T09:00:00+08:00"}]}, "pauses"),
        ({"pauses": "none"}, "pauses"),
        ({"start": "9999-12-31T23:00:00+00:00", "span": {"minutes": 100000}}, "span"),
    ],
)
def test_nonsense_is_refused_by_field(api, change, field):
    asked = {"clock": CLOCK, "start": "2026-11-18T09:00:00+08:00", "span": {"minutes": 60}} | change
    answer = api.post("/api/v1/clocks/preview/", asked)
    assert answer.status_code == 400
    assert field in answer.json()


@pytest.mark.req("SLA-02")
def test_the_default_promises_with_the_figures_of_the_source(api):
    asked = {"product_line": "hot_melt", "province": "410000", "grade": 2, "at": "2026-11-18T09:00:00+08:00"}
    home = {row["target"]: row for row in api.post("/api/v1/promises/preview/", asked).json()}
    assert home["contact"]["due_at"] == "2026-11-18T09:15:00+08:00"
    assert home["arrive"]["due_at"] == "2026-11-19T21:00:00+08:00"
    assert home["arrive"]["promise"] == "CN-02"
    assert home["report"]["due_at"] == "2026-11-19T00:00:00+08:00"
    away = api.post("/api/v1/promises/preview/", asked | {"province": "650000", "remote": True}).json()
    arrive = next(row for row in away if row["target"] == "arrive")
    assert arrive["due_at"] == "2026-11-20T15:00:00+08:00"
    for kind, target, due in (
        ("complaint", "answer", "2026-11-19T00:00:00+08:00"),
        ("feedback", "resolve", "2026-11-22T00:00:00+08:00"),
        ("call", "answer", "2026-11-19T00:00:00+08:00"),
    ):
        rows = api.post("/api/v1/promises/preview/", asked | {"kind": kind}).json()
        assert next(row for row in rows if row["target"] == target)["due_at"] == due


@pytest.mark.req("SLA-01")
def test_promises_are_read_by_the_office_and_changed_by_the_head_alone(api, cast):
    assert {row["code"] for row in api.get("/api/v1/promises/").json()["results"]} >= {"CN-02", "SLA-A", "SLA-G"}
    shape = api.get("/api/v1/clocks/office/").json()
    assert shape["version"] == 1
    changed = {key: shape[key] for key in ("code", "name_zh", "zone", "weekly", "days")} | {"zone": "Asia/Urumqi"}
    assert api.post("/api/v1/clocks/", changed).status_code == 403
    made = cast.api("head").post("/api/v1/clocks/", changed)
    assert made.status_code == 201
    assert made.json()["version"] == 2
    assert [row["version"] for row in api.get("/api/v1/clocks/office/versions/").json()] == [2, 1]
    assert cast.api("engineer").get("/api/v1/promises/").status_code == 403
    assert cast.api().get("/api/v1/promises/").status_code == 401


@pytest.mark.req("SLA-08")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weekly": {}}, "weekly"),
        ({"weekly": {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "weekly"),
        ({"zone": "Nowhere"}, "zone"),
        ({"name_zh": "  "}, "name_zh"),
    ],
)
def test_a_clock_that_cannot_work_is_not_stored(cast, policy, change, field):
    body = {"code": "late", "name_zh": "夜班", "zone": "Asia/Shanghai", "weekly": {"mon": [["22:00", "06:00"]]}}
    head = cast.api("head")
    assert head.post("/api/v1/clocks/", body).status_code == 201
    answer = head.post("/api/v1/clocks/", body | change)
    assert answer.status_code == 400
    assert field in answer.json()


@pytest.mark.req("SLA-01")
@pytest.mark.parametrize(
    "change",
    [
        {"span": {"minutes": 0}},
        {"clock": "nowhere"},
        {"target": "dream"},
        {"stop_kinds": []},
        {"stop_kinds": ["ticket.opened"]},
        {"pausable": ["boredom"]},
        {"chain": "nowhere"},
        {"selectors": {"moon": ["full"]}},
        {"selectors": {"grade": [7]}},
        {"warn_share": 3},
    ],
)
def test_a_promise_line_that_makes_no_sense_is_not_stored(cast, policy, change):
    line = {
        "target": "resolve",
        "span": {"minutes": 90},
        "clock": "always",
        "start_kinds": ["ticket.opened"],
        "stop_kinds": ["ticket.solved"],
    }
    head = cast.api("head")
    body = {"code": "X", "name_zh": "试", "lines": [line]}
    assert head.post("/api/v1/promises/", body).status_code == 201
    assert head.post("/api/v1/promises/", body | {"lines": [line | change]}).status_code == 400
    assert head.post("/api/v1/promises/", body | {"valid_to": "2000-01-01"}).status_code == 400
    assert head.post("/api/v1/promises/", body | {"lines": []}).status_code == 400
