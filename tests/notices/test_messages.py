"""Messages: each told once, sent once, tried again, kept."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction

from core.errors import Forbidden, NotAllowed, Refused
from notices import actions, defaults, sending, tasks, wording
from notices.kinds import KINDS
from notices.models import Delivery, Template
from staff.actions import deactivate_user, set_preferences, update_user

AT = dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC)
WHAT = {"number": "WX20261121-0001", "title": "熄火保护", "customer": "陕西路桥", "url": "/orders/PG1/"}


def tell(to, **more):
    given = {"about": "dispatchorder:7", "context": WHAT, "at": AT, **more}
    return actions.tell("order.issued", to=to, **given)


@pytest.mark.req("OPN-03")
def test_telling_twice_makes_one_delivery_per_channel(cast):
    first = tell(cast.engineer)
    again = tell(cast.engineer)
    assert {row.channel for row in first} == {"inbox", "email"}
    assert [row.pk for row in first] == [row.pk for row in again]
    assert len(tell(cast.engineer, dedupe="2")) == 2
    assert Delivery.objects.count() == 4


@pytest.mark.req("OPN-03")
def test_people_without_an_address_are_told_in_the_log_and_ended_accounts_not_at_all(cast, caplog):
    update_user(cast.keeper, by=None, email="")
    cast.keeper.refresh_from_db()
    assert {row.channel for row in tell(cast.keeper)} == {"inbox", "log"}
    with caplog.at_level("INFO", "notices"):
        assert sending.send_due(AT) == 1
    assert "order.issued about dispatchorder:7" in caplog.text
    deactivate_user(cast.keeper, by=cast.admin)
    cast.keeper.refresh_from_db()
    assert tell(cast.keeper, dedupe="later") == []


@pytest.mark.req("OPN-05", "OPN-03")
def test_the_text_is_in_the_language_of_the_receiver(cast):
    chinese = tell(cast.engineer)[0]
    set_preferences(cast.head, by=cast.head, language="en")
    cast.head.refresh_from_db()
    english = tell(cast.head, context={**WHAT, "due": AT})[0]
    assert chinese.subject == "派工单 WX20261121-0001：熄火保护"
    assert "预约上门" not in chinese.body, "a line without a value is left out"
    assert english.subject == "Dispatch order WX20261121-0001: 熄火保护"
    assert "Appointment: 11-21 14:30" in english.body


@pytest.mark.req("OPN-03")
def test_a_mail_goes_out_once_with_link_and_a_message_id_of_its_own(cast):
    tell(cast.engineer)
    assert tasks.send_due() == 1
    assert tasks.send_due() == 0
    [message] = mail.outbox
    assert message.to == ["engineer@example.com"]
    assert "/orders/PG1/" in message.body
    delivery = Delivery.objects.get(channel="email")
    assert message.extra_headers["Message-ID"].startswith(f"<delivery-{delivery.pk}@")
    assert delivery.state == "sent"


@pytest.mark.req("OPN-03", "SEC-01")
def test_killed_between_sending_and_commit_the_message_is_sent_again_with_the_same_id(cast):
    tell(cast.engineer)

    class Killed(BaseException):
        pass

    @transaction.atomic
    def killed():
        sending.send_due(AT)
        raise Killed

    with pytest.raises(Killed):
        killed()
    assert Delivery.objects.get(channel="email").state == "waiting"
    assert sending.send_due(AT) == 1
    assert Delivery.objects.get(channel="email").state == "sent"
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


@pytest.mark.req("OPN-03", "SEC-01")
def test_rolled_back_work_tells_nobody(cast):
    engineer = cast.engineer

    @transaction.atomic
    def failing():
        tell(engineer)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert not Delivery.objects.exists()


@pytest.mark.req("OPN-03", "SEC-01")
def test_a_worker_is_woken_after_commit(cast, django_capture_on_commit_callbacks, monkeypatch):
    woken = []
    monkeypatch.setattr("core.nudges.send", woken.append)
    engineer = cast.engineer
    with django_capture_on_commit_callbacks(execute=True):
        tell(engineer)
        assert not woken
    assert woken == ["notices.tasks.send_due"]


@pytest.mark.req("OPN-03")
def test_a_failing_server_is_tried_with_growing_pauses_then_given_up_and_sent_again_by_hand(cast, settings):
    settings.EMAIL_BACKEND = "tests.notices.broken_mail.Backend"
    tell(cast.engineer)
    delivery = Delivery.objects.get(channel="email")
    at, pauses = AT, []
    while delivery.state == "waiting":
        assert sending.send_due(at) == 1
        assert sending.send_due(at) == 0, "not before the pause is over"
        delivery.refresh_from_db()
        pauses.append((delivery.not_before - at).total_seconds())
        at = max(at, delivery.not_before)
    assert pauses[:4] == [30, 60, 120, 240]
    assert delivery.attempts == sending.TRIES
    assert delivery.state == "dead"
    assert "the server is away" in delivery.last_error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with pytest.raises(Forbidden):
        actions.send_again(delivery, by=cast.dispatcher)
    actions.send_again(delivery, by=cast.admin, at=at)
    sending.send_due(at)
    assert len(mail.outbox) == 1
    with pytest.raises(NotAllowed):
        actions.send_again(delivery, by=cast.admin)


@pytest.mark.req("OPN-03")
def test_a_message_for_an_account_that_has_ended_since_is_given_up_at_once(cast):
    tell(cast.engineer)
    deactivate_user(cast.engineer, by=cast.admin)
    assert sending.send_due(AT) == 1
    assert Delivery.objects.get(channel="email").state == "dead"
    assert mail.outbox == []


@pytest.mark.req("OPN-03")
def test_quiet_hours_hold_a_message_back_in_mail_and_inbox(cast):
    morning = AT + dt.timedelta(hours=8)
    tell(cast.engineer, not_before=morning)
    assert sending.send_due(AT) == 0
    assert not Delivery.objects.inbox_of(cast.engineer, AT).exists()
    assert Delivery.objects.inbox_of(cast.engineer, morning).exists()
    assert sending.send_due(morning) == 1


@pytest.mark.req("OPN-03")
def test_a_past_that_was_entered_afterwards_is_not_sent_out(cast):
    tell(cast.engineer)
    tell(cast.head, at=AT + dt.timedelta(days=2))
    actions.settle_past(AT + dt.timedelta(days=1))
    assert sending.send_due(AT + dt.timedelta(days=3)) == 1
    assert [message.to for message in mail.outbox] == [["head@example.com"]]
    assert Delivery.objects.filter(channel="inbox").unread().get().receiver == cast.head


@pytest.mark.req("OPN-03", "OPN-05")
def test_every_kind_has_a_text_in_both_languages_with_known_places(cast):
    defaults.load()
    defaults.load()
    assert Template.objects.count() == 2 * len(KINDS)
    for kind in KINDS:
        for username in ("engineer", "head"):
            set_preferences(cast[username], by=None, language="en" if username == "head" else "zh-hans")
        for language, username in (("zh-hans", "engineer"), ("en", "head")):
            cast[username].refresh_from_db()
            made = actions.tell(kind, to=cast[username], about="x:1", context=WHAT, at=AT)[0]
            assert made.language == language
            assert "{" not in made.subject + made.body
            assert made.subject


@pytest.mark.req("OPN-03")
def test_an_edited_text_counts_from_then_on_and_unknown_places_are_refused(cast):
    defaults.load()
    actions.change_text("order.issued", "zh-hans", subject="去修 {number}", body="{customer}", by=cast.admin, at=AT)
    assert tell(cast.engineer)[0].subject == "去修 WX20261121-0001"
    assert tell(cast.head, at=AT - dt.timedelta(days=1))[0].subject.startswith("派工单")
    with pytest.raises(Refused) as refusal:
        actions.change_text("order.issued", "en", subject="{nonsense}", body="", by=cast.admin)
    assert "subject" in refusal.value.fields
    with pytest.raises(Forbidden):
        actions.change_text("order.issued", "en", subject="x", body="", by=cast.dispatcher)


def test_a_line_goes_only_when_all_its_places_are_empty():
    assert wording.fill("a {x}\nb {y}\nc {x}{y}\nplain", {"x": "1", "y": ""}) == "a 1\nc 1\nplain"


def test_unknown_kinds_are_a_mistake_of_the_program(cast):
    with pytest.raises(KeyError):
        actions.tell("order.lost", to=cast.engineer, about="x:1", context={})
