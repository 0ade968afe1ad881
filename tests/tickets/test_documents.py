"""Dispatch order and service report as papers: read back in both languages, issued once, never changed."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core import readers, uploads
from core.models import Paper
from tests.tickets import scenes
from tickets import documents
from tickets.actions import orders, tickets
from tickets.models import ServiceReport

pytestmark = pytest.mark.django_db

LANGUAGES = ["zh-hans", "en"]
HOUR = timedelta(hours=1)


@pytest.fixture
def people(cast, policy, freeze):
    """The cast, at noon of the day after the fault was reported."""
    freeze("2026-11-20 12:00")
    return cast


@pytest.fixture
def order(people):
    """An order with an appointment the next morning."""
    return scenes.order(people)


def text_of(paper):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.file.open().read())).pages)


def pages_of(paper):
    return PdfReader(io.BytesIO(paper.file.open().read())).pages


def issue(order, language="zh-hans", by=None):
    return documents.order_paper(order, language, by=by or order.issued_by, at=timezone.now())


def reported(people, **fields):
    order = scenes.go_to_site(scenes.order(people, appointment=20 * HOUR), people.engineer)
    done = scenes.report(order, people.engineer, **fields)
    return ServiceReport.objects.get(visit__order=done)


@pytest.mark.req("DSP-01")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dispatch_order_carries_all_that_the_form_asks_for(order, language):
    text = text_of(issue(order, language))
    words = [
        "定边鑫路工程有限公司", "李敏", "设备科长", "139 9128 4417", "0912-4216630", "TRC-900", "TT-2023-0419",
        "307 国道", "撒珠右边断断续续", "张海涛", "周敏", "陕A·6H27P", "ZG-90", order.number, order.ticket.number,
    ]  # fmt: skip
    assert [word for word in words if word not in text] == []
    headings = {
        "zh-hans": [
            "产品售后派工单",
            "购买日期",
            "预约上门时间",
            "2026 年 11 月 20 日 10:00",
            "营销中心意见",
            "盖章",
            "第 1 页",
        ],
        "en": [
            "After-sales dispatch order",
            "Purchase date",
            "20 Nov 2026, 10:00",
            "Opinion of the marketing",
            "Page 1 of",
        ],
    }[language]
    assert [word for word in headings if word not in text] == []


@pytest.mark.req("DSP-01")
def test_the_order_fits_one_page_and_bears_a_code_of_its_page(order):
    for language in LANGUAGES:
        assert len(pages_of(issue(order, language))) == 1
    assert documents.parts.order_address(order).endswith(f"/orders/{order.number}/")


@pytest.mark.req("DSP-01")
def test_an_unchanged_order_is_not_printed_anew(order):
    first, again = issue(order), issue(order)
    english = issue(order, "en")
    assert (first.pk, first.version) == (again.pk, 1)
    assert english.version == 1


@pytest.mark.req("DSP-01")
def test_a_signature_makes_a_new_version_and_voids_the_old_one(people, order):
    first = issue(order)
    kept = first.sha256
    orders.sign(order, "order.head", approve=True, by=people.head)
    orders.sign(order, "order.marketing", approve=False, opinion="先收款", by=people.marketing)
    second = issue(order)
    assert second.version == 2
    assert "郑怀远" in text_of(second)
    assert "先收款" in text_of(second)
    assert "第 1 版" in text_of(second)
    assert Paper.objects.get(pk=first.pk).sha256 == kept


def test_a_grade_or_appointment_that_changes_makes_a_new_version(people, order):
    issue(order)
    tickets.grade_ticket(order.ticket, 1, by=people.dispatcher, why="停机")
    assert issue(order).version == 2
    order.refresh_from_db()
    orders.accept(order, by=people.engineer)
    orders.contact(order, by=people.engineer, appointment_from=timezone.now() + 5 * HOUR)
    order.refresh_from_db()
    assert issue(order).version == 3


@pytest.mark.req("DSP-14")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_service_report_carries_findings_parts_times_and_both_signatures(people, language):
    report = reported(people)
    paper = documents.report_paper(report, language)
    text = text_of(paper)
    words = [
        "PG", "轴承损坏", "轴承缺油", "试划 30 米", "液化气软管", "6204-2RS", "ZG90-2608-118", "ZG90-2306-021",
        "386.00", "506.00", "伍佰零陆元整", "2312", "李敏", "张海涛", report.content_sha256[:20],
        "11-19 09:10", "11-20 04:52",
    ]  # fmt: skip
    assert [word for word in words if word not in text] == []
    assert {"zh-hans": "维修服务单", "en": "Service report"}[language] in text
    assert any(page.images for page in pages_of(paper)), "the signature is on it"
    assert paper in report.papers.all()


@pytest.mark.req("DSP-14")
def test_a_correction_is_a_new_paper_and_the_signed_one_stays(people):
    report = reported(people)
    signed = documents.report_paper(report, "zh-hans")
    before = signed.file.open().read()
    order = report.visit.order
    orders.correct_report(order, "数量写错", by=people.engineer, parts=[{"name": "轴承", "quantity": 3}])
    newest = documents.find_report(order)
    corrected = documents.report_paper(newest, "zh-hans")
    assert (signed.version, corrected.version) == (1, 2)
    assert "数量写错" in text_of(corrected)
    assert documents.report_paper(documents.find_report(order, "1", "1"), "zh-hans").file.open().read() == before
    assert documents.digest(newest.content) == newest.content_sha256


def test_what_is_printed_is_what_was_frozen(people):
    report = reported(people)
    report.visit.diagnosis = "changed behind the back"
    report.visit.save()
    assert "changed" not in text_of(documents.report_paper(report, "en"))


def test_an_almost_empty_report_is_still_a_proper_paper(people):
    report = reported(
        people, parts=[], cause="", cause_note="", hazards="", hours=None, labour_charge=None, signature=None
    )
    for language, nothing in zip(LANGUAGES, ["未更换配件", "No parts used"], strict=True):
        paper = documents.report_paper(report, language)
        assert nothing in text_of(paper)
        assert len(pages_of(paper)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_report_loses_nothing(people, language):
    order = scenes.go_to_site(scenes.order(people, appointment=20 * HOUR), people.engineer)
    for number in range(12):
        file = uploads.store(scenes.photo_file(), by=people.engineer)
        orders.add_photo(order, file, by=people.engineer, caption=f"第 {number + 1} 张：试划 30 米，夜间反光合格")
    parts = [
        {"name": f"液压双联泵总成（含联轴器与密封件包）{number}", "model": "CBT-E310/F306-AL φ16 左旋 平键",
         "quantity": 2, "unit_price": "12800.50",
         "serial_in": f"TT-PMP-2026-11-{number:04d}", "serial_out": f"TT-PMP-2023-08-{number:04d}"}
        for number in range(10)
    ]  # fmt: skip
    long = "更换两端轴承和滚筒，清洗出珠口，调整间隙 0.8 mm；" * 40 + "到此为止"
    scenes.report(order, people.engineer, parts=parts, work_done=long, diagnosis=long, hazards=long)
    paper = documents.report_paper(documents.find_report(order), language)
    text = text_of(paper)
    assert text.count("到此为止") == 3
    assert text.count("25,601.00") == 10, "one line for each part"
    assert "第 12 张" in text
    assert sum(len(page.images) for page in pages_of(paper)) >= 13
    assert len(paper.file.open().read()) < 3_000_000


@pytest.mark.req("DSP-14")
def test_a_worker_prints_a_report_once_in_both_languages(people):
    reported(people)
    while readers.work():
        pass
    found = Paper.objects.filter(kind="service-report").order_by("language")
    assert [paper.language for paper in found] == ["en", "zh-hans"]
    readers.catch_up("tickets.papers")
    while readers.work():
        pass
    assert Paper.objects.filter(kind="service-report").count() == 2


def test_an_old_report_is_printed_only_when_asked_for(people, freeze):
    reported(people)
    freeze("2026-12-20 12:00")
    while readers.work():
        pass
    assert not Paper.objects.exists()


@pytest.mark.req("DSP-14", "SEC-02")
def test_papers_open_for_those_who_may_see_the_order(people):
    report = reported(people)
    number = report.visit.order.number
    for person in ("engineer", "supervisor", "dispatcher", "manager"):
        answer = people.browser(person).get(f"/orders/{number}/report.pdf?lang=en")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    for person in ("engineer-south", "supervisor-south", "contractor", "stranger"):
        assert people.browser(person).get(f"/orders/{number}/report.pdf").status_code == 404
        assert people.browser(person).get(f"/orders/{number}/order.pdf").status_code == 404
    assert people.browser().get(f"/orders/{number}/order.pdf").status_code == 302
    assert people.browser("engineer").get(f"/orders/{number}/report.pdf?version=7").status_code == 404
    api = people.api("engineer")
    assert api.get(f"/api/v1/dispatch-orders/{number}/report.pdf?lang=zh")["Content-Type"] == "application/pdf"
