"""What nobody could serve is told to programs in JSON and to people as a page."""

import pytest
from django.db import OperationalError

from core import uploads

pytestmark = [pytest.mark.django_db, pytest.mark.req("OPN-01")]


@pytest.fixture
def broken(client, monkeypatch):
    """`broken(error)` makes every view fail; the client gets the answer."""
    client.raise_request_exception = False

    def fail(error):
        def raise_it(*args, **kwargs):
            raise error

        monkeypatch.setattr("staff.authentication.TokenAuthentication.authenticate", raise_it)
        monkeypatch.setattr("django.shortcuts.render", raise_it)
        monkeypatch.setattr("staff.views.signing.LoginView.dispatch", raise_it)

    return fail


def test_a_missing_database_is_503_with_the_time_to_try_again(broken, client):
    broken(OperationalError("gone"))
    answer = client.get("/api/v1/tickets/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["detail"]
    page = client.get("/login/")
    assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")


def test_a_fault_of_ours_is_500(broken, client):
    broken(RuntimeError("bug"))
    answer = client.get("/api/v1/tickets/")
    assert answer.status_code == 500
    assert answer.json()["detail"]
    assert client.get("/login/").status_code == 500


def test_an_unknown_address_is_404_in_json_or_as_a_page(client):
    assert client.get("/api/v1/nothing/").json()["detail"]
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


def test_a_request_that_is_too_large_is_413(cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    api = cast.api("dispatcher")
    answer = api.post("/api/v1/tickets/", {"symptom": "x" * 2000}, headers={"Idempotency-Key": "a"})
    assert answer.status_code == 413
    assert answer.json()["detail"]


def test_the_largest_photo_passes_with_a_key(settings):
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > uploads.MAX_BYTES
