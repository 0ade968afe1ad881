"""Checks of what an action is given: its moment, its words, its codes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused

SKEW = timedelta(minutes=5)
"""How far a device's clock may be off."""


def moment(at: datetime | None, *, not_before: datetime | None = None, field: str = "at") -> datetime:
    """When something happened: now if not said, never in the future, never before what it follows.

    Raises Refused on `field` when it is off by more than the skew of a clock.
    """
    now = timezone.now()
    if at is None:
        at = now
    if timezone.is_naive(at):
        at = timezone.make_aware(at)
    if at > now + SKEW:
        raise Refused({field: _("This time lies in the future.")})
    at = min(at, now)
    if not_before is None or at >= not_before:
        return at
    if at < not_before - SKEW:
        earliest = date_format(timezone.localtime(not_before), "Y-m-d H:i")
        raise Refused({field: _("This cannot have happened before %(earliest)s.") % {"earliest": earliest}})
    return not_before


def require(**texts: Any) -> None:
    """Refused for every named text that is empty."""
    missing = {name: _("This is needed.") for name, text in texts.items() if not str(text or "").strip()}
    if missing:
        raise Refused(missing)


def one_of(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Refused when a coded value is none of the known ones."""
    known = [str(choice) for choice in choices]
    if value not in known:
        raise Refused({name: _("“%(value)s” is none of: %(known)s.") % {"value": value, "known": ", ".join(known)}})
