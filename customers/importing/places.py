"""Provinces as people write them."""

import re

from core import cells
from staff.models import Province

_ENDING = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")


class Provinces:
    """All provinces, found by code, Chinese name with or without ending, English name."""

    def __init__(self) -> None:
        self._known: dict[str, Province] = {}
        self.all = list(Province.objects.select_related("region"))
        for province in self.all:
            for name in (province.code, province.name_zh, _short(province.name_zh), province.name_en.lower()):
                self._known[name] = province

    def find(self, text: str) -> Province | None:
        """The province that a cell names."""
        plain = cells.code(text)
        return self._known.get(plain.lower()) or self._known.get(_short(plain))

    def at_start(self, text: str) -> Province | None:
        """The province that an address begins with."""
        plain = cells.code(text)
        return next((p for p in self.all if plain.startswith(_short(p.name_zh))), None)


def _short(name: str) -> str:
    return _ENDING.sub("", name)
