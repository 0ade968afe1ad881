"""Terms, phases, and the one warranty decision."""

from django.apps import AppConfig


class WarrantyConfig(AppConfig):
    name = "warranty"
