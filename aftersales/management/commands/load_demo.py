"""`manage.py load_demo`: fill an empty database with an invented company and a year of its service."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from aftersales.demo import market, people, stories, year
from core import readers
from customers.models import Customer, Equipment
from notices.actions import settle_past

SEED = 20261120


class Command(BaseCommand):
    """Builds people, customers and machines, the history and today's open work."""

    help = "Load the demo into an empty database (demo accounts with the password “demo”)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=120, help="tickets of the year before today")

    def handle(self, *args: Any, **options: Any) -> None:
        if Customer.objects.exists():
            raise CommandError("The database is not empty; the demo is only loaded into an empty one.")
        began = time.monotonic()
        with transaction.atomic(), _no_savepoints():
            _load(options["tickets"])
        self.stdout.write(f"demo loaded in {time.monotonic() - began:.0f} s")


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """Within a transaction that is all or nothing savepoints save nothing, and cost a quarter of the statements."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _load(count: int) -> None:
    """All or nothing, so that a second try finds an empty database again."""
    now = timezone.localtime()
    dice = random.Random(SEED)  # noqa: S311 - lifelike, not secret
    staff = people.build(now.date())
    market.build(staff, now.date(), dice)
    related = ("model__product_line", "customer__province__region", "contract", "site__province")
    rows = Equipment.objects.select_related(*related).prefetch_related("customer__contacts")
    machines = list(rows.order_by("purchased_on", "id"))
    stage = stories.Stage(staff, machines, dice, now)
    year.initial_trainings(stage, now.date())
    year.history(stage, now.date(), count)
    year.complaints_of_the_year(stage)
    year.today_open(stage)
    year.next_trainings(stage, now.date())
    readers.work(10_000)
    settle_past(before=now - timedelta(days=1))
