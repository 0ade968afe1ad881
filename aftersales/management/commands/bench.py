"""`manage.py bench`: how fast the pages are, in floors of the same run; `make bench` calls it."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from aftersales.bench import running, scratch
from staff.models import User

SMALL = 10_000


class Command(BaseCommand):
    """Measures in the loaded database, else in a scratch database beside it that gets a small load."""

    help = "Measure pages, API, reports and memory beside a bare view."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=60, help="how often each question is asked")
        parser.add_argument("--tickets", type=int, help="measure in a scratch database with so many tickets")
        parser.add_argument("--no-paper", action="store_true", help="leave out the PDF, which takes the longest")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        tickets = options["tickets"]
        if tickets is None and not _is_loaded():
            tickets = SMALL
        if tickets is not None:
            scratch.use(tickets, self.stderr.write)
        rows = running.run(options["rounds"], with_papers=not options["no_paper"], say=self.stderr.write)
        self.stdout.write(table(rows))


def _is_loaded() -> bool:
    return scratch.has_tables() and User.objects.filter(username="load-desk-1").exists()


def table(rows: list[running.Row]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| what | median | 95th percentile | ratio | target | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        values = f"{row.median:.1f} ms | {row.high:.1f} ms" if row.times else f"{row.words} |"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        target = "" if row.target is None else f"{'≥' if row.at_least else '≤'} {row.target:.3g}"
        verdict = "" if row.good is None else "yes" if row.good else "**no**"
        lines.append(f"| {row.name} | {values} | {ratio} | {target} | {verdict} |")
    return "\n".join(lines)
