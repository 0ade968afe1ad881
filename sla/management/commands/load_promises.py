"""`manage.py load_promises FILE.toml`: load a maker's own clocks, chains and promises."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refused
from sla import policy_files


class Command(BaseCommand):
    """All or nothing; rows that already say the same are left alone, others become a new version."""

    help = "Load clocks, escalation chains, promises and contracts' choices from TOML files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        for source in options["files"]:
            try:
                done = policy_files.load(source)
            except (OSError, ValueError, Refused) as error:
                raise CommandError(f"{source}: {error}") from error
            for line in done.made:
                self.stdout.write(f"{source.name}: {line}")
            self.stdout.write(f"{source.name}: {len(done.made)} new, {done.same} unchanged")
