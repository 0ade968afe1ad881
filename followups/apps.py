"""Call-backs, questionnaires, their rules."""

from django.apps import AppConfig
from django.urls import reverse


class FollowupsConfig(AppConfig):
    name = "followups"

    def ready(self) -> None:
        """Declare kinds of entries and records, and the reader of the history below."""
        from core import history, readers, refs
        from followups import kinds, models, stories, tasks

        history.declare(stories.KINDS)
        readers.register("followups.rules", kinds.MACHINE_KINDS | kinds.ENDED_KINDS | kinds.CALL_KINDS, tasks.read)
        refs.register(models.FollowUp, natural_key="number", url=lambda followup: followup.get_absolute_url())
        for model in (models.Rule, models.Questionnaire, models.Draw):
            refs.register(model, natural_key="pk", url=lambda row: reverse("followups:rules"))
