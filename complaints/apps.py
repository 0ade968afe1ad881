"""Django app of the complaints."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        """Declare stories, references, the reader of calls, panels, menu and search box."""
        from complaints import searching, tasks
        from complaints.models import Complaint
        from complaints.querysets import READERS
        from complaints.stories import KINDS
        from core import finder, history, rail, readers, refs
        from customers import panels
        from staff.roles import Role

        history.declare(KINDS)
        refs.register(Complaint, natural_key="number", url=Complaint.get_absolute_url)
        refs.conceal(Complaint, _kept_from)
        readers.register("complaints.calls", tasks.CALL_KINDS, tasks.read_call)
        finder.register("complaints", _("Complaints"), "message-report", searching.complaints, order=50)
        for page in ("ticket", "machine", "customer"):
            panels.register(page, f"complaints:{page}-panel", 50)
        roles = READERS | {Role.SUPERVISOR}
        rail.register("complaints", _("Complaints"), "message-report", "complaints:list", roles, 50, _open)


def _kept_from(user: Any) -> list[int] | None:
    """All complaints for those who have nothing to do with them, else those about the person (CMP-07)."""
    from complaints import permissions
    from complaints.models import Complaint

    if not permissions.can_read(user):
        return None
    return list(Complaint.objects.about_person(user).values_list("pk", flat=True))


def _open(user: Any) -> tuple[int, bool]:
    """Open complaints; red when a deadline has passed."""
    from django.utils import timezone

    from complaints.models import Complaint
    from core import rail

    rows = Complaint.objects.visible_to(user).open()
    return rail.capped(rows), rows.filter(next_due_at__lt=timezone.now()).exists()
