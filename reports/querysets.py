"""Questions about reports: who may see them, which are to be made."""

from typing import Any

from django.db.models import QuerySet

from staff.roles import Role

READERS = frozenset(
    {Role.MANAGER, Role.HEAD, Role.ADMIN, Role.FINANCE, Role.SUPERVISION, Role.MARKETING, Role.SUPERVISOR}
)


class ReportQuerySet(QuerySet[Any]):
    """Report rows."""

    def visible_to(self, user: Any) -> "ReportQuerySet":
        """All for those who answer for figures, none for others."""
        return self if user.has_role(*READERS) else self.none()

    def to_make(self) -> "ReportQuerySet":
        """Reports that still have to be frozen or printed."""
        return self.filter(state__in=["wanted", "frozen"])
