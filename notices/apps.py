"""Outgoing messages: texts, deliveries, inbox."""

from django.apps import AppConfig
from django.urls import reverse


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from core import history, refs
        from notices import models, stories

        history.declare(stories.KINDS)
        refs.register(models.Delivery, natural_key="pk", url=lambda delivery: reverse("notices:deliveries"))
        refs.register(models.Template, natural_key="pk", url=lambda text: reverse("notices:texts"))
