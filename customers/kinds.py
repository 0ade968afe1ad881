"""Kinds of components: the app above that keeps them offers them here, the machine pages show them."""

from collections.abc import Callable

Source = Callable[[], list[tuple[str, str]]]

_sources: list[Source] = []


def offer(source: Source) -> None:
    """Declare where the kinds come from, as code and label; called from an app's `ready`."""
    _sources[:] = [source]


def choices() -> list[tuple[str, str]]:
    """Code and label of every kind; empty when nobody keeps them."""
    return _sources[0]() if _sources else []
