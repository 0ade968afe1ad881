"""The API of the complaints: shapes, refusals, repeats."""

import pytest

from complaints.models import Complaint

pytestmark = [pytest.mark.django_db, pytest.mark.req("CMP-01", "OPN-01")]
URL = "/api/v1/complaints/"


def test_the_whole_way_over_the_api(world, cast):
    desk, judge, head = cast.api("dispatcher"), cast.api("supervision"), cast.api("head")
    body = {"customer": world.customer.number, "equipment": "TRC9-0001", "content": "迟到", "remedy": "道歉"}
    made = desk.post(URL, body)
    assert made.status_code == 201
    shape = made.json()
    assert shape["state"] == "received"
    assert {timer["target"] for timer in shape["timers"]} == {"answer", "resolve"}
    assert shape["allowed"] == ["acknowledge", "describe"]
    url = f"{URL}{shape['number']}/"
    assert desk.post(f"{url}acknowledge/", {}).json()["owner"] == "dispatcher"
    assert judge.post(f"{url}describe/", {"about": "service", "about_person": "engineer"}).status_code == 400
    cast.engineer  # noqa: B018
    named = judge.post(f"{url}describe/", {"about": "service", "about_person": "engineer"})
    assert named.json()["about_person"] == "engineer"
    decided = judge.post(f"{url}decide/", {"is_valid": True, "findings": "属实"})
    assert (decided.status_code, decided.json()["decided_by"]) == (200, "supervision")
    assert desk.post(f"{url}answer/", {"answer": "已道歉"}).status_code == 200
    assert judge.post(f"{url}close/", {"content_after": "yes"}).status_code == 403
    assert head.post(f"{url}close/", {"content_after": "yes"}).json()["state"] == "closed"
    assert desk.post(f"{url}reopen/", {"why": "又迟到"}).json()["state"] == "acknowledged"
    listed = desk.get(URL, {"state": "acknowledged", "customer__number": world.customer.number}).json()
    assert [row["number"] for row in listed["results"]] == [shape["number"]]


def test_a_repeated_request_has_one_effect(world, cast):
    api, body = cast.api("dispatcher"), {"customer": world.customer.number, "content": "迟到"}
    first = api.post(URL, body, headers={"Idempotency-Key": "k1"})
    again = api.post(URL, body, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert Complaint.objects.count() == 1
    assert api.post(URL, body | {"content": "x"}, headers={"Idempotency-Key": "k1"}).status_code == 422


def test_refusals_name_field_right_and_state(world, cast):
    found = world.complaint()
    api = cast.api("dispatcher")
    assert set(api.post(URL, {}).json()) == {"content"}
    assert set(api.post(URL, {"content": "x"}).json()) == {"customer"}
    assert set(api.post(URL, {"content": "x", "customer": "KH99999"}).json()) == {"customer"}
    assert cast.api("finance").get(URL).status_code == 403
    assert cast.api("engineer").get(f"{URL}{found.number}/").status_code == 404
    assert cast.api("supervisor-south").get(f"{URL}{found.number}/").status_code == 404
    assert cast.api().get(URL).status_code == 401
    early = api.post(f"{URL}{found.number}/answer/", {"answer": "x"})
    assert early.status_code == 409
    assert early.json()["allowed"] == ["acknowledge", "describe"]
    assert api.post(f"{URL}{found.number}/decide/", {"is_valid": True, "findings": "x"}).status_code == 403
