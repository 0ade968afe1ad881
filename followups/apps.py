"""Call-backs, questionnaires, their rules."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FollowupsConfig(AppConfig):
    name = "followups"

    def ready(self) -> None:
        """Declare kinds of entries and records, and the reader of the history below."""
        from core import history, rail, readers, refs
        from customers import panels
        from followups import kinds, models, permissions, stories, tasks
        from staff import settings_index

        history.declare(stories.KINDS)
        readers.register("followups.rules", kinds.MACHINE_KINDS | kinds.ENDED_KINDS | kinds.CALL_KINDS, tasks.read)
        refs.register(models.FollowUp, natural_key="number", url=lambda followup: followup.get_absolute_url())
        for model in (models.Rule, models.Questionnaire, models.Draw):
            refs.register(model, natural_key="pk", url=lambda row: reverse("followups:rules"))
        rail.register("followups", _("Follow-ups"), "phone-outgoing", "followups:queue", permissions.READERS, 30, _due)
        panels.register("ticket", "followups:ticket-panel", 40)
        panels.register("machine", "followups:machine-panel", 40)
        panels.register("customer", "followups:customer-panel", 40)
        about = _("When customers are called back, and what they are asked.")
        settings_index.register("followups", _("Follow-up rules"), "followups:rules", permissions.READERS, about)


def _due(user: Any) -> tuple[int, bool]:
    """Calls that are due; red while a question waits for the person."""
    from core import rail
    from followups.models import FollowUp

    rows = FollowUp.objects.visible_to(user)
    waiting = rows.filter(state="escalated", escalated_to=user)
    return rail.capped(rows.due(timezone.now())), waiting.exists()
