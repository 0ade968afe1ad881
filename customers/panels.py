"""Panels that other apps add to the pages of a customer and of a machine; each is a URL that htmx loads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Panel:
    """Name of the URL that answers with the panel, and which page it belongs to (customer or machine)."""

    page: str
    url_name: str
    order: int


_panels: dict[tuple[str, str], Panel] = {}


def register(page: str, url_name: str, order: int = 50) -> None:
    """Add a panel to a page; called from an app's `ready`. The URL takes the number or the serial."""
    _panels[page, url_name] = Panel(page, url_name, order)


def urls(page: str, key: str) -> list[str]:
    """URLs of the panels of a page in their order."""
    return list(_reversed(sorted(_panels.values(), key=lambda panel: panel.order), page, key))


def _reversed(panels: Iterable[Any], page: str, key: str) -> Iterable[str]:
    for panel in panels:
        if panel.page == page:
            yield reverse(panel.url_name, args=[key])


def url_if_any(url_name: str, *args: Any) -> str:
    """A URL of an app above when it is there, else nothing."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""
