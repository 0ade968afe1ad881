"""Customers, contacts, sites, contracts, sold equipment, archive."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        """Declare stories, references, sheets, the search box and the menu."""
        from core import finder, history, rail, refs
        from customers import importing, models, searching, stories
        from customers.importing.customers import CustomerImporter
        from customers.importing.machines import MachineImporter
        from staff.roles import EVERYWHERE, Role

        history.declare(stories.KINDS)
        refs.register(
            models.Customer,
            natural_key="number",
            url=lambda customer: reverse("customers:customer", args=[customer.number]),
        )
        refs.register(
            models.Equipment,
            natural_key="serial",
            url=lambda machine: reverse("customers:equipment", args=[machine.serial]),
        )
        importing.register(CustomerImporter())
        importing.register(MachineImporter())
        finder.register("customers", _("Customers"), "building", searching.customers, order=10)
        finder.register("machines", _("Machines"), "truck", searching.machines, order=20)
        seen_by = {*EVERYWHERE, Role.SUPERVISOR}
        rail.register("customers", _("Customers"), "building", "customers:list", seen_by, order=40)
        rail.register("machines", _("Machines"), "truck", "customers:machines", seen_by, order=41)
