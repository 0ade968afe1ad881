"""The one search box: apps register what can be found, the page shows it by kind (CUS-08)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    url: str
    title: str
    detail: str = ""
    aside: str = ""
    grade: int | None = None


Search = Callable[[str, Any, int], list[Hit]]


@dataclass(frozen=True)
class Provider:
    """Finds one kind of record: `search(query, user, limit)` returns what the user may see, best first."""

    label: Any
    icon: str
    search: Search
    order: int


_providers: dict[str, Provider] = {}


def register(code: str, label: Any, icon: str, search: Search, order: int) -> None:
    """Add a kind of record to the search box; called from an app's `ready`."""
    _providers[code] = Provider(label, icon, search, order)


def find(query: str, user: Any, limit: int = 8) -> list[tuple[Provider, list[Hit]]]:
    """Hits by kind, kinds without any left out."""
    if not query.strip():
        return []
    ordered = sorted(_providers.values(), key=lambda provider: provider.order)
    found = [(provider, provider.search(query, user, limit)) for provider in ordered]
    return [(provider, hits) for provider, hits in found if hits]
