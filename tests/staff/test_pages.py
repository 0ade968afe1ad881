"""The pages of people and organisation."""

import datetime as dt

import pytest

from staff import settings_index
from staff.models import Engineer, Region, User

PAGES = [
    "/settings/", "/settings/users/", "/settings/users/new/", "/settings/users/engineer/", "/settings/roles/",
    "/settings/regions/", "/settings/regions/NW/", "/settings/regions/new/", "/settings/divisions/",
    "/settings/divisions/new/", "/settings/divisions/mechanical/", "/settings/product-lines/hot_melt/",
    "/settings/product-lines/new/", "/settings/tiers/", "/settings/tiers/senior/", "/settings/tiers/new/",
    "/settings/engineers/", "/settings/engineers/new/", "/settings/engineers/engineer/", "/settings/qualifications/",
    "/settings/rota/", "/settings/texts/", "/settings/texts/order.issued/en/", "/settings/deliveries/", "/notices/",
    "/account/",
]  # fmt: skip


@pytest.mark.req("OPN-05")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(cast, language):
    assert cast.engineer
    browser = cast.browser("admin")
    browser.post("/settings/language/", {"language": language, "next": "/"})
    for url in PAGES:
        page = browser.get(url)
        assert page.status_code == 200, url
        assert ('<html lang="en"' in page.content.decode()) is (language == "en")


def test_lists_without_rows_say_what_will_appear(cast):
    browser = cast.browser("admin")
    for url in ("/settings/engineers/", "/settings/qualifications/", "/settings/rota/", "/notices/"):
        assert 'class="empty-state"' in browser.get(url).content.decode(), url


@pytest.mark.req("ORG-03")
def test_the_administrator_opens_changes_and_ends_an_account(cast):
    browser = cast.browser("admin")
    given = {"username": "wang", "name": "王芳", "roles": ["keeper"], "password": "a-long-secret-1", "phone": ""}
    assert browser.post("/settings/users/new/", given).headers["Location"] == "/settings/users/wang/"
    browser.post("/settings/users/wang/", {"name": "王芳", "roles": ["keeper", "finance"]})
    assert User.objects.get(username="wang").roles == ["keeper", "finance"]
    ended = browser.post("/settings/users/wang/deactivate/", {"why": "离职"})
    assert ended.status_code == 302
    assert not User.objects.get(username="wang").is_active
    again = browser.post("/settings/users/wang/deactivate/", {"why": "离职"})
    assert again.status_code == 409
    assert "离职" in browser.get("/settings/users/wang/").content.decode(), "the story gives the reason"


def test_sending_the_same_form_twice_opens_one_account(cast):
    browser = cast.browser("admin")
    given = {"username": "wang", "name": "王芳", "roles": ["keeper"], "idempotency_key": "abc"}
    first, second = (browser.post("/settings/users/new/", given) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert User.objects.filter(username="wang").count() == 1


def test_errors_stand_at_their_fields_and_what_was_typed_stays(cast):
    browser = cast.browser("admin")
    page = browser.post("/settings/users/new/", {"username": "admin", "name": "李四", "roles": ["supervisor"]})
    assert page.status_code == 400
    assert {"username", "region"} <= page.context["form"].errors.keys()
    assert "李四" in page.content.decode()


@pytest.mark.req("ORG-02")
def test_provinces_are_given_to_a_region_on_its_page(cast):
    assert cast.supervisor
    browser = cast.browser("admin")
    given = {"name_zh": "西北大区", "name_en": "Northwest", "supervisor": cast.supervisor.pk}
    answer = browser.post("/settings/regions/NW/", {**given, "provinces": ["610000", "620000", "420000"]})
    assert answer.status_code == 302
    assert list(cast.region("NW").provinces.values_list("code", flat=True)) == ["420000", "610000", "620000"]
    assert cast.province("650000").region is None
    assert Region.objects.get(code="NW").supervisor == cast.supervisor


@pytest.mark.req("ORG-01")
def test_a_product_line_is_added_to_a_division(cast):
    browser = cast.browser("admin")
    division = cast.line().division
    given = {"code": "vibration", "name_zh": "振荡划线车", "name_en": "Vibration", "division": division.pk}
    assert browser.post("/settings/product-lines/new/", given).status_code == 302
    assert cast.line("vibration").division == division
    assert browser.post("/settings/product-lines/new/", given).status_code == 400


@pytest.mark.req("ORG-04")
def test_a_supervisor_plans_on_the_engineers_page(cast):
    engineer = cast.file("engineer")
    browser = cast.browser("supervisor")
    url = "/settings/engineers/engineer/"
    browser.post(f"{url}absences/", {"kind": "leave", "starts_at": "2026-12-01T08:00", "ends_at": "2026-12-02T18:00"})
    assert engineer.absences.get().during.lower == dt.datetime(2026, 12, 1, 0, 0, tzinfo=dt.UTC)
    overlap = browser.post(
        f"{url}absences/", {"kind": "ill", "starts_at": "2026-12-01T09:00", "ends_at": "2026-12-01T10:00"}
    )
    assert overlap.status_code == 400
    assert "starts_at" in overlap.context["forms"]["absence"].errors
    browser.post(f"{url}standby/", {"standby": "off"})
    assert Engineer.objects.get(pk=engineer.pk).standby == "off"
    assert browser.post(f"{url}certificates/", {}).status_code == 403
    assert browser.post("/settings/engineers/engineer-south/standby/", {"standby": "off"}).status_code == 404
    browser.post(f"{url}absences/{engineer.absences.get().pk}/cancel/")
    assert not engineer.absences.exists()


@pytest.mark.req("ORG-04", "ORG-05")
def test_the_trainer_grants_and_withdraws_on_the_engineers_page(cast):
    engineer = cast.file("engineer-junior")
    browser = cast.browser("trainer")
    url = "/settings/engineers/engineer-junior/"
    given = {"product_line": cast.line().pk, "passed_on": "2026-11-01", "valid_until": "2026-11-30", "score": "91"}
    assert browser.post(f"{url}certificates/", given).status_code == 302
    proof = engineer.qualifications.get()
    assert proof.certificate.startswith("ZS")
    assert browser.post(f"{url}certificates/{proof.pk}/revoke/", {"why": ""}).status_code == 400
    assert browser.post(f"{url}certificates/{proof.pk}/revoke/", {"why": "违规"}).status_code == 302
    assert browser.post(f"{url}skills/", {"product_line": cast.line().pk, "level": "2"}).status_code == 302
    assert engineer.skills.get().level == 2


@pytest.mark.req("ORG-05")
def test_certificates_that_end_are_listed_until_a_newer_one_is_there(cast, freeze):
    from staff.actions import grant_qualification

    freeze("2026-11-21 10:00")
    engineer = cast.file("engineer-junior")
    passed, end = dt.date(2025, 12, 1), dt.date(2026, 12, 1)
    grant_qualification(engineer, cast.line(), by=None, passed_on=passed, valid_until=end)
    browser = cast.browser("trainer")
    assert [row.engineer for row in browser.get("/settings/qualifications/").context["page"]] == [engineer]
    grant_qualification(engineer, cast.line(), by=None, passed_on=dt.date(2026, 11, 20))
    assert not browser.get("/settings/qualifications/").context["page"]


@pytest.mark.req("ORG-04")
def test_an_engineer_sees_only_the_own_file_and_sets_the_own_standby(cast):
    assert cast["engineer-south"]
    browser = cast.browser("engineer")
    cards = browser.get("/settings/engineers/").context["cards"]
    assert [card["engineer"].user.username for card in cards] == ["engineer"]
    assert browser.post("/settings/engineers/engineer/standby/", {"standby": "off"}).status_code == 302
    assert browser.post("/settings/engineers/engineer/phone-off/", {"at": "2026-11-21T08:00"}).status_code == 403


@pytest.mark.req("ORG-04")
def test_the_list_filters_by_what_an_engineer_may_be_sent_to_and_exports_it(cast):
    for name in ("engineer", "engineer-junior", "contractor"):
        assert cast[name]
    browser = cast.browser("dispatcher")
    cards = browser.get(f"/settings/engineers/?product_line={cast.line('cold_spray').pk}").context["cards"]
    assert [card["engineer"].user.username for card in cards] == ["engineer"]
    sheet = browser.get("/settings/engineers/?export=csv")
    assert "张海涛" in b"".join(sheet.streaming_content).decode()
    assert browser.get("/settings/engineers/?export=xlsx").headers["Content-Type"].endswith("sheet")


def test_lists_cost_the_same_number_of_queries_for_any_number_of_rows(cast, django_assert_max_num_queries):
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = cast.browser("admin")
    costs = {}
    for names in (["engineer"], ["engineer-south", "engineer-mobile", "contractor", "supervisor", "keeper"]):
        for name in names:
            assert cast[name]
        for url in ("/settings/engineers/", "/settings/users/", "/settings/regions/", "/settings/roles/"):
            browser.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(url)
            costs.setdefault(url, []).append(len(queries))
        cache.clear()
    assert all(few == many for few, many in costs.values()), costs


def test_the_index_shows_each_person_only_what_is_open_to_him(cast):
    def urls(username):
        return {link["url"] for section in settings_index.for_user(cast[username]) for link in section["links"]}

    assert "/settings/users/" in urls("admin")
    assert "/settings/users/" not in urls("dispatcher")
    assert "/settings/regions/" in urls("dispatcher")
    assert "/settings/regions/" not in urls("contractor")


@pytest.mark.req("SEC-02")
def test_an_administrator_opens_a_closed_sign_in(cast, client):
    assert cast.keeper
    login = {"username": "keeper", "password": "demo"}
    for _ in range(5):
        client.post("/login/", {**login, "password": "wrong"})
    assert client.post("/login/", login).status_code == 429
    cast.browser("admin").post("/settings/users/keeper/unlock/")
    assert client.post("/login/", login).status_code == 302
