"""Screens of the frame in a real browser: they load, hold the security policy, and axe finds nothing."""

import pytest

from tests.house.people import everybody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_sign_in_page_is_in_chinese_and_accessible(page, no_axe_faults):
    answer = page.goto("/login/")
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    no_axe_faults(page)


def test_the_search_page_of_a_signed_in_person_is_accessible(open_page, no_axe_faults):
    page = open_page(everybody()["dispatcher"])
    assert page.goto("/search/?q=nothing-at-all").status == 200
    no_axe_faults(page)


def test_no_request_leaves_the_server(open_page, live_server):
    page = open_page(everybody()["dispatcher"])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.goto("/search/").status == 200
    page.wait_for_load_state("networkidle")
    outside = [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))]
    assert asked
    assert outside == []
