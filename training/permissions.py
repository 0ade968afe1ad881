"""Who may do what with customer trainings."""

from typing import Any

from training.models import CustomerTraining
from training.states import TRAINERS


def can_plan(user: Any) -> bool:
    """Whether a person may plan trainings."""
    return bool(user.has_role(*TRAINERS))


def can_finish(user: Any, training: CustomerTraining) -> bool:
    """Trainers, and the engineer who held it."""
    return bool(user.has_role(*TRAINERS)) or training.trainer_id == user.pk
