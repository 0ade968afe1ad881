"""Questions about people: whom a person may see, who is in service, who is qualified or absent on a day."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.roles import EVERYWHERE, Role


class UserQuerySet(QuerySet[Any]):
    """User rows."""

    def visible_to(self, user: Any) -> "UserQuerySet":
        """All for the office, the region's for supervisors, else oneself."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = Q(pk=user.pk)
        if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            seen |= Q(region=user.region_id)
        return self.filter(seen)

    def with_role(self, *roles: str) -> "UserQuerySet":
        """Active people who have at least one of the roles."""
        return self.filter(is_active=True, roles__overlap=list(roles))

    def matching(self, query: str) -> "UserQuerySet":
        """People whose name, user name or telephone contains a text."""
        return self.filter(Q(name__icontains=query) | Q(username__icontains=query) | Q(phone__contains=query))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """The manager of people with the questions above."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> Any:
        """The first account: an administrator, who makes all others in the pages."""
        fields = {"roles": [Role.ADMIN], "name": username} | fields
        return super().create_superuser(username, email, password, **fields)

    use_in_migrations = False


class EngineerQuerySet(QuerySet[Any]):
    """Engineer rows."""

    def visible_to(self, user: Any) -> "EngineerQuerySet":
        """All for the office, the region's for supervisors, else oneself."""
        if user.has_role(*EVERYWHERE):
            return self
        seen = Q(user=user.pk)
        if user.has_role(Role.SUPERVISOR) and user.region_id is not None:
            seen |= Q(region=user.region_id)
        return self.filter(seen)

    def in_service(self) -> "EngineerQuerySet":
        """Engineers who can be sent at all: active, with an active account."""
        return self.filter(active=True, user__is_active=True)

    def with_people(self) -> "EngineerQuerySet":
        """With account, tier, region and base in the same query."""
        return self.select_related("user", "tier", "region", "base_province")


class QualificationQuerySet(QuerySet[Any]):
    """Qualification rows."""

    def visible_to(self, user: Any) -> "QualificationQuerySet":
        """Those of visible engineers."""
        return _of_visible_engineers(self, user)

    def valid_on(self, day: date) -> "QualificationQuerySet":
        """Passed, not expired and not withdrawn on a day."""
        return self.filter(passed_on__lte=day).filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            Q(revoked_at=None) | Q(revoked_at__date__gt=day),
        )

    def ending_by(self, last: date) -> "QualificationQuerySet":
        """Not withdrawn, ended or ending by a day, and not followed by a later certificate for the same line."""
        followers = self.model.objects.filter(
            engineer=OuterRef("engineer"), product_line=OuterRef("product_line"), revoked_at=None
        ).filter(Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")))
        return self.filter(~Exists(followers), revoked_at=None, valid_until__lte=last)


class TimespanQuerySet(QuerySet[Any]):
    """Absences and turns of the rota."""

    def visible_to(self, user: Any) -> "TimespanQuerySet":
        """Those of visible engineers."""
        return _of_visible_engineers(self, user)

    def at(self, moment: datetime) -> "TimespanQuerySet":
        """Those that contain a moment."""
        return self.filter(during__contains=moment)

    def within(self, start: datetime, end: datetime) -> "TimespanQuerySet":
        """Those that touch a span of time."""
        return self.filter(during__overlap=(start, end))

    def ending_after(self, moment: datetime) -> "TimespanQuerySet":
        """Those that are not over yet."""
        return self.filter(during__endswith__gt=moment)


def _of_visible_engineers(rows: Any, user: Any) -> Any:
    engineers = rows.model.engineer.field.related_model.objects
    return rows.filter(engineer__in=engineers.visible_to(user))


class SharedQuerySet(QuerySet[Any]):
    """Organisation rows that everybody with an account may read."""

    def visible_to(self, user: Any) -> "SharedQuerySet":
        """All of them for any active person of the house; contractors see nothing else than their orders."""
        inside = set(user.roles) - {Role.CONTRACTOR}
        return self if user.is_active and inside else self.none()
