"""Pages of warranties: the bar on the machine, a verdict asked for, terms by versions, what ends soon."""

import datetime as dt

import pytest

from customers import actions as customers
from warranty import actions
from warranty.guarantees import Fault
from warranty.models import Extension, Right, Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(freeze):
    return freeze("2026-06-01 10:00")


@pytest.mark.req("WAR-07", "WAR-08")
def test_the_bar_shows_terms_over_time_and_the_verdict_of_each_component(machine, cast, today):
    page = cast.browser("dispatcher").get("/equipment/TT-2025-0117/warranty/").content.decode()
    assert "电气件，验收后 18 个月内（标准质保条款），到 2027-09-02。" in page
    assert "整机，验收后 12 个月内" in page
    assert "成本价期" in page
    assert "备件供应到 2041-03-02" in page
    assert page.count("terms-row") == 4


@pytest.mark.req("WAR-07", "SEC-02")
def test_the_bar_of_another_regions_machine_does_not_exist(machine, cast):
    assert cast.browser("engineer-south").get("/equipment/TT-2025-0117/warranty/").status_code == 404


@pytest.mark.req("WAR-04", "WAR-07")
def test_a_verdict_is_asked_for_with_component_cause_and_day(machine, cast, today):
    ask = cast.browser("dispatcher").get
    url = "/equipment/TT-2025-0117/warranty/ask/"
    assert "免费" in ask(url, {"component": "electrical", "on": "2026-06-01"}).content.decode()
    assert "不在质保范围内" in ask(url, {"cause": "alteration", "on": "2026-06-01"}).content.decode()


@pytest.mark.req("WAR-06")
def test_an_open_right_stands_on_the_machine_and_is_claimed_there(machine, cast, freeze):
    freeze("2026-02-25 10:00")
    fault = Fault("ticket:9", dt.date(2026, 2, 25), kind="burner", number="WX20260225-0001")
    actions.notice_rights(machine, [fault], at=dt.datetime(2026, 2, 25, 2, tzinfo=dt.UTC))
    browser = cast.browser("dispatcher")
    page = browser.get("/equipment/TT-2025-0117/warranty/").content.decode()
    assert "七日内可退货" in page
    assert "2026-02-27" in page
    right = Right.objects.get(rule__code="exchange-15")
    answer = browser.post(f"/warranty/rights/{right.pk}/claim/", {"remedy": "exchange"})
    assert answer.status_code == 302
    assert browser.post(f"/warranty/rights/{right.pk}/claim/", {"remedy": "exchange"}).status_code == 409
    assert cast.browser("keeper").post(f"/warranty/rights/{right.pk}/claim/", {}).status_code == 403


@pytest.mark.req("WAR-02")
def test_an_extension_is_asked_for_on_the_machine_and_approved_by_another(machine, cast, today):
    form = {
        "kind": "extended",
        "starts_on": "2027-03-03",
        "ends_on": "2028-03-02",
        "price": "8000",
        "idempotency_key": "a",
    }
    seller = cast.browser("marketing")
    for _again in range(2):
        assert seller.post("/equipment/TT-2025-0117/warranty/extend/", form).status_code == 302
    extension = Extension.objects.get()
    assert seller.post(f"/warranty/extensions/{extension.number}/approve/").status_code == 403
    assert cast.browser("head").post(f"/warranty/extensions/{extension.number}/approve/").status_code == 302
    extension.refresh_from_db()
    assert extension.state == "approved"


@pytest.mark.req("WAR-08")
def test_warranties_that_end_soon_are_listed_with_the_next_first(machine, cast, freeze, model, customer):
    other = customers.add_equipment(
        by=cast.dispatcher, serial="TT-SOON", model=model, customer=customer, accepted_on=dt.date(2026, 1, 20)
    )
    customers.add_equipment(
        by=cast.dispatcher, serial="TT-LATER", model=model, customer=customer, accepted_on=dt.date(2026, 9, 1)
    )
    freeze("2027-01-10 10:00")
    browser = cast.browser("dispatcher")
    page = browser.get("/warranty/ending/").content.decode()
    assert page.index(other.serial) < page.index(machine.serial)
    assert "TT-LATER" not in page
    assert machine.serial not in browser.get("/warranty/ending/?days=30").content.decode()
    assert browser.get("/warranty/ending/?export=csv").status_code == 200
    assert cast.browser("engineer").get("/warranty/ending/").status_code == 403


@pytest.mark.req("WAR-08")
def test_the_list_of_ending_warranties_costs_the_same_for_one_and_many(
    machine, cast, freeze, model, customer, client, queries_of
):
    freeze("2027-01-10 10:00")
    client.force_login(cast.dispatcher)
    queries_of("/warranty/ending/")
    few = queries_of("/warranty/ending/")
    for number in range(12):
        customers.add_equipment(
            by=cast.dispatcher, serial=f"TT-{number}", model=model, customer=customer,
            accepted_on=dt.date(2026, 1, 15),
        )  # fmt: skip
    assert queries_of("/warranty/ending/") == few


@pytest.mark.req("WAR-01")
def test_a_term_is_tried_on_a_machine_and_saved_as_a_new_version(machine, cast, today):
    browser = cast.browser("admin")
    assert "整机一年免费" in browser.get("/settings/warranty/").content.decode()
    form = {
        "name_zh": "整机两年免费", "name_en": "Two years", "valid_from": "2026-01-01", "phase": "free",
        "basis": "acceptance", "months": "24", "labour": "free", "parts": "free", "travel": "free",
        "when_excluded": "charged", "order": "10", "why": "新政策", "try-serial": machine.serial,
        "try-on": "2027-06-01",
    }  # fmt: skip
    tried = browser.post("/settings/warranty/machine-free/", form | {"preview": "1"})
    assert tried.status_code == 200
    assert "成本价" in tried.content.decode()
    assert "整机，验收后 24 个月内" in tried.content.decode()
    assert Term.objects.filter(code="machine-free").count() == 1
    assert browser.post("/settings/warranty/machine-free/", form).status_code == 302
    assert Term.objects.get(code="machine-free", version=2).months == 24
    assert actions.decide(machine, on=dt.date(2027, 6, 1)).code == "free"
    broken = browser.post("/settings/warranty/machine-free/", form | {"months": ""})
    assert broken.status_code == 400
    assert "要有期限" in broken.content.decode()


@pytest.mark.req("WAR-01")
def test_a_term_of_a_contract_is_written_and_withdrawn(machine, cast, today):
    browser = cast.browser("head")
    form = {
        "code": "c117", "name_zh": "电气件三十个月", "valid_from": "2026-06-01", "contract": "2025-117",
        "phase": "free", "basis": "acceptance", "months": "30", "labour": "free", "parts": "free", "travel": "free",
        "when_excluded": "charged", "order": "10",
    }  # fmt: skip
    assert browser.post("/settings/warranty/new/", form | {"contract": "no"}).status_code == 422
    assert browser.post("/settings/warranty/new/", form).status_code == 302
    assert actions.decide(machine, on=dt.date(2028, 6, 1)).code == "free"
    withdrawal = {"valid_from": "2026-06-02", "why": "合同变更"}
    assert browser.post("/settings/warranty/c117/withdraw/", withdrawal).status_code == 302
    assert actions.decide(machine, on=dt.date(2028, 6, 1)).code == "cost"
    assert cast.browser("dispatcher").get("/settings/warranty/c117/").status_code == 200
    assert cast.browser("dispatcher").post("/settings/warranty/c117/", form).status_code == 403
    assert cast.browser("contractor").get("/settings/warranty/").status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(machine, cast, language, today):
    user = cast.head
    user.language = language
    user.save()
    browser = cast.browser("head")
    for url in (
        "/equipment/TT-2025-0117/warranty/",
        "/settings/warranty/",
        "/settings/warranty/cost-price/",
        "/warranty/ending/",
    ):
        page = browser.get(url)
        assert page.status_code == 200
        chinese = "标准质保条款" in page.content.decode() or "质保" in page.content.decode()
        assert chinese == (language == "zh-hans") or url.endswith("cost-price/")


@pytest.mark.req("WAR-06")
def test_a_guarantee_rule_is_switched_on_for_a_line_by_a_new_version(machine, cast, freeze):
    freeze("2026-02-25 10:00")
    browser = cast.browser("head")
    form = {
        "name_zh": "修理期间提供备用机", "valid_from": "2026-02-25", "active": "on", "trigger": "repair_running",
        "remedies": ["loan"], "product_line": machine.model.product_line_id, "why": "新合同承诺",
    }  # fmt: skip
    assert browser.post("/settings/warranty/rules/loan-machine/", form | {"remedies": []}).status_code == 422
    assert browser.post("/settings/warranty/rules/loan-machine/", form).status_code == 302
    fault = Fault("ticket:9", dt.date(2026, 2, 25), kind="burner", out_since=dt.date(2026, 2, 25))
    actions.notice_rights(machine, [fault], at=dt.datetime(2026, 2, 25, 2, tzinfo=dt.UTC))
    assert Right.objects.filter(rule__code="loan-machine", rule__version=2, ends_on=None).exists()
