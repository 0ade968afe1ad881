"""Django app of customer trainings."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        """Declare what history, references and the menu need to know."""
        from core import history, rail, refs
        from staff.roles import Role
        from training import permissions
        from training.models import CustomerTraining
        from training.stories import KINDS

        history.declare(KINDS)
        refs.register(CustomerTraining, natural_key="number", url=CustomerTraining.get_absolute_url)
        roles = {*permissions.HOLDERS, Role.HEAD, Role.MANAGER, Role.ADMIN, Role.SUPERVISION, Role.SUPERVISOR}
        rail.register("training", _("Training"), "school", "training:list", roles, 70, _due)


def _due(user: Any) -> tuple[int, bool]:
    """Planned trainings of the coming week and before; red when one is past its allowed day."""
    from datetime import timedelta

    from django.utils import timezone

    from core import rail
    from training.models import CustomerTraining

    today = timezone.localdate()
    rows = CustomerTraining.objects.visible_to(user).open()
    late = rows.filter(due_on__lt=today).exists()
    return rail.capped(rows.filter(planned_on__lte=today + timedelta(days=7))), late
