"""Who may do what with customer trainings."""

from typing import Any

from staff.roles import EVERYWHERE, FIELD, Role
from training.models import CustomerTraining
from training.states import TRAINERS, TRAINING

HOLDERS = (Role.TRAINER, Role.ENGINEER)
"""Roles that hold trainings."""


def can_read(user: Any) -> bool:
    """The office and supervisors; field staff see their own."""
    return bool(user.has_role(*EVERYWHERE, *FIELD, Role.SUPERVISOR))


def can_hold(user: Any) -> bool:
    """Whether a person may be named as the trainer."""
    return bool(user.has_role(*HOLDERS))


def can_plan(user: Any) -> bool:
    """Whether a person may plan trainings."""
    return bool(user.has_role(*TRAINERS))


def can_finish(user: Any, training: CustomerTraining) -> bool:
    """Trainers, and the engineer who held it."""
    return bool(user.has_role(*TRAINERS)) or training.trainer_id == user.pk


def possible(user: Any, training: CustomerTraining) -> list[str]:
    """Verbs that a person may do now."""
    verbs = TRAINING.possible(training.state, user)
    return [verb for verb in verbs if verb != "finish" or can_finish(user, training)]
