"""Django app of the figures and monthly papers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Declare what history, references and the menu need to know."""
        from core import history, rail, refs
        from reports.models import Report
        from reports.querysets import READERS
        from reports.stories import KINDS

        history.declare(KINDS)
        refs.register(Report, natural_key="number", url=Report.get_absolute_url)
        rail.register("reports", _("Reports"), "chart-bar", "reports:list", READERS, 80)
