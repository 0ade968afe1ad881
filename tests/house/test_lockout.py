"""Guessing passwords: the pair of account and address closes soon, the account as a whole later."""

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.test import RequestFactory

from aftersales.lockout import client_address
from staff.models import User

pytestmark = pytest.mark.django_db

RIGHT = "the right one, indeed"


@pytest.fixture
def user():
    return User.objects.create_user(username="guessed", password=RIGHT)


def attempt(password, address="10.0.0.1"):
    request = RequestFactory().post("/login/", REMOTE_ADDR=address)
    return authenticate(request, username="guessed", password=password)


def test_after_five_wrong_passwords_the_right_one_is_refused_from_that_address(user):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert attempt("wrong") is None
    assert attempt(RIGHT) is None
    assert attempt(RIGHT, "10.0.0.2") == user


def test_it_opens_again_after_the_pause(user, freeze):
    clock = freeze("2026-10-05 09:00")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("wrong")
    assert attempt(RIGHT) is None
    clock.shift(settings.AXES_COOLOFF_TIME.total_seconds() + 1)
    assert attempt(RIGHT) == user


def test_an_account_tried_from_everywhere_is_closed_for_all(user):
    for number in range(settings.ACCOUNT_FAILURE_CEILING):
        attempt("wrong", f"10.0.1.{number}")
    assert attempt(RIGHT, "10.0.2.1") is None


def test_the_address_is_taken_from_the_proxy_only_when_there_is_one(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request) == "10.0.0.9"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "2.2.2.2"
