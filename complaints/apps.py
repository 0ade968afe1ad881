"""Django app of the complaints."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        """Declare what history, references and the menu need to know."""
        from complaints.models import Complaint
        from complaints.querysets import READERS
        from complaints.stories import KINDS
        from core import history, rail, refs
        from staff.roles import Role

        history.declare(KINDS)
        refs.register(Complaint, natural_key="number", url=Complaint.get_absolute_url)
        roles = READERS | {Role.SUPERVISOR}
        rail.register("complaints", _("Complaints"), "message-report", "complaints:list", roles, 50, _open)


def _open(user: Any) -> tuple[int, bool]:
    """Open complaints; red when a deadline has passed."""
    from django.utils import timezone

    from complaints.models import Complaint
    from core import rail

    rows = Complaint.objects.visible_to(user).open()
    return rail.capped(rows), rows.filter(next_due_at__lt=timezone.now()).exists()
