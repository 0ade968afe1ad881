"""Signing in and out, lockout, tokens, language and look."""

import pytest
from django.conf import settings

from staff import actions
from staff.models import User

LOGIN = {"username": "dispatcher", "password": "demo"}


@pytest.mark.req("SEC-02")
def test_signing_in_leads_to_the_page_asked_for_and_signing_out_ends_the_session(cast, client):
    assert cast.dispatcher
    assert client.get("/account/").headers["Location"] == "/login/?next=/account/"
    answer = client.post("/login/?next=/account/", {**LOGIN, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    client.post("/logout/")
    assert client.get("/account/").status_code == 302


@pytest.mark.req("SEC-02")
def test_five_wrong_passwords_close_one_account_for_one_address_only(cast, client):
    assert cast.dispatcher
    assert cast.head
    for _ in range(4):
        assert client.post("/login/", {**LOGIN, "password": "wrong"}).status_code == 200
    locked = client.post("/login/", {**LOGIN, "password": "wrong"})
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert client.post("/login/", LOGIN).status_code == 429
    assert client.post("/login/", LOGIN, REMOTE_ADDR="10.1.1.1").status_code == 302
    assert client.post("/login/", {**LOGIN, "username": "head"}).status_code == 302


@pytest.mark.req("SEC-02")
def test_an_ended_account_cannot_sign_in(cast, client):
    actions.deactivate_user(cast.dispatcher, by=cast.admin)
    assert client.post("/login/", LOGIN).status_code == 200
    assert client.post("/api/v1/auth/token/", LOGIN, "application/json").status_code == 401


@pytest.mark.req("OPN-01")
def test_the_api_gives_a_token_for_account_and_password(cast, client):
    assert cast.dispatcher
    answer = client.post("/api/v1/auth/token/", LOGIN, "application/json")
    assert answer.status_code == 200
    header = {"Authorization": f"Token {answer.json()['token']}"}
    assert client.get("/api/v1/me/", headers=header).json()["username"] == "dispatcher"
    assert not User.objects.get(username="dispatcher").api_tokens.filter(digest=answer.json()["token"]).exists()


@pytest.mark.req("OPN-01")
def test_missing_fields_are_400_wrong_passwords_401_and_the_fifth_429(cast, client):
    assert cast.dispatcher
    url = "/api/v1/auth/token/"
    assert set(client.post(url, {}, "application/json").json()) == {"username", "password"}
    assert client.post(url, {}, "application/json").status_code == 400
    for _ in range(4):
        wrong = client.post(url, {**LOGIN, "password": "wrong"}, "application/json")
        assert wrong.status_code == 401
        assert wrong.headers["WWW-Authenticate"] == "Token"
    locked = client.post(url, {**LOGIN, "password": "wrong"}, "application/json")
    assert locked.status_code == 429
    assert "detail" in locked.json()
    assert client.post(url, LOGIN, "application/json").status_code == 429


@pytest.mark.req("OPN-01")
@pytest.mark.parametrize("header", ["Token", "Token a b", "Token nothing", "Token ÿ"])
def test_unusable_tokens_are_401(cast, client, header):
    assert client.get("/api/v1/me/", headers={"Authorization": header}).status_code == 401


@pytest.mark.req("OPN-01")
def test_a_token_is_shown_once_kept_as_a_fingerprint_and_ends_when_revoked(cast, client):
    browser = cast.browser("dispatcher")
    page = browser.post("/account/tokens/", {"name": "telephone"})
    key = page.context["key"]
    assert key in page.content.decode()
    assert key not in browser.get("/account/").content.decode()
    header = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 200
    token = cast.dispatcher.api_tokens.get()
    assert cast.browser("head").post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    browser.post(f"/account/tokens/{token.pk}/revoke/")
    assert client.get("/api/v1/me/", headers=header).status_code == 401


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(cast):
    here, elsewhere = cast.browser("dispatcher"), cast.browser("dispatcher")
    wrong = here.post("/account/password/", {"old": "no", "new": "a-better-secret-7"})
    assert wrong.status_code == 400
    assert "old" in wrong.context["forms"]["password"].errors
    weak = here.post("/account/password/", {"old": "demo", "new": "1234567890"})
    assert "new" in weak.context["forms"]["password"].errors
    good = here.post("/account/password/", {"old": "demo", "new": "a-better-secret-7"})
    assert good.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.req("OPN-05")
def test_everybody_chooses_the_language(cast, client):
    browser = cast.browser("dispatcher")
    assert 'lang="zh-CN"' in browser.get("/account/").content.decode()
    back = browser.post("/settings/language/", {"language": "en", "next": "/account/"})
    assert back.headers["Location"] == "/account/"
    assert 'lang="en"' in browser.get("/account/").content.decode()
    assert User.objects.get(username="dispatcher").language == "en"
    assert 'lang="zh-CN"' in client.get("/login/").content.decode()
    assert 'lang="en"' in client.get("/login/", headers={"Accept-Language": "en-GB"}).content.decode()
    client.post("/settings/language/", {"language": "zh-hans", "next": "/login/"})
    assert 'lang="zh-CN"' in client.get("/login/", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.req("OPN-05")
def test_the_look_is_kept_for_account_and_browser_and_never_leads_elsewhere(cast, client):
    browser = cast.browser("dispatcher")
    answer = browser.post("/settings/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert User.objects.get(username="dispatcher").theme == "dark"
    assert client.post("/settings/theme/", {"theme": "pink"}).status_code == 400
    client.post("/settings/theme/", {"theme": "light", "next": "/login/"})
    assert client.cookies["theme"].value == "light"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_home_leads_to_a_page_that_exists(cast):
    browser = cast.browser("admin")
    assert browser.get("/", follow=True).status_code == 200
    assert cast.browser("stranger").get("/", follow=True).redirect_chain == [("/account/", 302)]
