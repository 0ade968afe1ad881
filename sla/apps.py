"""Promises, working clocks, timers, escalation."""

from typing import Any

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "sla"

    def ready(self) -> None:
        """Declare the history kinds, what the history may be about, menu entry and settings pages."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from core import history, rail, refs
        from sla import models, permissions, stories
        from staff import settings_index

        history.declare(stories.KINDS)
        refs.register(models.Timer, natural_key="id", url=lambda timer: timer.url)
        refs.register(models.Clock, natural_key="code", url=lambda row: reverse("sla:clock", args=[row.code]))
        refs.register(models.Chain, natural_key="code", url=lambda row: reverse("sla:chain", args=[row.code]))
        refs.register(models.Promise, natural_key="code", url=lambda row: reverse("sla:promise", args=[row.code]))
        watchers = permissions.EXPLAINING
        rail.register("promises", _("Promises"), "clock", "sla:keeping", watchers, 75, _missed)
        for label, name, about in (
            (_("Promise keeping"), "sla:keeping", _("What was kept and missed, what is waiting for whom")),
            (_("Promises"), "sla:settings", _("What is promised to whom, with a place to try it")),
            (_("Clocks"), "sla:clocks", _("Working hours, holidays, make-up days")),
            (_("Escalation chains"), "sla:chains", _("Who hears of a missed deadline when")),
        ):
            settings_index.register("promises", label, name, permissions.WATCHING, about)


def _missed(user: Any) -> tuple[int, bool]:
    """Missed deadlines that nobody has taken note of."""
    from core import rail
    from sla.models import Timer

    rows = Timer.objects.visible_to(user).open().filter(state="broken", acknowledged_at=None).exclude(line__chain="")
    count = rail.capped(rows)
    return count, bool(count)
