"""Pages and API of follow-ups: the queue, the call, the form as paper, rules; who sees them."""

import io
import json

import pytest
from pypdf import PdfReader

from followups import actions
from followups.models import FollowUp, Rule
from tests.followups.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(world, freeze):
    found = world.followup(ticket=world.solved_by_phone("2026-03-02 10:00"))
    freeze("2026-03-02 12:30")
    return found


FORM = {"works": "yes", "attitude": "5", "overall": "4", "opinion": "谢谢"}


@pytest.mark.req("FUP-01")
def test_the_queue_shows_whom_to_call_with_deadline_and_leads_to_the_call(call, cast):
    page = cast.browser("dispatcher").get("/follow-ups/").content.decode()
    assert call.number in page
    assert "电话解决两小时后回访" in page
    assert "西安公路养护有限公司" in page
    for view in ("mine", "escalated", "unreached", "done"):
        assert "empty" in cast.browser("dispatcher").get(f"/follow-ups/?view={view}").content.decode()
    assert cast.browser("dispatcher").get("/follow-ups/?view=nonsense").status_code == 404
    assert cast.browser("dispatcher").get("/follow-ups/?export=csv").status_code == 200


@pytest.mark.req("FUP-02")
def test_the_call_page_says_what_to_say_and_keeps_the_form_once(call, cast):
    browser = cast.browser("dispatcher")
    url = f"/follow-ups/{call.number}/"
    page = browser.get(url).content.decode()
    assert "两小时前我们在电话里帮您处理过故障" in page
    assert "点不着火" in page
    assert "服务廉洁度" in page
    missing = browser.post(f"{url}answer/", {"overall": "5"})
    assert missing.status_code == 422
    for _again in range(2):
        assert browser.post(f"{url}answer/", FORM | {"idempotency_key": "k"}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.overall) == ("done", 4)
    assert "4 满意" in browser.get(url).content.decode()
    assert browser.post(f"{url}answer/", FORM).status_code == 409


@pytest.mark.req("FUP-02")
def test_not_reached_escalated_and_answered_over_the_pages(call, cast):
    supervisor = cast.supervisor
    browser, url = cast.browser("dispatcher"), f"/follow-ups/{call.number}/"
    assert browser.post(f"{url}take/").status_code == 302
    assert browser.post(f"{url}attempt/", {"outcome": "busy"}).status_code == 302
    assert browser.post(f"{url}escalate/", {"question": ""}).status_code == 422
    assert browser.post(f"{url}escalate/", {"question": "要退货"}).status_code == 302
    assert call.number in cast.browser("supervisor").get("/follow-ups/?view=mine").content.decode()
    answered = cast.browser("supervisor").post(f"{url}resolve/", {"answer": "明天派人"})
    assert answered.status_code == 302
    call.refresh_from_db()
    assert (call.state, call.escalated_to) == ("done", supervisor)


@pytest.mark.req("FUP-01", "SEC-02")
def test_engineers_see_no_follow_ups_and_supervisors_only_their_regions(call, cast):
    for stranger in ("engineer", "contractor", "finance"):
        assert cast.browser(stranger).get("/follow-ups/").status_code == 403
        assert cast.browser(stranger).get(f"/follow-ups/{call.number}/").status_code == 403
        assert cast.api(stranger).get(f"/api/v1/follow-ups/{call.number}/").status_code == 404
    assert cast.browser("supervisor").get(f"/follow-ups/{call.number}/").status_code == 200
    assert cast.browser("supervisor-south").get(f"/follow-ups/{call.number}/").status_code == 404
    assert cast.api("manager").get(f"/api/v1/follow-ups/{call.number}/").status_code == 200


@pytest.mark.req("FUP-02")
def test_the_api_walks_through_attempt_answer_escalate_and_resolve(call, cast):
    api, url = cast.api("dispatcher"), f"/api/v1/follow-ups/{call.number}/"
    body = api.get(url).json()
    assert body["state"] == "due"
    assert body["due_at"] == "2026-03-02T12:00:00+08:00"
    assert set(body["allowed"]) >= {"attempt", "answer", "escalate"}
    tried = api.post(f"{url}attempt/", {"outcome": "no_answer", "at": "2026-03-02T12:05:00+08:00"})
    assert (tried.status_code, tried.json()["state"]) == (200, "tried")
    wrong = api.post(f"{url}answer/", {"answers": {"overall": 9}})
    assert wrong.status_code == 400
    assert set(wrong.json()) == {"overall", "works"}
    given = {"answers": {"works": True, "overall": 2, "opinion": "太慢"}, "at": "2026-03-02T12:20:00+08:00"}
    first = api.post(f"{url}answer/", given, headers={"Idempotency-Key": "one"})
    assert (first.status_code, first.json()["state"]) == (200, "escalated")
    assert api.post(f"{url}answer/", given, headers={"Idempotency-Key": "one"}).json() == first.json()
    other = api.post(f"{url}answer/", {"answers": {}}, headers={"Idempotency-Key": "one"})
    assert other.status_code == 422
    refused = api.post(f"{url}attempt/", {"outcome": "busy"})
    assert refused.status_code == 409
    assert "resolve" in refused.json()["allowed"]
    assert cast.api("manager").post(f"{url}attempt/", {"outcome": "busy"}).status_code == 403
    done = api.post(f"{url}resolve/", {"answer": "主管已致电道歉"})
    assert done.json()["state"] == "done"
    listed = api.get("/api/v1/follow-ups/", {"ticket": call.ticket.number}).json()["results"]
    assert [row["number"] for row in listed] == [call.number]


@pytest.mark.req("FUP-01")
def test_a_service_card_is_noted_over_page_and_api(world, cast, freeze):
    _ticket, order = world.repaired()
    freeze("2026-03-03 09:00")
    browser = cast.browser("dispatcher")
    assert browser.post("/follow-ups/cards/", {"order": "PG0", "number": "1"}).status_code == 422
    form = {"order": order.number, "number": "06117", "sealed": "on", "stamped": "on"}
    assert browser.post("/follow-ups/cards/", form).status_code == 302
    card = {"order": order.number, "number": "06118", "sealed": False}
    assert cast.api("dispatcher").post("/api/v1/service-cards/", card).status_code == 201
    assert cast.api("engineer").post("/api/v1/service-cards/", card | {"number": "3"}).status_code == 403
    world.read()
    assert FollowUp.objects.get().due_at == at("2026-03-03 18:00")


@pytest.mark.req("FUP-02")
@pytest.mark.parametrize(
    ("language", "words"), [("zh", ["维修服务回访表", "服务态度", "总体满意度"]), ("en", ["Attitude", "Overall"])]
)
def test_the_form_is_a_paper_in_both_languages_blank_before_and_frozen_after_the_call(call, cast, language, words):
    browser, url = cast.browser("dispatcher"), f"/follow-ups/{call.number}/form.pdf?lang={language}"
    blank = browser.get(url)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(blank.content)).pages)
    assert "谢谢" not in text
    actions.answer(
        call, answers={"works": True, "overall": 4, "opinion": "谢谢"}, by=cast.dispatcher, at=at("2026-03-02 12:20")
    )
    filled = b"".join(browser.get(url).streaming_content)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(filled)).pages)
    for word in [*words, call.number, "谢谢", "TT-2023-0117"]:
        assert word in text
    assert b"".join(browser.get(url).streaming_content) == filled


@pytest.mark.req("FUP-01", "FUP-05")
def test_rules_are_read_in_words_and_changed_by_new_versions(world, cast, freeze):
    freeze("2026-03-02 09:00")
    page = cast.browser("supervision").get("/settings/follow-up-rules/").content.decode()
    for words in ("电话解决", "2 小时后", "质保期内每 6 个月", "随机抽取 3 位"):
        assert words in page
    browser = cast.browser("admin")
    form = {
        "name_zh": "电话解决一小时后回访", "active": "on", "valid_from": "2026-03-02", "trigger": "history",
        "questionnaire": "repair", "max_attempts": "2", "retry_hours": "1，8", "roles": ["dispatcher"],
        "spec": json.dumps({"kinds": ["ticket.solved_by_phone"]}), "delay": json.dumps({"hours": 1}), "why": "更快",
    }  # fmt: skip
    url = "/settings/follow-up-rules/phone-solution/"
    assert browser.post(url, form | {"spec": json.dumps({"kinds": ["moon.rises"]})}).status_code == 400
    assert browser.post(url, form | {"retry_hours": "bald"}).status_code == 422
    assert browser.post(url, form).status_code == 302
    assert Rule.objects.get(code="phone-solution", version=2).retry_hours == [1, 8]
    assert cast.browser("dispatcher").post(url, form).status_code == 403
    assert cast.browser("engineer").get("/settings/follow-up-rules/").status_code == 403
    sheet = "/settings/questionnaires/F05/"
    assert "产品外观" in browser.get(sheet).content.decode()
    one = [{"zh": "一", "en": "One", "questions": [{"code": "a", "kind": "rating", "zh": "甲", "en": "A"}]}]
    values = {"name_zh": "新表", "valid_from": "2026-03-02", "sections": json.dumps(one), "why": "试用"}
    assert browser.post(sheet, values).status_code == 302
    twice = [one[0], one[0]]
    assert browser.post(sheet, values | {"sections": json.dumps(twice)}).status_code == 400


@pytest.mark.req("FUP-01")
def test_panels_on_ticket_machine_and_customer(call, cast):
    for url in (
        f"/follow-ups/tickets/{call.ticket.number}/",
        f"/follow-ups/machines/{call.equipment.serial}/",
        f"/follow-ups/customers/{call.customer.number}/",
    ):
        assert call.number in cast.browser("dispatcher").get(url).content.decode()
    assert cast.browser("engineer-south").get(f"/follow-ups/tickets/{call.ticket.number}/").status_code == 404


def test_queue_and_list_cost_the_same_for_one_and_many(world, cast, client, queries_of, freeze):
    freeze("2026-03-03 09:00")
    client.force_login(cast.dispatcher)
    world.solved_by_phone("2026-03-02 10:00")
    for url in ("/follow-ups/", "/api/v1/follow-ups/"):
        queries_of(url)
    before = {url: queries_of(url) for url in ("/follow-ups/", "/api/v1/follow-ups/")}
    for hour in range(8):
        world.solved_by_phone(f"2026-03-02 1{hour}:30", reported=f"2026-03-02 1{hour}:00", symptom=f"毛病 {hour} 号")
    assert {url: queries_of(url) for url in before} == before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(call, cast, language):
    user = cast.dispatcher
    user.language = language
    user.save()
    browser = cast.browser("dispatcher")
    for url in (
        "/follow-ups/",
        f"/follow-ups/{call.number}/",
        "/settings/follow-up-rules/",
        "/settings/follow-up-rules/sample/",
    ):
        page = browser.get(url).content.decode()
        assert ("回访" in page) == (language == "zh-hans") or "script_zh" in page
