"""`manage.py load_defaults`: load every app's shipped policy data; running it again changes nothing."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Calls `<app>.defaults.load()` of each installed app, lower floors first."""

    help = "Load the shipped default policy data (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            if not find_spec(f"{config.name}.defaults"):
                continue
            module = import_module(f"{config.name}.defaults")
            if hasattr(module, "load"):
                module.load()
                self.stdout.write(f"{config.label}: defaults loaded")
