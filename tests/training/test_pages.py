"""Pages and API of the trainings."""

from datetime import date

import pytest

from training.models import CustomerTraining

pytestmark = [pytest.mark.django_db, pytest.mark.req("TRN-01")]
URL = "/api/v1/trainings/"
RESULT = {"started_on": "2026-03-09", "ended_on": "2026-03-09", "trainees": "4", "passed": "4"}


def test_a_training_is_planned_moved_and_held_over_the_pages(world, cast):
    browser = cast.browser("trainer")
    assert 'value="TRC9-0001"' in browser.get("/training/new/?equipment=TRC9-0001").content.decode()
    form = {"equipment": "TRC9-0001", "kind": "on_site", "planned_on": "2026-03-09"}
    assert browser.post("/training/new/", form | {"equipment": "none"}).status_code == 422
    for _again in range(2):
        made = browser.post("/training/new/", form | {"idempotency_key": "k"})
    training = CustomerTraining.objects.get()
    url = training.get_absolute_url()
    assert made.headers["Location"] == url
    page = browser.get(url).content.decode()
    for text in ("西安公路养护有限公司", "TRC9-0001", "操作培训" if "操作培训" in page else "现场"):
        assert text in page
    assert browser.post(f"{url}change/", {"planned_on": "2026-03-10"}).status_code == 302
    assert browser.post(f"{url}finish/", RESULT | {"passed": "9"}).status_code == 400
    assert browser.post(f"{url}finish/", RESULT | {"passed": ""}).status_code == 422
    assert browser.post(f"{url}finish/", RESULT).status_code == 302
    assert browser.post(f"{url}cancel/", {"why": "x"}).status_code == 409
    assert "4 / 4" in browser.get("/training/").content.decode()


def test_field_staff_see_their_own_trainings_and_enter_the_result(world, cast):
    own = world.planned(trainer=cast.engineer)
    other = world.planned()
    listed = cast.browser("engineer").get("/training/").content.decode()
    assert own.number in listed
    assert other.number not in listed
    page = cast.browser("engineer").get(own.get_absolute_url()).content.decode()
    assert "finish/" in page
    assert "cancel/" not in page
    assert cast.browser("engineer").get(other.get_absolute_url()).status_code == 404
    assert cast.browser("stranger").get("/training/").status_code == 403
    assert cast.browser("supervisor-south").get(own.get_absolute_url()).status_code == 404
    assert cast.browser("engineer").post(f"{own.get_absolute_url()}finish/", RESULT).status_code == 302


def test_the_list_exports_filters_and_costs_the_same_for_one_and_twenty(world, cast, queries_of, client):
    client.force_login(cast.trainer)
    world.planned()
    client.get("/training/")  # the menu counts once in a while
    few = queries_of("/training/")
    for _more in range(19):
        world.planned()
    assert queries_of("/training/") == few
    assert b"".join(client.get("/training/?export=csv").streaming_content).decode().count("TRC9-0001") == 20
    assert "empty" in client.get("/training/?state=done").content.decode()
    assert client.get("/training/?q=TRC9").content.decode().count("row-link") == 20


def test_the_pages_are_there_in_english(world, cast):
    training = world.planned()
    english = {"Accept-Language": "en"}
    browser = cast.browser("manager")
    for url in ("/training/", training.get_absolute_url()):
        assert browser.get(url, headers=english).status_code == 200


@pytest.mark.req("OPN-01")
def test_the_api_plans_once_refuses_by_field_right_and_state(world, cast):
    api = cast.api("trainer")
    body = {"equipment": "TRC9-0001", "kind": "centre", "planned_on": "2026-03-09", "trainer": "trainer"}
    first = api.post(URL, body, headers={"Idempotency-Key": "k"})
    again = api.post(URL, body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert api.post(URL, body | {"kind": "on_site"}, headers={"Idempotency-Key": "k"}).status_code == 422
    assert first.json()["due_on"] == "2026-03-17"
    url = f"{URL}{first.json()['number']}/"
    cast.finance  # noqa: B018
    assert set(api.post(URL, body | {"trainer": "finance"}).json()) == {"trainer"}
    assert set(api.post(URL, {"kind": "centre"}).json()) == {"equipment", "planned_on"}
    assert cast.api("dispatcher").post(URL, body).status_code == 403
    assert cast.api("engineer").get(url).status_code == 404
    assert cast.api().get(URL).status_code == 401
    assert api.post(f"{url}change/", {"planned_on": "2026-03-11", "trainer": None}).json()["trainer"] is None
    done = api.post(f"{url}finish/", RESULT)
    assert (done.status_code, done.json()["charge"]) == (200, "0.00")
    late = api.post(f"{url}cancel/", {"why": "x"})
    assert (late.status_code, late.json()["allowed"]) == (409, [])
    assert CustomerTraining.objects.get(number=first.json()["number"]).ended_on == date(2026, 3, 9)
