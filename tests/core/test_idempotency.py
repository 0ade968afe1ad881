"""Idempotency keys of the API and of pages: one effect, one answer."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from core import pages
from core.errors import Forbidden, NotAllowed, Refused
from core.models import IdempotencyKey, NumberSeries
from core.numbers import next_in
from core.rest import ApiView

pytestmark = pytest.mark.req("OPN-01", "SEC-01")


class Counting(ApiView):
    """Gives out a number, or refuses as the body says."""

    def post(self, request):
        with transaction.atomic():
            count = next_in("test", "")
            refusals = {
                "state": NotAllowed("not now", allowed=["accept"]),
                "input": Refused({"at": "in the future"}),
                "role": Forbidden("not yours"),
            }
            if request.data.get("fail"):
                raise refusals[request.data["fail"]]
        return Response({"count": count}, status=201)


class CountingForms(Counting):
    """The same for forms with files."""

    parser_classes = [MultiPartParser]


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user("zhou", name="周敏")


def post(person, key, **body):
    request = APIRequestFactory().post("/count/", body, format="json", headers={"Idempotency-Key": key})
    force_authenticate(request, person)
    return Counting.as_view()(request)


def test_a_repeat_gets_the_first_answer_and_has_no_effect(person):
    first, repeat = post(person, "a"), post(person, "a")
    assert (first.status_code, first.data) == (201, {"count": 1})
    assert (repeat.status_code, repeat.data) == (201, {"count": 1})
    assert repeat.headers["Idempotent-Replayed"] == "true"
    assert NumberSeries.objects.get().last == 1


def test_another_body_under_the_same_key_is_refused(person):
    post(person, "a")
    assert post(person, "a", other=1).status_code == 422


def test_a_form_with_another_boundary_is_the_same_form(person):
    answers = []
    for boundary in ("one", "another"):
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{boundary}--\r\n'
        request = APIRequestFactory().generic(
            "POST", "/count/", body, f"multipart/form-data; boundary={boundary}", headers={"Idempotency-Key": "a"}
        )
        force_authenticate(request, person)
        answers.append(CountingForms.as_view()(request))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert NumberSeries.objects.get().last == 1


def test_the_same_key_of_two_people_is_two_keys(person):
    other = get_user_model().objects.create_user("li", name="李敏")
    assert [post(person, "a").data["count"], post(other, "a").data["count"]] == [1, 2]


@pytest.mark.parametrize(
    ("fail", "status", "body"),
    [
        ("state", 409, {"detail": "not now", "allowed": ["accept"]}),
        ("input", 400, {"at": ["in the future"]}),
        ("role", 403, {"detail": "not yours"}),
    ],
)
def test_a_refusal_writes_nothing_and_the_key_stays_free(person, fail, status, body):
    refused = post(person, "a", fail=fail)
    assert (refused.status_code, refused.data) == (status, body)
    assert not NumberSeries.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert post(person, "a").data == {"count": 1}


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_has_one_effect():
    person = get_user_model().objects.create_user("zhou", name="周敏")
    answers, together = [], threading.Barrier(4)

    def send():
        try:
            together.wait()
            answers.append(post(person, "a").data)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"count": 1}] * 4


def test_a_form_sent_twice_is_redirected_to_the_first_result(person):
    @pages.once
    def view(request):
        return HttpResponseRedirect(f"/made/{next_in('form', '')}/")

    def send():
        request = RequestFactory().post("/form/", {"idempotency_key": "k"})
        request.user = person
        return view(request).url

    assert [send(), send()] == ["/made/1/", "/made/1/"]


def test_a_form_shown_again_with_errors_has_written_nothing(person):
    @pages.once
    def view(request):
        next_in("form", "")
        return HttpResponse("wrong", status=422)

    request = RequestFactory().post("/form/", {"idempotency_key": "k"})
    request.user = person
    assert view(request).status_code == 422
    assert not NumberSeries.objects.exists()
