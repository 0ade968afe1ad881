"""Promises, working clocks, timers, escalation."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "sla"

    def ready(self) -> None:
        """Declare the history kinds and what the history may be about."""
        from django.urls import reverse

        from core import history, refs
        from sla import models, stories

        history.declare(stories.KINDS)
        refs.register(models.Timer, natural_key="id", url=lambda timer: timer.url)
        for model, name in ((models.Clock, "clock"), (models.Chain, "chain"), (models.Promise, "promise")):
            refs.register(model, natural_key="code", url=_page(reverse, name))


def _page(reverse, name):  # type: ignore[no-untyped-def]
    return lambda row: reverse(f"sla:{name}", args=[row.code])
