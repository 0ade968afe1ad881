"""Tags of the report's papers and pages: section numbers, sparks, spans from the report, words for codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import charts

register = template.Library()

CHINESE = "零一二三四五六七八九"


@register.simple_tag
def section(number: int) -> str:
    """The number of a section: 一 with a wide space, or 1."""
    return f"{number}  " if (get_language() or "").startswith("en") else f"{CHINESE[number]}\u3000"


@register.simple_tag
def spark(series: Sequence[float | None]) -> SafeString:
    """A word-sized line of thirteen months."""
    return charts.spark(series)


@register.simple_tag
def percent(share: float, places: int = 1) -> str:
    """A share as per cent."""
    return f"{share * 100:.{places}f}%"


@register.simple_tag
def since(start: str | None, end: str | None, days_only: bool = False) -> str:
    """Hours and minutes between two ISO moments, a dash where one is missing."""
    if not start or not end or days_only:
        return "—"
    minutes = round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.simple_tag
def shown_of(rows: Sequence[Any], total: int) -> str:
    """How many rows stand on paper of how many; the rest is in the workbook."""
    if len(rows) >= (total or 0):
        return _("%(total)s rows") % {"total": total or 0}
    return _("the first %(shown)s of %(total)s rows; all of them in the workbook") % {
        "shown": len(rows),
        "total": total,
    }


@register.filter
def word(words: Mapping[Any, Any], code: Any) -> Any:
    """The word for a code; the code itself where there is none."""
    return words.get(code, code) if code not in ("", None) else words.get("", "—")


@register.filter
def moment(text: str) -> str:
    """10-05T14:30 as 10-05 14:30."""
    return str(text).replace("T", " ")


@register.filter
def clause(text: str) -> str:
    """A sentence without its full stop, to stand in a row of clauses."""
    return str(text).rstrip("。.; ；")
