"""The smallest parts of the screens: icons, keys, grades, states, tags. They stand in every row, so they are kept."""

from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def icon(name: str, label: Any = "") -> SafeString:
    """An icon from the sprite; without a label it is decoration."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    source = f"{staticfiles_storage.url('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="ico" role="img" aria-label="{}"><use href="{}"/></svg>', label, source)
    return format_html('<svg class="ico" aria-hidden="true"><use href="{}"/></svg>', source)


@register.simple_tag
def key(text: Any) -> SafeString:
    """A key cap."""
    return format_html('<kbd class="key">{}</kbd>', text)


@register.simple_tag
def grade(level: int | None, label: Any = "") -> SafeString:
    """The grade square; colour and numeral together."""
    if not level:
        return kind_square("?", _("no grade yet"))
    return _grade(level, str(label or _("grade %(level)s") % {"level": level}))


@lru_cache(maxsize=64)
def _grade(level: int, name: str) -> SafeString:
    return format_html(
        '<span class="grade" data-grade="{}" role="img" aria-label="{}" title="{}">{}</span>',
        level,
        name,
        name,
        level,
    )


@register.simple_tag
def kind_square(letter: Any, label: Any = "") -> SafeString:
    """An outlined square for work without a grade: 检 装 培 诉."""
    return format_html(
        '<span class="grade" role="img" aria-label="{}" title="{}">{}</span>',
        label or letter,
        label or letter,
        letter,
    )


@register.simple_tag
def state(record_state: Any) -> SafeString:
    """The state of a record in words; coloured only where it is good or bad in itself."""
    tone = "" if record_state.tone in ("", "calm") else record_state.tone
    return _state(record_state.code, tone, str(record_state.label))


@lru_cache(maxsize=256)
def _state(code: str, tone: str, label: str) -> SafeString:
    return format_html(
        '<span class="state" data-state="{}"{}>{}</span>',
        code,
        format_html(' data-tone="{}"', tone) if tone else "",
        label,
    )


@register.simple_tag
def tag(text: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A small mark."""
    return format_html(
        '<span class="tag"{}>{}{}</span>',
        format_html(' data-tone="{}"', tone) if tone else "",
        icon(icon_name) if icon_name else "",
        text,
    )
