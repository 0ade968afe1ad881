"""Pages that a role does not include answer 403, also before anything is sent."""

from django.core.exceptions import PermissionDenied


def demand(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
