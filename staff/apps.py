"""Users, roles, divisions, regions, engineers, qualifications, API tokens."""

from functools import partial
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self) -> None:
        from core import history
        from staff import stories

        history.declare(stories.KINDS)
        _register_refs()
        _register_menu()
        _register_settings()


def _register_refs() -> None:
    from core import refs
    from staff import models

    refs.register(models.User, natural_key="username", url=lambda user: reverse("staff:user", args=[user.username]))
    refs.register(
        models.Engineer,
        natural_key="user__username",
        url=lambda engineer: reverse("staff:engineer", args=[engineer.user.username]),
    )
    for model, page in (
        (models.Region, "staff:regions"),
        (models.Province, "staff:regions"),
        (models.Division, "staff:divisions"),
        (models.ProductLine, "staff:divisions"),
        (models.Tier, "staff:tiers"),
    ):
        refs.register(model, natural_key="code", url=partial(_page, page))


def _page(name: str, _record: Any) -> str:
    return reverse(name)


def _register_menu() -> None:
    from core import rail
    from notices.queries import unread
    from staff.roles import EVERYWHERE, Role

    rail.register("notices", _("Messages"), "bell", "notices:list", Role.values, 90, unread)
    rail.register("settings", _("Settings"), "settings", "staff:settings", [*EVERYWHERE, Role.SUPERVISOR], 95)


def _register_settings() -> None:
    from staff.roles import Role
    from staff.settings_index import register

    house = set(Role.values) - {Role.CONTRACTOR}
    admin = {Role.ADMIN}
    for label, url_name, roles, about in (
        (_("Accounts"), "staff:users", admin, _("who may sign in and with which roles")),
        (_("Roles"), "staff:roles", house, _("what each role does and who has it")),
        (_("Engineers"), "staff:engineers", Role.values, _("tier, skills, certificates, standby, absences")),
        (_("Certificates that end"), "staff:qualifications", Role.values, _("who must be examined again")),
        (_("Rota and absences"), "staff:rota", Role.values, _("who is on call, who is away")),
        (_("Regions and provinces"), "staff:regions", house, _("who serves where, supervisors, mobile team")),
        (_("Divisions and product lines"), "staff:divisions", house, _("the departments and their machines")),
        (_("Tiers"), "staff:tiers", house, _("what an engineer may decide alone")),
    ):
        register("people", label, url_name, roles, about)
    register("messages", _("Message texts"), "notices:texts", admin, _("what is written on which occasion"))
    register("messages", _("Deliveries"), "notices:deliveries", admin, _("what was sent, what waits, what failed"))
