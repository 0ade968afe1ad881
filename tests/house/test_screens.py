"""Every page in a real browser: it loads, keeps the security policy, asks nobody else, and axe finds nothing."""

import pytest
from django.conf import settings
from django.test import Client

from tests.house import access_rows
from tests.house.people import everybody
from tests.house.test_access import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PREFERRED = ("dispatcher", "engineer", "head", "supervisor", "admin", "manager", "supervision", "trainer")


def pages(app, people, values):
    """Address and reader of every page among the rows of an app; fragments and files are no pages."""
    for row in access_rows.rows(app):
        if row.method != "GET" or row.is_api:
            continue
        reader = next((name for name in PREFERRED if name in row.may), None)
        url, _ = fill(row.route, row.args, values)
        url = f"{url}?{row.query}" if row.query else url
        client = Client()
        if reader:
            client.force_login(people[reader])
        answer = client.get(url)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and b"<html" in answer.content:
            yield url, reader


@pytest.mark.parametrize("app", access_rows.apps())
def test_every_page_is_accessible_and_asks_nobody_else(app, open_page, live_server, no_axe_faults):
    people = everybody()
    values = access_rows.records(app, people)
    faults = []
    sprite = set((settings.BASE_DIR / "static/icons.txt").read_text().split())
    for url, reader in list(pages(app, people, values)):
        page = open_page(people.get(reader))
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(url)
        faults += [
            f"{url} asks {other}" for other in asked if not other.startswith((live_server.url, "data:", "blob:"))
        ]
        drawn = page.locator("use").evaluate_all("all => all.map(one => one.getAttribute('href').split('#')[1])")
        faults += [f"{url} has no icon {name}" for name in set(drawn) - sprite]
        try:
            no_axe_faults(page)
        except AssertionError as found:
            faults.append(f"{url} as {reader}:\n{found}")
        page.context.close()
    assert not faults, "\n".join(faults)


def test_the_sign_in_page_is_in_chinese(page):
    assert page.goto("/login/").status == 200
    assert page.locator("html").get_attribute("lang") == "zh-CN"
