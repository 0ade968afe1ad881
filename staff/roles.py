"""The roles of ORG-03 and the groups of them that rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does here; one person may have several."""

    DISPATCHER = "dispatcher", _("Dispatcher")
    ENGINEER = "engineer", _("Engineer")
    SUPERVISOR = "supervisor", _("Regional supervisor")
    HEAD = "head", _("Service head")
    KEEPER = "keeper", _("Warehouse keeper")
    INSPECTOR = "inspector", _("Quality inspector")
    FINANCE = "finance", _("Finance")
    MARKETING = "marketing", _("Marketing")
    PRODUCT = "product", _("Product department")
    TRAINER = "trainer", _("Trainer")
    SUPERVISION = "supervision", _("Supervision officer")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")
    CONTRACTOR = "contractor", _("Contractor")


EVERYWHERE = frozenset(
    {
        Role.DISPATCHER,
        Role.HEAD,
        Role.KEEPER,
        Role.INSPECTOR,
        Role.FINANCE,
        Role.MARKETING,
        Role.PRODUCT,
        Role.TRAINER,
        Role.SUPERVISION,
        Role.MANAGER,
        Role.ADMIN,
    }
)
"""Roles that see all regions; supervisors see their region, engineers and contractors their own orders."""

FIELD = frozenset({Role.ENGINEER, Role.CONTRACTOR})
"""Roles that travel."""
