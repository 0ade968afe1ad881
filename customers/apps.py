"""Customers, contacts, sites, contracts, sold equipment, archive."""

from django.apps import AppConfig
from django.urls import reverse


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        """Declare what the history may say about customers and machines, and how both are found again."""
        from core import history, refs
        from customers import models, stories

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
