"""A month's report: by itself or on demand, frozen, printed in both languages, the same for ever (REP-01)."""

import datetime as dt
import io
import json
import threading

import openpyxl
import pytest
from django.db import connection, transaction
from pypdf import PdfReader

from core.errors import Forbidden, Refused
from notices.models import Delivery
from reports import actions, tasks
from reports.models import FrozenFigure, Report
from reports.months import Month
from staff.actions import set_preferences

OCTOBER = Month(2026, 10)


def made(october, **more):
    report, _new = actions.ask_report(month=OCTOBER, by=october.cast.manager, **more)
    tasks.make_wanted()
    report.refresh_from_db()
    return report


def words_of(report, language):
    paper = report.papers.get(content_type="application/pdf", language=language)
    pages = PdfReader(io.BytesIO(paper.file.read())).pages
    return "\n".join(page.extract_text() for page in pages).replace("\n", "")


def values_of(report):
    rows = FrozenFigure.objects.filter(report=report).order_by("code")
    return [(r.code, r.value, r.part, r.whole, r.previous, r.year_before, r.series) for r in rows]


@pytest.mark.req("REP-01")
def test_a_report_is_made_by_the_worker_and_its_reader_is_told(october):
    report = made(october)
    assert (report.number, report.state, report.issue) == ("YB202610", "ready", 1)
    assert report.papers.count() == 4
    told = Delivery.objects.filter(kind="report.ready", receiver=october.cast.manager, channel="inbox")
    assert told.count() == 1


@pytest.mark.req("REP-01", "OPN-05")
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh-hans",
            ["售后服务月报", "本月数字", "产品维修情况登记表", "产品初始售后服务情况登记表", "怎么算的", "没有信号"],
        ),
        ("en", ["After-sales service report", "The month in figures", "Repairs of 2026-10", "How it is counted"]),
    ],
)
def test_the_paper_holds_every_section_and_the_numbers(october, language, expected):
    report = made(october)
    text = words_of(report, language)
    for words in [*expected, "YB202610", october.fixed.number, report.figures_sha256[:20]]:
        assert words.replace(" ", "") in text.replace(" ", ""), words


@pytest.mark.req("REP-01")
def test_a_closed_month_gives_the_same_figures_whatever_is_entered_later(october, freeze):
    report = made(october)
    before, digest = values_of(report), report.figures_sha256
    october.ticket(october.open.reported_at, "后来补录的单")
    again, new = actions.ask_report(month=OCTOBER, by=october.cast.manager)
    assert (again, new) == (report, False)
    assert values_of(again) == before
    assert again.figures_sha256 == digest


@pytest.mark.req("REP-01")
def test_a_reissue_has_a_reason_and_a_number_and_leaves_the_first_as_it_was(october):
    first = made(october)
    before = values_of(first)
    october.ticket(october.open.reported_at, "后来补录的单")
    second = made(october, why="补录了一张单")
    assert (second.number, second.issue, second.why) == ("YB202610-2", 2, "补录了一张单")
    assert second.figures.get(code="tickets").value == 5
    assert values_of(first) == before
    assert "补录了一张单" in words_of(second, "zh-hans")


@pytest.mark.req("REP-01")
def test_the_month_and_the_year_before_stand_beside_it(october):
    tickets = made(october).figures.get(code="tickets")
    assert (tickets.value, tickets.previous, tickets.year_before) == (4, 1, 0)
    assert tickets.series[-2:] == [1.0, 4.0]
    assert len(tickets.series) == 13


@pytest.mark.req("REP-01")
def test_the_workbook_is_the_twin_of_the_paper(october):
    report = made(october)
    paper = report.papers.get(content_type__contains="sheet", language="zh-hans")
    book = openpyxl.load_workbook(io.BytesIO(paper.file.read()))
    figures = {row[0]: row[1] for row in book["指标" if "指标" in book.sheetnames else book.sheetnames[0]].values}
    assert figures["来电和工单: 报修工单"] == 4
    numbers = [row[0] for row in book["维修"].values][1:]
    assert numbers == [t.number for t in (october.phoned, october.fixed, october.late, october.open)]


@pytest.mark.req("REP-01", "SEC-01")
def test_the_schedule_makes_last_months_report_once_however_often_it_wakes(october, freeze):
    assert tasks.ensure_monthly() == "YB202610"
    assert tasks.ensure_monthly() == ""
    tasks.make_wanted()
    assert tasks.make_wanted() == 0
    assert Report.objects.get().state == "ready"
    freeze("2026-11-20 02:30")
    assert tasks.ensure_monthly() == ""


@pytest.mark.req("REP-01", "SEC-01")
def test_a_schedule_that_was_down_until_the_tenth_still_makes_it(october, freeze):
    freeze("2026-11-10 09:00")
    assert tasks.ensure_monthly() == "YB202610"


@pytest.mark.req("SEC-01")
def test_a_worker_killed_between_figures_and_papers_goes_on_where_it_stopped(october, monkeypatch):
    report, _new = actions.ask_report(month=OCTOBER, by=october.cast.manager)
    killed = monkeypatch.context()
    with killed as patch:
        patch.setattr(actions.documents, "issue_all", lambda *a, **k: (_ for _ in ()).throw(MemoryError("killed")))
        tasks.make_wanted()
    report.refresh_from_db()
    assert report.state == "frozen"
    assert "killed" in report.last_error
    frozen = values_of(report)
    october.ticket(october.open.reported_at, "封存之后补录的单")
    tasks.make_wanted()
    report.refresh_from_db()
    assert report.state == "ready"
    assert values_of(report) == frozen


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SEC-01")
def test_two_workers_at_once_make_one_report(october):
    report, _new = actions.ask_report(month=OCTOBER, by=october.cast.manager)

    def work():
        try:
            tasks.make_wanted()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.refresh_from_db()
    assert report.state in ("ready", "frozen")
    tasks.make_wanted()
    report.refresh_from_db()
    assert report.state == "ready"
    assert report.papers.count() == 4
    assert report.figures.values("code").distinct().count() == report.figures.count()


@pytest.mark.req("REP-01")
def test_a_running_month_is_preliminary_and_gives_way_to_the_final_report(october, freeze):
    november = Month(2026, 11)
    early, _new = actions.ask_report(month=november, by=october.cast.manager)
    assert early.is_preliminary
    freeze("2026-12-02 03:00")
    assert tasks.ensure_monthly() == "YB202611-2"
    assert not Report.objects.get(number="YB202611-2").is_preliminary


@pytest.mark.req("REP-01")
def test_a_month_to_come_is_refused_at_its_field(october):
    with pytest.raises(Refused) as refused:
        actions.ask_report(month=Month(2027, 1), by=october.cast.manager)
    assert list(refused.value.fields) == ["month"]


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize("person", ["dispatcher", "engineer", "supervisor", "keeper", "finance"])
def test_only_managers_have_reports_made(october, person):
    with pytest.raises(Forbidden):
        actions.ask_report(month=OCTOBER, by=october.cast[person])


@pytest.mark.req("REP-01", "OPN-01")
def test_the_api_asks_shows_and_delivers(october):
    api = october.cast.api("manager")
    asked = api.post("/api/v1/reports/", {"kind": "monthly", "month": "2026-10"}, format="json")
    assert (asked.status_code, asked.json()["number"], asked.json()["month"]) == (201, "YB202610", "2026-10")
    waiting = api.get("/api/v1/reports/YB202610/pdf/")
    assert waiting.status_code == 409
    tasks.make_wanted()
    detail = api.get("/api/v1/reports/YB202610/").json()
    by_code = {figure["code"]: figure for figure in detail["figures"]}
    assert by_code["tickets"]["value"] == "4.0000"
    assert len(detail["tables"]["repairs"]) == 4
    assert json.dumps(detail).count("13991284417") == 0, "no phone number in a report"
    pdf = api.get("/api/v1/reports/YB202610/pdf/?lang=en")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    sheet = api.get("/api/v1/reports/YB202610/xlsx/")
    assert sheet.status_code == 200
    assert api.post("/api/v1/reports/", {"month": "2026-10"}, format="json").status_code == 200


@pytest.mark.req("OPN-01")
@pytest.mark.parametrize("month", ["2026-13", "soon", "", "2099-01"])
def test_the_api_refuses_an_impossible_month_at_its_field(october, month):
    answer = october.cast.api("manager").post("/api/v1/reports/", {"month": month}, format="json")
    assert answer.status_code == 400
    assert "month" in answer.json()


@pytest.mark.req("SEC-02")
def test_strangers_get_404_and_the_wrong_role_403(october):
    made(october)
    assert october.cast.api("engineer").get("/api/v1/reports/YB202610/").status_code == 404
    assert october.cast.api("engineer").post("/api/v1/reports/", {"month": "2026-10"}).status_code == 403
    assert october.cast.api().get("/api/v1/reports/").status_code == 401
    assert october.cast.browser("engineer").get("/reports/YB202610/").status_code == 404


@pytest.mark.req("REP-01")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_ask_show_and_link_the_papers(october, language):
    set_preferences(october.cast.manager, by=october.cast.manager, language=language)
    browser = october.cast.browser("manager")
    assert browser.get("/reports/").status_code == 200
    asked = browser.post("/reports/", {"month": "2026-10", "idempotency_key": "k"})
    assert asked.url == "/reports/YB202610/"
    assert browser.get("/reports/YB202610/pdf/").status_code == 409
    tasks.make_wanted()
    page = browser.get("/reports/YB202610/").content.decode()
    assert "/reports/YB202610/pdf/" in page
    assert october.fixed.number in page
    assert browser.get("/reports/YB202610/pdf/")["Content-Type"] == "application/pdf"
    refused = browser.post("/reports/", {"month": "2099-01"})
    assert refused.status_code == 400
    wrong = browser.post("/reports/", {"month": "nonsense"})
    assert wrong.status_code == 422


@pytest.mark.req("REP-01")
def test_a_report_that_failed_five_times_says_so_and_can_be_tried_again(october, monkeypatch):
    report, _new = actions.ask_report(month=OCTOBER, by=october.cast.manager)
    with monkeypatch.context() as patch:
        patch.setattr(actions.collect, "frozen_figures", lambda report: 1 / 0)
        for _try in range(5):
            tasks.make_wanted()
    report.refresh_from_db()
    assert report.state == "failed"
    assert "ZeroDivisionError" in october.cast.browser("manager").get(report.get_absolute_url()).content.decode()
    with transaction.atomic():
        actions.try_again(report, by=october.cast.manager, at=dt.datetime.now(dt.UTC))
    tasks.make_wanted()
    report.refresh_from_db()
    assert report.state == "ready"
