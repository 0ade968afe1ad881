"""The parts of the frame that are the same on page after page; each is written once and kept."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.templatetags.ui_words import script_words

register = template.Library()

SHOWN = ("url", "icon", "label", "count", "is_due", "current")


@register.simple_tag
def page_words() -> SafeString:
    """The words that the scripts need, as JSON in the page."""
    return _page_words(get_language())


@lru_cache(maxsize=8)
def _page_words(_language: str | None) -> SafeString:
    return json_script(script_words(), "words")


@register.simple_tag
def key_help() -> SafeString:
    """The list of all keys."""
    return _key_help(get_language())


@lru_cache(maxsize=8)
def _key_help(_language: str | None) -> SafeString:
    return render_to_string("components/key_help.html")


@register.simple_tag
def main_menu(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """The main menu with what waits behind each entry."""
    return _main_menu(get_language(), tuple(tuple(_plain(item[name]) for name in SHOWN) for item in items))


@lru_cache(maxsize=512)
def _main_menu(_language: str | None, rows: tuple[tuple[Any, ...], ...]) -> SafeString:
    return render_to_string("components/rail.html", {"rail": [dict(zip(SHOWN, row, strict=True)) for row in rows]})


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)
