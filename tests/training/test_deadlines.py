"""The initial training is owed from the delivery on, and judged by the day it ended (SLA-01, TRN-01)."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from sla.models import Timer
from sla.tasks import sweep
from tests.training.conftest import world  # noqa: F401
from training import actions

pytestmark = [pytest.mark.django_db, pytest.mark.req("SLA-01", "TRN-01")]


def at(text):
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def today(freeze):
    return freeze("2026-03-05 10:00")


def timer():
    return Timer.objects.select_related("line__promise").get(kind="training")


def test_a_planned_training_has_until_the_last_allowed_day_after_delivery(world):  # noqa: F811
    training = world.planned()
    found = timer()
    assert (found.line.promise.code, found.state) == ("CN-03", "running")
    assert found.started_at == at("2026-03-02 00:00")
    assert found.due_at == at("2026-03-18 00:00")
    assert training.due_on == date(2026, 3, 17)


def test_a_machine_that_is_not_delivered_counts_from_the_plan(world):  # noqa: F811
    machine = world.machine
    machine.delivered_on = None
    machine.save()
    world.planned(at=at("2026-03-05 09:00"))
    assert (timer().started_at, timer().due_at) == (at("2026-03-05 09:00"), at("2026-03-21 00:00"))


@pytest.mark.parametrize(("ended", "late", "state"), [("2026-03-17", False, "kept"), ("2026-03-18", True, "broken")])
def test_a_result_entered_late_is_judged_by_the_day_the_training_ended(world, today, ended, late, state):  # noqa: F811
    training = world.planned()
    today.move_to(at("2026-03-25 10:00"))
    day = date.fromisoformat(ended)
    done = world.held(training, started_on=day, ended_on=day)
    assert (done.is_late, timer().state) == (late, state)


def test_a_missed_training_is_noticed_once_by_the_sweep(world, today):  # noqa: F811
    world.planned()
    today.move_to(at("2026-03-18 00:30"))
    for _again in range(2):
        sweep()
    assert timer().state == "broken"


def test_a_cancelled_training_is_owed_no_more_and_a_repeat_has_no_deadline(world, today):  # noqa: F811
    first = world.planned()
    actions.cancel_training(first, by=world.cast.trainer, why="客户不要")
    assert timer().state == "cancelled"
    Timer.objects.all().delete()
    today.move_to(at("2026-03-12 10:00"))
    world.held(world.planned())
    assert timer().state == "kept"
    again = world.planned(planned_on=date(2026, 3, 20))
    actions.change_training(again, by=world.cast.trainer, planned_on=date(2026, 3, 21), trainer=None)
    assert Timer.objects.filter(kind="training").count() == 1


def test_a_new_trainer_takes_the_deadline_along(world):  # noqa: F811
    training = world.planned()
    trainer = world.cast.trainer
    actions.change_training(training, by=trainer, planned_on=date(2026, 3, 10), trainer=trainer)
    assert timer().owner_id == trainer.pk
    assert timer().due_at == at("2026-03-18 00:00")
