"""The one seam to the promises: what happened to an initial training is told to its timers."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from sla import actions as sla
from sla.facts import Facts
from staff.organisation import region_for
from training.models import CustomerTraining


def planned(training: CustomerTraining, *, at: datetime, by: Any) -> None:
    """The first training of a machine is owed from its delivery on; a repeat is a favour."""
    if training.is_repeat:
        return
    delivered = training.equipment.delivered_on
    since = _begin(delivered) if delivered else at
    sla.follow(training, "training.planned", at=since, facts=facts_of(training), by=by)


def changed(training: CustomerTraining, *, at: datetime, by: Any) -> None:
    """Another trainer answers for it."""
    if training.is_repeat:
        return
    sla.refit(training, facts=facts_of(training), at=at, by=by, why="")


def held(training: CustomerTraining, ended_on: date, *, at: datetime, by: Any) -> None:
    """It is judged by the day it ended, not by the day it was entered."""
    moment = min(at, _begin(ended_on).replace(hour=23, minute=59))
    sla.follow(training, "training.held", at=moment, facts=facts_of(training), by=by)


def cancelled(training: CustomerTraining, *, at: datetime, by: Any, why: str) -> None:
    """Nothing is owed any more."""
    sla.cancel(training, at=at, by=by, why=why)


def facts_of(training: CustomerTraining) -> Facts:
    """What promises are chosen by."""
    machine = training.equipment
    customer, contract = machine.customer, machine.contract
    province = customer.province
    return Facts(
        product_line=machine.model.product_line.code,
        product_model=machine.model.code,
        contract=contract.number if contract else "",
        customer=customer.number,
        region=region_for(province).code,
        province=province.code,
        is_home=province.is_home,
        is_remote=customer.is_remote,
        people={"owner": training.trainer_id} if training.trainer_id else {},
        about=[f"equipment:{machine.pk}", f"customer:{customer.pk}"],
        kind="training",
    )


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
