"""Initial trainings: planned, moved, held or cancelled; the allowed days and what a late one costs."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from training import actions

pytestmark = [pytest.mark.django_db, pytest.mark.req("TRN-01")]


def test_the_allowed_days_run_from_delivery_by_product(world):
    training = world.planned()
    assert training.number.startswith("PX")
    assert training.due_on == date(2026, 3, 17)
    assert (training.state, training.is_repeat) == ("planned", False)


def test_one_held_in_time_is_free_and_stands_in_the_story_of_the_machine(world):
    done = world.held(satisfaction="content")
    assert (done.state, done.is_late, done.charge) == ("done", False, Decimal(0))
    entry = history.about(world.machine).filter(kind="training.held").get()
    assert entry.data == {"trainees": 4, "passed": 3}


def test_a_late_one_and_a_repeated_one_carry_the_charge_of_the_product(world):
    late = world.held(started_on=date(2026, 3, 18), ended_on=date(2026, 3, 18))
    assert (late.is_late, late.charge) == (True, Decimal("600.00"))
    again = world.planned(planned_on=date(2026, 3, 10))
    assert again.is_repeat
    assert world.held(again).charge == Decimal("600.00")


@pytest.mark.req("TRN-02")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ended_on": date(2026, 3, 8)}, "ended_on"),
        ({"trainees": 0, "passed": 0}, "trainees"),
        ({"passed": 5}, "passed"),
        ({"satisfaction": "great"}, "satisfaction"),
        ({"at": datetime(2026, 3, 9, 9, tzinfo=UTC)}, "ended_on"),
    ],
)
def test_impossible_results_are_refused(world, given, field):
    with pytest.raises(Refused, match=field):
        world.held(**given)


def test_it_is_moved_cancelled_with_a_reason_and_then_at_an_end(world, cast):
    training = actions.change_training(
        world.planned(), by=cast.trainer, planned_on=date(2026, 3, 12), trainer=cast.engineer, notes="两名新手"
    )
    assert (training.planned_on, training.trainer) == (date(2026, 3, 12), cast.engineer)
    with pytest.raises(Refused, match="why"):
        actions.cancel_training(training, by=cast.head, why=" ")
    training = actions.cancel_training(training, by=cast.head, why="客户推迟提货")
    assert (training.state, training.ended_why) == ("cancelled", "客户推迟提货")
    with pytest.raises(NotAllowed):
        world.held(training)


def test_who_plans_and_who_holds_is_watched(world, cast):
    with pytest.raises(Forbidden):
        world.planned(by=cast.dispatcher)
    with pytest.raises(Refused, match="trainer"):
        world.planned(trainer=cast.finance)
    with pytest.raises(Refused, match="kind"):
        world.planned(kind="video")
    with pytest.raises(Refused, match="planned_on"):
        world.planned(planned_on=date(2024, 1, 1))
    training = world.planned(trainer=cast.engineer)
    result = {"started_on": date(2026, 3, 9), "ended_on": date(2026, 3, 9), "trainees": 2, "passed": 2}
    with pytest.raises(Forbidden):
        actions.finish_training(training, by=cast.engineer_south, **result)
    assert actions.finish_training(training, by=cast.engineer, **result).state == "done"
