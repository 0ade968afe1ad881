"""Small words of the promise pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def group_name(key: Any, names: Mapping[str, str] | None) -> str:
    """Name of a group of the simulator: a region by name, others as they are."""
    if key in (None, ""):
        return _("not known")
    return str((names or {}).get(key, key))
