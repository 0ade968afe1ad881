"""The API of people and organisation."""

import datetime as dt

import pytest

from staff.models import Absence, User


@pytest.mark.req("ORG-03", "OPN-01")
def test_the_administrator_creates_changes_and_ends_accounts(cast):
    api = cast.api("admin")
    made = api.post("/api/v1/users/", {"username": "wang", "name": "王芳", "roles": ["keeper"]})
    assert made.status_code == 201
    changed = api.patch("/api/v1/users/wang/", {"roles": ["supervisor"], "region": "SE"})
    assert changed.json()["region"] == "SE"
    assert api.patch("/api/v1/users/wang/", {"region": None}).status_code == 400
    assert api.post("/api/v1/users/wang/deactivate/", {"why": "left"}).json()["is_active"] is False
    again = api.post("/api/v1/users/wang/deactivate/")
    assert again.status_code == 409
    assert again.json()["allowed"] == ["reactivate"]
    assert cast.api("dispatcher").get("/api/v1/users/").status_code == 403
    assert cast.api().get("/api/v1/users/").status_code == 401


@pytest.mark.req("OPN-01")
def test_creating_twice_with_one_key_makes_one_account(cast):
    api = cast.api("admin")
    body, key = {"username": "wang", "name": "王芳", "roles": []}, {"Idempotency-Key": "k1"}
    first = api.post("/api/v1/users/", body, headers=key)
    second = api.post("/api/v1/users/", body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert api.post("/api/v1/users/", {**body, "name": "x"}, headers=key).status_code == 422
    assert User.objects.filter(username="wang").count() == 1


@pytest.mark.req("ORG-04", "ORG-05")
def test_engineers_are_listed_with_certificates_and_filtered(cast):
    for name in ("engineer", "engineer-south"):
        assert cast[name]
    api = cast.api("dispatcher")
    rows = api.get("/api/v1/engineers/?region=NW").json()["results"]
    assert [row["username"] for row in rows] == ["engineer"]
    assert {proof["product_line"] for proof in rows[0]["qualifications"]} == {"hot_melt", "cold_spray", "hand_push"}
    assert cast.api("supervisor").get("/api/v1/engineers/engineer-south/").status_code == 404


@pytest.mark.req("ORG-05")
def test_the_trainer_grants_and_withdraws_certificates(cast):
    assert cast["engineer-junior"]
    api = cast.api("trainer")
    body = {"engineer": "engineer-junior", "product_line": "hot_melt", "passed_on": "2026-11-21", "score": "90"}
    made = api.post("/api/v1/qualifications/", body)
    assert made.status_code == 201
    number = made.json()["certificate"]
    assert api.post(f"/api/v1/qualifications/{number}/revoke/", {"why": "x"}).json()["revoked_why"] == "x"
    assert api.post(f"/api/v1/qualifications/{number}/revoke/", {"why": "x"}).status_code == 409
    assert api.post("/api/v1/qualifications/", {**body, "engineer": "nobody"}).json().keys() == {"engineer"}
    assert cast.api("dispatcher").post("/api/v1/qualifications/", body).status_code == 403


@pytest.mark.req("ORG-04")
def test_absences_are_planned_and_cancelled(cast):
    assert cast.engineer
    api = cast.api("supervisor")
    body = {"engineer": "engineer", "starts_at": "2026-12-01T08:00:00+08:00", "ends_at": "2026-12-02T08:00:00+08:00"}
    made = api.post("/api/v1/absences/", body)
    assert made.status_code == 201
    assert made.json()["starts_at"] == "2026-12-01T08:00:00+08:00"
    assert api.post("/api/v1/absences/", body).status_code == 400
    assert api.get("/api/v1/absences/?after=2026-12-03T00:00:00Z").json()["results"] == []
    assert len(api.get("/api/v1/absences/?after=2026-12-01T12:00:00Z").json()["results"]) == 1
    assert cast.api("supervisor-south").delete(f"/api/v1/absences/{made.json()['id']}/").status_code == 404
    assert api.delete(f"/api/v1/absences/{made.json()['id']}/").status_code == 204
    assert not Absence.objects.exists()


@pytest.mark.req("ORG-04")
def test_standby_and_phone_off_take_the_time_they_happened(cast):
    engineer = cast.file("engineer")
    api = cast.api("supervisor")
    at = "2026-11-20T22:15:00+08:00"
    assert api.post("/api/v1/engineers/engineer/standby/", {"standby": "off", "at": at}).json()["standby"] == "off"
    assert api.post("/api/v1/engineers/engineer/phone-off/", {"at": at, "note": "x"}).status_code == 201
    assert engineer.phone_offs.get().at == dt.datetime.fromisoformat(at)
    assert api.post("/api/v1/engineers/engineer/standby/", {"standby": "asleep"}).json().keys() == {"standby"}


@pytest.mark.req("ORG-01", "ORG-02")
def test_the_organisation_can_be_read_by_the_house_and_not_by_contractors(cast):
    api = cast.api("engineer")
    assert len(api.get("/api/v1/provinces/").json()["results"]) == 34
    assert "610000" in api.get("/api/v1/regions/NW/").json()["provinces"]
    assert api.get("/api/v1/product-lines/hot_melt/").json()["division"] == "mechanical"
    assert cast.api("contractor").get("/api/v1/regions/").json()["results"] == []


@pytest.mark.req("OPN-05")
def test_refusals_come_in_the_language_of_the_account_unless_the_request_names_one(cast):
    api = cast.api("dispatcher")
    assert "管理员" in api.get("/api/v1/users/").json()["detail"]
    assert api.patch("/api/v1/me/", {"language": "en"}).json()["language"] == "en"
    assert "administrator" in api.get("/api/v1/users/").json()["detail"]
    assert "管理员" in api.get("/api/v1/users/", headers={"Accept-Language": "zh-CN"}).json()["detail"]
    assert api.patch("/api/v1/me/", {"theme": "pink"}).status_code == 400
