"""The main menu: apps register their entries, with a count of what waits there [待办]."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.urls import reverse

SECONDS = 20
AT_MOST = 100

Count = Callable[[Any], tuple[int, bool]]


@dataclass(frozen=True)
class Item:
    """A menu entry: who sees it, where it leads, and `count(user)` → (how many wait, whether one is late)."""

    code: str
    label: Any
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int
    count: Count | None = None


_items: dict[str, Item] = {}


def register(
    code: str,
    label: Any,
    icon: str,
    url_name: str,
    roles: Iterable[str],
    order: int,
    count: Count | None = None,
) -> None:
    """Add an entry to the menu; called from an app's `ready`."""
    _items[code] = Item(code, label, icon, url_name, frozenset(roles), order, count)


def capped(rows: Any) -> int:
    """Number of rows, looking at no more than a hundred."""
    return int(rows[:AT_MOST].count())


def for_user(user: Any, path: str) -> list[dict[str, Any]]:
    """Entries a person sees, with counts that are at most 20 seconds old; the longest matching URL is current."""
    seen = sorted((item for item in _items.values() if user.has_role(*item.roles)), key=lambda item: item.order)
    urls = {item.code: reverse(item.url_name) for item in seen}
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    counts = _counts(user, seen)
    return [
        {
            "code": item.code,
            "url": urls[item.code],
            "icon": item.icon,
            "label": item.label,
            "count": counts[item.code][0],
            "is_due": counts[item.code][1],
            "current": urls[item.code] == current,
        }
        for item in seen
    ]


def _counts(user: Any, items: list[Item]) -> dict[str, tuple[int, bool]]:
    key = f"rail:{user.pk}"
    known = cache.get(key)
    if known is None or known.keys() != {item.code for item in items}:
        known = {item.code: item.count(user) if item.count else (0, False) for item in items}
        cache.set(key, known, SECONDS)
    return known
