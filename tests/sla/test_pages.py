"""Pages: ledger, promise keeping, settings, simulator, promise letter."""

import datetime as dt
import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Contract, Customer
from sla.models import Chain, Clock, Promise, PromiseChoice

pytestmark = pytest.mark.django_db

PAGES = [
    "/promises/keeping/",
    "/promises/keeping/?group=region&month=2026-11",
    "/promises/keeping/?group=month&grade=2",
    "/promises/keeping/?group=engineer",
    "/settings/promises/",
    "/settings/promises/CN-02/",
    "/settings/promises/SLA-B/",
    "/settings/promises/CN-02/change/",
    "/settings/promises/new/",
    "/settings/promises/simulator/",
    "/settings/promises/try/?product_line=hot_melt&province=410000&grade=2&at=2026-11-18T09:00",
    "/settings/promises/try/?province=nowhere",
    "/settings/clocks/",
    "/settings/clocks/office/",
    "/settings/clocks/office/?year=2027",
    "/settings/clocks/office/change/",
    "/settings/clocks/new/",
    "/settings/clocks/office/try/?start=2026-11-18T17:00&unit=minutes&amount=120",
    "/settings/clocks/office/try/?start=2026-11-18T17:00&unit=minutes&amount=0",
    "/settings/chains/",
    "/settings/chains/customer/",
    "/settings/chains/customer/change/",
    "/settings/chains/new/",
]


@pytest.fixture
def november(story, sweep):
    """Deadlines kept, missed and open."""
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.happens("order.contacted", "18 09:10")
    story.waits("18 10:00", reason="weather", why="大风", evidence="照片 1")
    story.goes_on("18 11:00")
    sweep("19 22:01")
    sweep("19 22:02")
    return story


@pytest.mark.req("SLA-06", "SLA-08")
@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(cast, november, url, language):
    client = cast.browser("head")
    assert client.get(url, headers={"accept-language": language}).status_code == 200


@pytest.mark.req("SLA-06")
def test_the_ledger_is_a_fragment_under_the_chips_and_a_page_of_its_own(cast, november):
    timer = november.timer()
    client = cast.browser("dispatcher")
    fragment = client.get(timer.url, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "大风" in fragment
    assert "照片 1" in fragment
    page = client.get(timer.url).content.decode()
    assert "<html" in page
    assert cast.browser("engineer").get(timer.url).status_code == 200
    assert cast.browser("engineer-south").get(timer.url).status_code == 404


@pytest.mark.req("SLA-05", "SLA-06")
def test_taking_note_and_giving_the_reason_on_the_page(cast, november):
    timer = november.timer()
    client = cast.browser("supervisor")
    assert client.post(f"{timer.url}acknowledge/").status_code == 302
    assert november.timer().acknowledged_by == cast.supervisor
    answer = client.post(f"{timer.url}reason/", {"reason": "", "responsible": "engineer"})
    assert answer.status_code == 400
    client.post(f"{timer.url}reason/", {"reason": "高速封闭", "responsible": "nobody"})
    assert november.timer().breach_reason == "高速封闭"


@pytest.mark.req("SLA-06", "SLA-09")
def test_promise_keeping_counts_and_lists_what_was_missed(cast, november):
    page = cast.browser("manager").get("/promises/keeping/?month=2026-11")
    assert (page.context["total"].kept, page.context["total"].missed) == (2, 1)
    assert [row["timer"].target for row in page.context["breaches"]] == ["arrive"]
    assert {row["label"] for row in page.context["waiting"]} == {"售后工程师"}
    assert page.context["waited"][0][1:] == (dt.timedelta(hours=1), 1)
    sheet = cast.browser("manager").get("/promises/keeping/?month=2026-11&export=xlsx")
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    assert cast.browser("supervisor-south").get("/promises/keeping/?month=2026-11").context["total"].count == 0
    assert cast.browser("engineer").get("/promises/keeping/").status_code == 403


@pytest.mark.req("SLA-06", "SLA-09")
def test_promise_keeping_over_the_api(cast, november):
    api = cast.api("manager")
    answer = api.get("/api/v1/promise-keeping/?month=2026-11&by=target").json()
    assert answer["total"] == {"key": "", "label": "", "kept": 2, "missed": 1, "percent": pytest.approx(200 / 3)}
    assert {one["key"]: one["missed"] for one in answer["groups"]} == {"arrive": 1, "contact": 0, "team": 0}
    assert answer["waiting"][0]["party"] == "party:engineer"
    assert api.get("/api/v1/promise-keeping/?month=november").status_code == 400
    timers = api.get("/api/v1/timers/?state=broken&month=2026-11&promise=CN-02&grade=2&region=NW").json()["results"]
    assert [one["target"] for one in timers] == ["arrive"]
    assert timers[0]["breach"]["at"] == timers[0]["due_at"]
    assert sum(part["minutes"] for part in timers[0]["segments"]) == timers[0]["span_minutes"] == 2160


@pytest.mark.req("SLA-08")
def test_a_clock_changes_by_a_new_version(cast, policy):
    client = cast.browser("head")
    form = client.get("/settings/clocks/office/change/").context["form"]
    values = {name: value for name, value in form.initial.items() if value is not False}
    values |= {"sat": "9:00-12:00", "days": values["days"] + "\n2027-01-01", "published_years": "2026 2027"}
    answer = client.post("/settings/clocks/office/change/", values | {"why": "周六值班"})
    assert answer.status_code == 302, answer.context["form"].errors
    clock = Clock.objects.get(code="office", version=2)
    assert clock.weekly["sat"] == [["09:00", "12:00"]]
    assert clock.days["2027-01-01"] == []
    assert Clock.objects.get(code="office", version=1).weekly.get("sat") is None
    bad = client.post("/settings/clocks/office/change/", values | {"mon": "8 bis 12"})
    assert bad.status_code == 400
    assert "mon" in bad.context["form"].errors
    assert cast.browser("dispatcher").get("/settings/clocks/office/change/").status_code == 403


@pytest.mark.req("SLA-01")
def test_a_promise_is_written_and_changed_on_its_page(cast, policy):
    client = cast.browser("head")
    page = client.get("/settings/promises/SLA-A/change/")
    data = posted(page.context["form"], page.context["parts"])
    data |= {"lines-0-amount": "90", "lines-1-DELETE": "on", "selectors": "kind: ticket\ngrade: 1, 2"}
    answer = client.post("/settings/promises/SLA-A/change/", data)
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["parts"].errors)
    made = Promise.objects.get(code="SLA-A", version=2)
    assert made.selectors == {"kind": ["ticket"], "grade": [1, 2]}
    assert [(line.target, line.span) for line in made.lines.all()] == [("arrive", {"minutes": 90})]
    bad = client.post("/settings/promises/SLA-A/change/", data | {"lines-0-amount": "0"})
    assert bad.status_code == 400
    assert Promise.objects.filter(code="SLA-A").count() == 2


@pytest.mark.req("SLA-05")
def test_a_chain_is_changed_on_its_page_and_its_rungs_must_rise(cast, policy):
    client = cast.browser("head")
    page = client.get("/settings/chains/customer/change/")
    data = posted(page.context["form"], page.context["parts"]) | {"rungs-1-after": "30"}
    assert client.post("/settings/chains/customer/change/", data).status_code == 302
    assert Chain.objects.get(code="customer", version=2).rungs[1]["after"] == 30
    assert client.post("/settings/chains/customer/change/", data | {"rungs-1-after": "0"}).status_code == 400


@pytest.mark.req("SLA-03")
def test_a_contract_gets_a_promise_and_loses_it_again(cast, policy):
    client = cast.browser("head")
    assert client.post("/settings/promises/SLA-B/choices/", {"contract": "2026-9"}).status_code == 302
    choice = PromiseChoice.objects.get()
    assert "2026-9" in client.get("/settings/promises/SLA-B/").content.decode()
    client.post(f"/settings/promises/SLA-B/choices/{choice.pk}/drop/")
    assert not PromiseChoice.objects.exists()


@pytest.mark.req("SLA-07")
def test_the_simulator_replays_a_sheet_of_events(cast, policy):
    rows = ["case,event,at,grade", "A,opened,2026-11-02 09:00,2", "A,on site,2026-11-02 10:30,2"]
    rows += ["B,opened,2026-11-03 09:00,1", "B,on site,2026-11-03 13:00,1"]
    upload = SimpleUploadedFile("log.csv", "\n".join(rows).encode(), "text/csv")
    answer = cast.browser("head").post(
        "/settings/promises/simulator/",
        {
            "promise": "SLA-A",
            "start": "2026-11-01",
            "end": "2026-11-30",
            "file": upload,
            "names": "opened = ticket.opened\non site = order.arrived",
        },
    )
    assert answer.status_code == 200
    arrive = answer.context["lines"][0]["result"]
    assert (arrive.count, arrive.broken) == (2, 1)
    assert arrive.tightest.spans == {90: 240, 95: 240, 99: 240}
    late = [one["label"] for one in answer.context["worst"] if one["late"]]
    assert late == ["B"]


@pytest.mark.req("SLA-07")
def test_the_promise_letter_is_printed_in_both_languages_from_the_same_data(cast, policy):
    customer = Customer.objects.create(number="KH1", name="定边鑫路工程有限公司", province=cast.province("610000"))
    Contract.objects.create(number="2026-9", customer=customer)
    client = cast.browser("head")
    chinese = text_of(client.get("/settings/promises/SLA-B/letter/?lang=zh&contract=2026-9"))
    assert "服务承诺书" in chinese
    assert "定边鑫路" in chinese
    assert "24" in chinese
    english = text_of(client.get("/settings/promises/SLA-B/letter/?lang=en"))
    assert "Service promise" in english
    assert "inspected twice a year" in english
    again = client.get("/settings/promises/SLA-B/letter/?lang=en")
    assert again["ETag"] == client.get("/settings/promises/SLA-B/letter/?lang=en")["ETag"]


def text_of(answer):
    assert answer.status_code == 200
    reader = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def posted(form, parts):
    """What a browser would send of a page's form and its rows."""
    data = {name: bound(form[name]) for name in form.fields}
    data |= {bound_field.html_name: bound(bound_field) for bound_field in parts.management_form}
    for part in parts:
        data |= {part[name].html_name: bound(part[name]) for name in part.fields}
    return {name: value for name, value in data.items() if value is not None and value is not False and value != ""}


def bound(field):
    value = field.value()
    return value.isoformat() if isinstance(value, dt.date) else value
