"""What every page gets: the main menu."""

from typing import Any

from django.http import HttpRequest

from core import rail as menu


def rail(request: HttpRequest) -> dict[str, Any]:
    """The menu of a signed-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rail": []}
    return {"rail": menu.for_user(user, request.path)}
