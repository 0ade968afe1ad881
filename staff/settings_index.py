"""The index of the settings: apps add their pages; everybody sees the ones that are his."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

SECTIONS: dict[str, Any] = {
    "people": _("People and organisation"),
    "promises": _("Promises and deadlines"),
    "warranty": _("Warranty"),
    "tickets": _("Tickets and orders"),
    "followups": _("Follow-ups"),
    "training": _("Training"),
    "reports": _("Reports"),
    "messages": _("Messages"),
    "system": _("System"),
}


@dataclass(frozen=True)
class Link:
    """One page of settings."""

    section: str
    label: Any
    url_name: str
    roles: frozenset[str]
    about: Any = ""


_links: dict[str, Link] = {}


def register(section: str, label: Any, url_name: str, roles: Iterable[str], about: Any = "") -> None:
    """Add a page; called from an app's `ready`. `section` is a key of SECTIONS or a heading of its own."""
    _links[url_name] = Link(section, label, url_name, frozenset(roles), about)


def for_user(user: Any) -> list[dict[str, Any]]:
    """Sections with the links that the person may open, in the order of SECTIONS."""
    seen = [link for link in _links.values() if user.has_role(*link.roles)]
    order = [*SECTIONS, *(link.section for link in seen if link.section not in SECTIONS)]
    sections = []
    for section in dict.fromkeys(order):
        links = [
            {"label": link.label, "about": link.about, "url": reverse(link.url_name)}
            for link in seen
            if link.section == section
        ]
        if links:
            sections.append({"label": SECTIONS.get(section, section), "links": links})
    return sections
