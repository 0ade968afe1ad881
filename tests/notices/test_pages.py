"""The inbox, the deliveries and the texts on pages and in the API."""

import datetime as dt

import pytest

from notices import actions
from notices.models import Delivery, Template

AT = dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC)


@pytest.fixture
def told(cast):
    context = {"number": "PG1", "title": "熄火", "url": "/account/"}
    return actions.tell("order.issued", to=cast.engineer, about="dispatchorder:7", context=context, at=AT)[0]


@pytest.mark.req("OPN-03")
def test_opening_a_message_leads_to_its_record_and_marks_it_read(cast, told):
    browser = cast.browser("engineer")
    assert "PG1" in browser.get("/notices/").content.decode()
    assert browser.get(f"/notices/{told.pk}/").headers["Location"] == "/account/"
    assert not browser.get("/notices/").context["page"]
    assert len(browser.get("/notices/?view=all").context["page"]) == 1
    assert cast.browser("head").get(f"/notices/{told.pk}/").status_code == 404


@pytest.mark.req("OPN-03")
def test_all_messages_are_read_at_once_but_only_the_own_ones(cast, told):
    actions.tell("order.issued", to=cast.head, about="dispatchorder:7", context={"number": "PG1"}, at=AT)
    cast.browser("engineer").post("/notices/read/")
    assert Delivery.objects.filter(channel="inbox").unread().get().receiver == cast.head


@pytest.mark.req("OPN-03")
def test_the_administrator_finds_dead_deliveries_and_sends_them_again(cast, told):
    dead = Delivery.objects.get(channel="email")
    Delivery.objects.filter(pk=dead.pk).update(state="dead")
    browser = cast.browser("admin")
    assert [row.pk for row in browser.get("/settings/deliveries/?state=dead").context["page"]] == [dead.pk]
    browser.post(f"/settings/deliveries/{dead.pk}/send-again/")
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    assert cast.browser("dispatcher").get("/settings/deliveries/").status_code == 403


@pytest.mark.req("OPN-03")
def test_a_text_is_previewed_and_then_saved(cast):
    browser = cast.browser("admin")
    url, text = "/settings/texts/order.issued/en/", {"subject": "Go: {number}", "body": "{customer}"}
    page = browser.post(url, {**text, "preview": "1"})
    assert page.context["example"]["subject"] == "Go: WX20261121-0001"
    assert not Template.objects.exists()
    assert browser.post(url, {**text, "subject": "{oops}"}).status_code == 400
    assert browser.post(url, text).status_code == 302
    assert Template.objects.get().subject == "Go: {number}"
    assert len(browser.get(url).context["story"]) == 1
    assert browser.get("/settings/texts/order.lost/en/").status_code == 404


@pytest.mark.req("OPN-03", "OPN-01")
def test_the_api_gives_the_own_inbox_and_the_administrator_all_deliveries(cast, told):
    api = cast.api("engineer")
    assert [row["id"] for row in api.get("/api/v1/notices/?read_at__isnull=true").json()["results"]] == [told.pk]
    assert api.post(f"/api/v1/notices/{told.pk}/read/").json()["read_at"] is not None
    assert api.post("/api/v1/notices/read-all/").json() == {"read": 0}
    assert cast.api("head").get(f"/api/v1/notices/{told.pk}/").status_code == 404
    assert api.get("/api/v1/deliveries/").status_code == 403
    admin = cast.api("admin")
    assert len(admin.get("/api/v1/deliveries/?channel=email").json()["results"]) == 1
    assert admin.post(f"/api/v1/deliveries/{told.pk}/send-again/").status_code == 409
