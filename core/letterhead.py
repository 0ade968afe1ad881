"""The maker's name on papers: shipped as core/defaults/letterhead.toml, replaced by letterhead.toml in VAR_DIR."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

SHIPPED = Path(__file__).parent / "defaults" / "letterhead.toml"


@dataclass(frozen=True)
class Letterhead:
    """Maker, department and how to reach them, in one language."""

    maker: str
    department: str
    phone: str = ""
    address: str = ""


def letterhead() -> Letterhead:
    """The letterhead in the active language."""
    return _both()["en" if (get_language() or "").startswith("en") else "zh"]


@cache
def _both() -> dict[str, Letterhead]:
    own = Path(settings.VAR_DIR) / "letterhead.toml"
    values = tomllib.loads((own if own.exists() else SHIPPED).read_text(encoding="utf-8"))
    return {language: Letterhead(**values[language]) for language in ("zh", "en")}
