"""Verdict, guarantees, terms and extensions over the API."""

import datetime as dt

import pytest

from warranty import actions
from warranty.guarantees import Fault
from warranty.models import GuaranteeRule, Right, Term

pytestmark = pytest.mark.django_db

VERDICT = "/api/v1/equipment/TT-2025-0117/verdict/"


@pytest.mark.req("WAR-07")
def test_the_verdict_is_said_in_both_languages_and_names_its_term(machine, cast):
    answer = cast.api("dispatcher").get(VERDICT, {"component": "electrical", "on": "2027-09-02"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["code"], body["labour"], body["until"]) == ("free", "free", "2027-09-02")
    assert body["sentence_en"] == (
        "Free: Electrical part, within 18 months of acceptance (standard warranty terms), until 2027-09-02."
    )
    assert body["sentence_zh"] == "免费：电气件，验收后 18 个月内（标准质保条款），到 2027-09-02。"
    assert (body["term_code"], body["term_version"], body["mode"]) == ("electrical-free", 1, "on_site")


@pytest.mark.req("WAR-01", "WAR-07")
@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2027-09-02T23:59:00+08:00", "free"),
        ("2027-09-02T16:00:00Z", "cost"),
        ("2027-09-03", "cost"),
    ],
)
def test_a_moment_is_judged_by_its_local_day(machine, cast, on, code):
    assert cast.api("head").get(VERDICT, {"component": "electrical", "on": on}).json()["code"] == code


@pytest.mark.req("WAR-04", "WAR-07")
def test_a_cause_changes_the_verdict_and_unknown_codes_are_refused_by_field(machine, cast):
    api = cast.api("dispatcher")
    answer = api.get(VERDICT, {"cause": "misuse", "on": "2026-06-01"}).json()
    assert (answer["code"], answer["excluded"]) == ("charged", True)
    for field, value in (("cause", "bad luck"), ("component", "wings"), ("on", "soon")):
        refused = api.get(VERDICT, {field: value})
        assert refused.status_code == 400
        assert field in refused.json()


@pytest.mark.req("WAR-07", "SEC-02")
def test_a_machine_of_another_region_does_not_exist(machine, cast):
    assert cast.api("engineer-south").get(VERDICT).status_code == 404
    assert cast.api("supervisor-south").get(VERDICT).status_code == 404
    assert cast.api("supervisor").get(VERDICT).status_code == 200
    assert cast.api().get(VERDICT).status_code == 401


@pytest.mark.req("WAR-06")
def test_rights_are_listed_with_their_end_and_claimed_once(machine, cast):
    fault = Fault("ticket:1", dt.date(2026, 2, 25), kind="burner", number="WX20260225-0001")
    now = dt.datetime(2026, 2, 25, 4, tzinfo=dt.UTC)
    actions.notice_rights(machine, [fault], at=now)
    api = cast.api("dispatcher")
    body = api.get("/api/v1/equipment/TT-2025-0117/guarantees/").json()
    assert {rule["code"] for rule in body["rules"]} == {
        "return-7", "exchange-15", "exchange-after-two", "parts-90", "repair-30",
    }  # fmt: skip
    assert {(right["rule"], right["ends_on"]) for right in body["rights"]} == {
        ("return-7", "2026-02-27"),
        ("exchange-15", "2026-03-07"),
    }
    pk = Right.objects.get(rule__code="exchange-15").pk
    url = f"/api/v1/equipment/TT-2025-0117/guarantees/{pk}/claim/"
    claim = {"remedy": "exchange", "at": "2026-02-26T10:00:00+08:00"}
    first = api.post(url, claim, headers={"Idempotency-Key": "k1"})
    assert first.status_code == 200
    assert first.json()["state"] == "claimed"
    assert api.post(url, claim, headers={"Idempotency-Key": "k1"}).json() == first.json()
    again = api.post(url, claim)
    assert again.status_code == 409
    other = Right.objects.get(rule__code="return-7").pk
    waived = api.post(f"/api/v1/equipment/TT-2025-0117/guarantees/{other}/waive/", {"why": "已换货"})
    assert waived.json()["state"] == "waived"


@pytest.mark.req("WAR-01")
def test_terms_are_read_by_the_house_and_written_as_new_versions_by_the_administrator(machine, cast):
    listed = cast.api("finance").get("/api/v1/warranty-terms/", {"page_size": 200}).json()["results"]
    assert {row["code"] for row in listed} >= {"machine-free", "structure-free", "electrical-free", "lifetime"}
    assert cast.api("contractor").get("/api/v1/warranty-terms/").status_code == 403
    term = {
        "code": "machine-free", "valid_from": "2026-06-01", "name_zh": "整机两年", "name_en": "Two years",
        "months": 24, "phase": "free", "basis": "acceptance", "why": "新政策",
    }  # fmt: skip
    assert cast.api("dispatcher").post("/api/v1/warranty-terms/", term).status_code == 403
    made = cast.api("admin").post("/api/v1/warranty-terms/", term)
    assert made.status_code == 201
    assert made.json()["version"] == 2
    assert cast.api("finance").get("/api/v1/warranty-terms/machine-free/").json()["months"] == 24
    assert Term.objects.get(code="machine-free", version=1).months == 12
    refused = cast.api("admin").post("/api/v1/warranty-terms/", term | {"months": None})
    assert refused.status_code == 400
    assert "months" in refused.json()


@pytest.mark.req("WAR-06")
def test_guarantee_rules_are_written_as_new_versions_and_nonsense_is_refused_by_field(machine, cast):
    url = "/api/v1/guarantee-rules/"
    rule = {
        "code": "return-7", "valid_from": "2026-06-01", "name_zh": "十日内可退货", "name_en": "Return within 10 days",
        "trigger": "fault_within", "days": 10, "remedies": ["return", "exchange"], "why": "新政策",
    }  # fmt: skip
    assert cast.api("dispatcher").post(url, rule).status_code == 403
    made = cast.api("head").post(url, rule, headers={"Idempotency-Key": "r1"})
    assert (made.status_code, made.json()["version"], made.json()["days"]) == (201, 2, 10)
    assert cast.api("head").post(url, rule, headers={"Idempotency-Key": "r1"}).json() == made.json()
    assert GuaranteeRule.objects.filter(code="return-7").count() == 2
    for change, field in (
        ({"trigger": "bad luck"}, "trigger"),
        ({"remedies": ["flowers"]}, "remedies"),
        ({"remedies": []}, "remedies"),
        ({"days": None}, "days"),
        ({"days": -1}, "days"),
        ({"days": "soon"}, "days"),
        ({"valid_from": "2000-01-01"}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"product_line": "wings"}, "product_line"),
        ({"contract": "none"}, "contract"),
        ({"code": "a b"}, "code"),
        ({"name_zh": ""}, "name_zh"),
        ({"why": ""}, "why"),
    ):
        refused = cast.api("head").post(url, rule | change)
        assert refused.status_code == 400, change
        assert field in refused.json(), change
    assert GuaranteeRule.objects.filter(code="return-7").count() == 2


@pytest.mark.req("WAR-07", "OPN-01")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"on": "2026-02-29"}, "on"),
        ({"on": "2026-13-01"}, "on"),
        ({"on": "29.02.2024"}, "on"),
        ({"on": "2026-06-01T25:00:00+08:00"}, "on"),
        ({"on": "0000-00-00"}, "on"),
        ({"on": "\x00"}, "on"),
        ({"on": "9" * 400}, "on"),
        ({"on": "0001-01-01T00:00:00+14:00"}, "on"),
        ({"on": "9999-12-31T23:00:00Z"}, "on"),
        ({"component": "\x00"}, "component"),
        ({"component": "ELECTRICAL "}, "component"),
        ({"cause": "Wear"}, "cause"),
        ({"cause": "wear,operation"}, "cause"),
    ],
)
def test_odd_questions_for_a_verdict_are_refused_by_field(machine, cast, asked, field):
    refused = cast.api("dispatcher").get(VERDICT, asked)
    assert refused.status_code == 400
    assert field in refused.json()


@pytest.mark.req("WAR-07")
@pytest.mark.parametrize("on", ["1000-01-01", "9999-12-31", "2024-02-29", "2026-06-01T10:00:00", ""])
def test_any_day_there_is_has_a_verdict(machine, cast, on):
    assert cast.api("dispatcher").get(VERDICT, {"on": on, "component": "", "cause": ""}).status_code == 200


@pytest.mark.req("WAR-02")
def test_an_extension_is_asked_for_and_approved_by_another(machine, cast):
    asked = cast.api("marketing").post(
        "/api/v1/warranty-extensions/",
        {"equipment": machine.serial, "kind": "extended", "starts_on": "2027-03-03", "ends_on": "2028-03-02"},
    )
    assert asked.status_code == 201
    number = asked.json()["number"]
    assert cast.api("marketing").post(f"/api/v1/warranty-extensions/{number}/approve/", {}).status_code == 403
    done = cast.api("head").post(f"/api/v1/warranty-extensions/{number}/approve/", {})
    assert done.json()["state"] == "approved"
    assert cast.api("head").get(VERDICT, {"on": "2027-06-01"}).json()["term_code"] == number
    assert cast.api("head").post(f"/api/v1/warranty-extensions/{number}/decline/", {}).status_code == 409
    assert cast.api("engineer").get(f"/api/v1/warranty-extensions/{number}/").status_code == 404


def test_the_lists_cost_the_same_for_many_rows(machine, cast, django_assert_max_num_queries):
    api = cast.api("finance")
    with django_assert_max_num_queries(4):
        api.get("/api/v1/warranty-terms/", {"page_size": 100})
    with django_assert_max_num_queries(4):
        api.get("/api/v1/guarantee-rules/")
