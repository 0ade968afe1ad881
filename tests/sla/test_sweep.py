"""The sweep: each warning, breach and escalation once, whatever is run twice or killed in the middle."""

import threading

import pytest
from django.db import connection

from core.errors import Forbidden
from core.models import Entry
from notices.models import Delivery
from sla import actions, sweeping, tasks
from sla.models import Timer
from tests.sla.conftest import moment

pytestmark = pytest.mark.django_db


def kinds(*names):
    return list(Entry.objects.filter(kind__in=names).order_by("id").values_list("kind", flat=True))


def told(kind):
    rows = Delivery.objects.filter(kind=kind, channel="inbox").order_by("id")
    return [row.receiver.username for row in rows.select_related("receiver")]


@pytest.fixture
def leaders(cast):
    """The supervisor of the region, the head and the manager exist."""
    return cast.supervisor, cast.head, cast.manager


@pytest.mark.req("SLA-05")
def test_a_deadline_is_warned_of_missed_and_escalated_step_by_step(story, leaders, sweep):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:00")
    assert sweep("18 09:08") == 0
    sweep("18 09:10")
    assert told("timer.warned") == ["engineer", "dispatcher"]
    sweep("18 09:15")
    assert told("timer.broken") == []
    sweep("18 09:16")
    assert told("timer.broken") == ["engineer", "dispatcher", "supervisor"]
    sweep("18 10:14")
    assert told("timer.escalated") == []
    sweep("18 10:16")
    sweep("18 13:16")
    assert told("timer.escalated") == ["head", "manager"]
    expected = ["timer.warned", "timer.broken", "timer.escalated", "timer.escalated"]
    contact = Entry.objects.filter(data__target="contact").order_by("id").values_list("kind", flat=True)
    assert list(contact) == expected


@pytest.mark.req("SLA-05")
def test_running_the_sweep_twice_changes_nothing(story, leaders, sweep):
    story.happens("ticket.opened", "18 09:00")
    sweep("20 09:00")
    before = kinds("timer.warned", "timer.broken", "timer.escalated"), Delivery.objects.count()
    assert sweep("20 09:00") == 0
    tasks.sweep()
    assert (kinds("timer.warned", "timer.broken", "timer.escalated"), Delivery.objects.count()) == before


@pytest.mark.req("SLA-05")
def test_taking_note_ends_the_escalation_not_the_clock(story, leaders, sweep):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:00")
    sweep("18 09:16")
    timer = actions.acknowledge(story.timer("contact"), by=story.cast.supervisor, at=moment("18 09:20"))
    assert timer.is_open
    sweep("18 20:00")
    assert "timer.escalated" not in kinds("timer.escalated")
    story.happens("order.contacted", "18 21:00")
    assert kinds("timer.late") == ["timer.late"]


@pytest.mark.req("SLA-05", "SLA-08")
def test_grade_3_waits_for_the_receivers_hours_and_grade_2_does_not(story, leaders, sweep):
    story.happens("ticket.opened", "18 01:00", grade=3)
    story.happens("order.issued", "18 01:00")
    sweep("18 01:16")
    late = Delivery.objects.filter(kind="timer.broken", channel="inbox").first()
    assert late.not_before == moment("18 08:00")
    story.happens("order.contacted", "18 01:20")
    story.happens("order.issued", "18 02:00", grade=2)
    sweep("18 02:16")
    urgent = Delivery.objects.filter(kind="timer.broken", channel="inbox").order_by("-id").first()
    assert urgent.not_before == moment("18 02:16")


@pytest.mark.req("SLA-05")
def test_killed_in_the_middle_nothing_is_doubled_or_lost(story, leaders, freeze, monkeypatch):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:00")
    freeze(moment("18 09:16"))
    real = sweeping.notices.tell_many

    def dies(letters):
        real(letters[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeping.notices, "tell_many", dies)
    with pytest.raises(KeyboardInterrupt):
        sweeping.sweep(moment("18 09:16"))
    assert kinds("timer.broken", "timer.warned") == []
    assert Delivery.objects.count() == 0
    monkeypatch.setattr(sweeping.notices, "tell_many", real)
    sweeping.sweep(moment("18 09:16"))
    assert told("timer.broken") == ["engineer", "dispatcher", "supervisor"]
    assert kinds("timer.broken") == ["timer.broken"]


@pytest.mark.req("SLA-05")
def test_one_broken_row_does_not_stop_the_others(story, leaders, freeze, monkeypatch):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:00")
    bad = story.timer("contact").pk
    real = sweeping._step

    def step(timer, *args):
        if timer.pk == bad:
            raise ValueError("bad row")
        return real(timer, *args)

    monkeypatch.setattr(sweeping, "_step", step)
    freeze(moment("20 09:00"))
    sweeping.sweep(moment("20 09:00"))
    assert story.state("arrive") == "broken"
    assert story.timer("contact").next_at == moment("20 10:00")


@pytest.mark.req("SLA-06")
def test_a_breach_gets_a_reason_and_a_responsible_party(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    sweep("19 21:01")
    assert story.timer().responsible == "engineer"
    with pytest.raises(Forbidden):
        actions.give_reason(story.timer(), reason="堵车", responsible="engineer", by=story.cast.engineer)
    timer = actions.give_reason(story.timer(), reason="堵车", responsible="desk", by=story.cast.head)
    assert (timer.breach_reason, timer.responsible) == ("堵车", "desk")
    assert kinds("timer.explained") == ["timer.explained"]


@pytest.mark.services
@pytest.mark.req("SLA-05")
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_share_the_work(story, leaders, freeze):
    for code in ("NE", "NW", "SE", "SW"):
        story.subject = story.cast.region(code)
        story.happens("ticket.opened", "18 09:00")
        story.happens("order.issued", "18 09:00")
    freeze(moment("20 09:00"))
    together = threading.Barrier(2)

    def work():
        try:
            together.wait()
            sweeping.sweep(moment("20 09:00"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    broken = kinds("timer.broken")
    assert len(broken) == Timer.objects.filter(state="broken").count() == 8
    assert len(kinds("timer.escalated")) == 2 * 8


@pytest.mark.req("SLA-08")
def test_a_missing_year_is_noticed_in_time_and_said_once_a_month(leaders, policy, freeze):
    freeze(moment("2026-09-30 08:40"))
    assert tasks.notice_missing_years() == 0
    freeze(moment("2026-10-01 08:40"))
    assert tasks.notice_missing_years() == 1
    freeze(moment("2026-10-15 08:40"))
    tasks.notice_missing_years()
    (message,) = Delivery.objects.filter(kind="clock.year_missing", channel="inbox")
    assert message.receiver.username == "head"
    assert "2027" in message.subject


@pytest.mark.req("SLA-08")
def test_what_a_changed_clock_did_not_take_along_at_once_follows_by_the_task(story, promise, monkeypatch):
    from sla.actions import policy as changes

    monkeypatch.setattr(changes, "AT_ONCE", 0)
    promise("OFFICE", clock="office", span={"minutes": 240})
    story.happens("ticket.opened", "18 17:00")
    weekly = {day: [["08:30", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    actions.put_clock(
        code="office", name_zh="上班时间", weekly=weekly, days={"2026-11-19": []}, by=None, at=moment("18 18:00")
    )
    assert story.due("resolve") == "19 11:30"
    assert tasks.follow_clocks() == 1
    assert story.due("resolve") == "20 11:30"
    assert tasks.follow_clocks() == 0
    assert kinds("timer.moved") == ["timer.moved"]


@pytest.mark.services
@pytest.mark.req("SLA-05")
@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_running_sweep_alone(story, leaders, freeze):
    story.happens("ticket.opened", "18 09:00")
    freeze(moment("20 09:00"))
    found = []

    def second():
        try:
            found.append(tasks.sweep())
        finally:
            connection.close()

    with tasks._alone(tasks.ONE_SWEEP) as alone:
        assert alone
        other = threading.Thread(target=second)
        other.start()
        other.join()
    assert found == [0]
    assert tasks.sweep() > 0
