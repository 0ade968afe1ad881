"""Users, roles, divisions, regions, engineers, qualifications, API tokens."""

from django.apps import AppConfig
from django.urls import reverse


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self) -> None:
        from core import history, refs
        from staff import models, stories

        history.declare(stories.KINDS)
        refs.register(models.User, natural_key="username", url=lambda user: reverse("staff:user", args=[user.username]))
        refs.register(
            models.Engineer,
            natural_key="user__username",
            url=lambda engineer: reverse("staff:engineer", args=[engineer.pk]),
        )
        for model, page in (
            (models.Region, "staff:regions"),
            (models.Province, "staff:regions"),
            (models.Division, "staff:divisions"),
            (models.ProductLine, "staff:divisions"),
            (models.Tier, "staff:tiers"),
        ):
            refs.register(model, natural_key="code", url=lambda row, page=page: reverse(page))
