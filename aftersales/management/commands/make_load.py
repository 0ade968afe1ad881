"""`manage.py make_load --tickets 100000`: years of lifelike service to measure with."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aftersales.load import building
from followups.models import Rule
from sla.models import Promise


class Command(BaseCommand):
    """Writes customers, machines and tickets with all that belongs to them; the same seed gives the same load."""

    help = "Fill the database with tickets of several years, for measuring. Needs the shipped policy data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--years", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        if not (Promise.objects.exists() and Rule.objects.exists()):
            raise CommandError("There is no policy data yet; run load_defaults first.")
        began, wanted = time.monotonic(), options["tickets"]

        def say(done: int) -> None:
            if options["verbosity"] > 1 or done == wanted or done % 20_000 == 0:
                self.stdout.write(f"{done:>7} of {wanted} tickets, {time.monotonic() - began:.0f} s")

        now = timezone.localtime().replace(second=0, microsecond=0)
        building.build(wanted, options["seed"], options["years"], now, say)
        building.refresh_statistics()
        self.stdout.write(f"load made in {time.monotonic() - began:.0f} s")
