"""Fills the places of a message text; pure."""

import re
from collections.abc import Iterable, Mapping

PLACE = re.compile(r"\{(\w+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace each `{name}`; a line that has places and all of them empty is left out."""
    lines = [line for line in text.splitlines() if _has_something(line, values)]
    return "\n".join(PLACE.sub(lambda found: values.get(found[1], ""), line) for line in lines).strip()


def unknown_places(text: str, known: Iterable[str]) -> list[str]:
    """Names of places that no value will ever fill, in alphabetical order."""
    return sorted(set(PLACE.findall(text)) - set(known))


def _has_something(line: str, values: Mapping[str, str]) -> bool:
    names = PLACE.findall(line)
    return not names or any(values.get(name) for name in names)
