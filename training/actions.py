"""What may be done with customer trainings: plan, change, enter the result, cancel (TRN-01, TRN-02)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import checks, history, numbers
from core.errors import Forbidden, Refused
from customers.models import Equipment
from staff.models import User
from training import permissions, timers
from training.models import CustomerTraining, TrainingTerm
from training.states import TRAINING

RELATED = (
    "equipment__model__product_line",
    "equipment__customer__province__region",
    "equipment__contract",
    "trainer",
)


@transaction.atomic
def plan_training(
    *,
    equipment: Equipment,
    kind: str,
    planned_on: date,
    by: Any,
    trainer: User | None = None,
    notes: str = "",
    at: datetime | None = None,
) -> CustomerTraining:
    """Plan an initial training; the allowed time runs from delivery, a second one is a repeat."""
    if not permissions.can_plan(by):
        raise Forbidden(_("Trainings are planned by trainers."))
    checks.one_of("kind", kind, CustomerTraining.Kind.values)
    _check_trainer(trainer)
    at = checks.moment(at)
    if equipment.delivered_on and planned_on < equipment.delivered_on - timedelta(days=365):
        raise Refused({"planned_on": _("This is more than a year before delivery.")})
    Equipment.objects.select_for_update().get(pk=equipment.pk)
    term = TrainingTerm.objects.filter(product_line=equipment.model.product_line_id).first()
    is_repeat = equipment.trainings.filter(state="done").exists()
    training = CustomerTraining.objects.create(
        number=numbers.daily("PX", at),
        equipment=equipment,
        kind=kind,
        planned_on=planned_on,
        due_on=None if is_repeat else _due_on(equipment, term),
        trainer=trainer,
        is_repeat=is_repeat,
        notes=notes,
    )
    _record("training.planned", training, by, at, {"on": planned_on.isoformat()})
    timers.planned(training, at=at, by=by)
    return training


def _check_trainer(trainer: User | None) -> None:
    if trainer is not None and not (trainer.is_active and permissions.can_hold(trainer)):
        raise Refused({"trainer": _("Trainings are held by trainers and engineers.")})


def _due_on(equipment: Equipment, term: TrainingTerm | None) -> date | None:
    if term is None or equipment.delivered_on is None:
        return None
    return equipment.delivered_on + timedelta(days=term.days_allowed)


@transaction.atomic
def change_training(
    training: CustomerTraining,
    *,
    by: Any,
    planned_on: date,
    trainer: User | None,
    notes: str = "",
    at: datetime | None = None,
) -> CustomerTraining:
    """Move a planned training to another day or trainer."""
    training = _locked(training)
    TRAINING.check(training, "change", by)
    _check_trainer(trainer)
    training.planned_on, training.trainer, training.notes = planned_on, trainer, notes
    training.save(update_fields=["planned_on", "trainer", "notes"])
    at = checks.moment(at)
    _record("training.changed", training, by, at, {"on": planned_on.isoformat()})
    timers.changed(training, at=at, by=by)
    return training


@transaction.atomic
def finish_training(
    training: CustomerTraining,
    *,
    by: Any,
    started_on: date,
    ended_on: date,
    trainees: int,
    passed: int,
    satisfaction: str = "",
    notes: str = "",
    at: datetime | None = None,
) -> CustomerTraining:
    """Enter the result. Late or repeated ones carry the charge of the product's term."""
    training = _locked(training)
    TRAINING.check(training, "finish", by)
    if not permissions.can_finish(by, training):
        raise Forbidden(_("The result is entered by a trainer."))
    checks.one_of("satisfaction", satisfaction, CustomerTraining.Satisfaction.values)
    at = checks.moment(at)
    _check_result(started_on, ended_on, trainees, passed, today=timezone.localdate(at))
    term = TrainingTerm.objects.filter(product_line=training.equipment.model.product_line_id).first()
    training.started_on, training.ended_on = started_on, ended_on
    training.trainees, training.passed = trainees, passed
    training.satisfaction = satisfaction
    training.notes = notes or training.notes
    training.is_late = training.due_on is not None and ended_on > training.due_on
    training.charge = term.charge if term and (training.is_late or training.is_repeat) else Decimal(0)
    TRAINING.move(training, "finish", by)
    training.save()
    _record("training.held", training, by, at, {"trainees": trainees, "passed": passed})
    timers.held(training, ended_on, at=at, by=by)
    return training


def _check_result(started_on: date, ended_on: date, trainees: int, passed: int, *, today: date) -> None:
    wrong: dict[str, object] = {}
    if ended_on < started_on:
        wrong["ended_on"] = _("The end is before the start.")
    if ended_on > today:
        wrong["ended_on"] = _("This day has not come yet.")
    if trainees < 1:
        wrong["trainees"] = _("At least one person was trained.")
    if not 0 <= passed <= trainees:
        wrong["passed"] = _("No more can pass than were trained.")
    if wrong:
        raise Refused(wrong)


@transaction.atomic
def cancel_training(training: CustomerTraining, *, by: Any, why: str, at: datetime | None = None) -> CustomerTraining:
    """Cancel a planned training, with the reason."""
    training = _locked(training)
    TRAINING.check(training, "cancel", by)
    checks.require(why=why)
    TRAINING.move(training, "cancel", by)
    training.ended_why = why
    training.save(update_fields=["state", "ended_why"])
    at = checks.moment(at)
    _record("training.cancelled", training, by, at, {}, why)
    timers.cancelled(training, at=at, by=by, why=why)
    return training


def _locked(training: CustomerTraining) -> CustomerTraining:
    rows = CustomerTraining.objects.select_for_update(of=("self",))
    return rows.select_related(*RELATED).get(pk=training.pk)


def _record(kind: str, training: CustomerTraining, by: Any, at: datetime, data: dict[str, Any], why: str = "") -> None:
    machine = training.equipment
    history.record(kind, training, by=by, at=at, about=[machine, machine.customer], data=data, why=why)
