"""All components of the screens: {% load ui %}. Time and forms come from their own modules."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.templatetags import ui_forms, ui_frame, ui_marks, ui_time, ui_words

register = template.Library()
for part in (ui_marks, ui_time, ui_forms, ui_words, ui_frame):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

LATE_ENTRY_MINUTES = 5


@register.inclusion_tag("components/verdict.html")
def verdict(
    decision: Any = None,
    tone: str = "",
    word: Any = "",
    reason: Any = "",
    term: Any = "",
    url: str = "",
    link: Any = "",
) -> dict[str, Any]:
    """One deciding word, the reason, and the term it rests on; from an object or from the arguments."""
    given = {"tone": tone, "word": word, "reason": reason, "term": term, "url": url, "link": link}
    return {name: value or getattr(decision, name, "") for name, value in given.items()}


@register.inclusion_tag("components/promise.html")
def promise(text: Any, source: Any = "", title: Any = "") -> dict[str, Any]:
    """The sentence to read aloud."""
    return {"text": text, "source": source, "title": title}


@register.inclusion_tag("components/story.html")
def story(entries: Iterable[Any], empty: Any = "") -> dict[str, Any]:
    """What happened, newest first, by day."""
    days = []
    for day, rows in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date()):
        days.append((day, [{"entry": row, "late_entry": _late_entry(row)} for row in rows]))
    return {"days": days, "empty": empty}


def _late_entry(entry: Any) -> Any:
    """When it was entered, if that was well after it happened."""
    entered = getattr(entry, "entered_at", None)
    return entered if entered and (entered - entry.at).total_seconds() > LATE_ENTRY_MINUTES * 60 else None


@register.inclusion_tag("components/work_row.html")
def work_row(row: Any, current: bool = False, single: bool = False) -> dict[str, Any]:
    """A row of a worklist: grade or kind, what, where, until when. `single` puts all on one line."""
    return {"row": row, "current": current, "single": single}


@register.inclusion_tag("components/figure.html")
def figure(number: Any) -> dict[str, Any]:
    """A number with from how many, what stands beside it and how it is counted."""
    return {"number": number}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[Sequence[Any]], two: bool = False) -> dict[str, Any]:
    """Labels and values: (label, value) or (label, value, url). Empty values show a dash."""
    return {"rows": [(*pair, "")[:3] for pair in pairs], "two": two}


@register.inclusion_tag("components/steps_line.html")
def steps_line(steps: Sequence[Any]) -> dict[str, Any]:
    """Where a record stands on its way: label, state (done, current or empty), and note."""
    return {"steps": steps}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: Any, text: Any = "", action_label: Any = "", action_url: str = "") -> dict[str, Any]:
    """What will appear here and how to begin."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("components/gallery.html")
def gallery(files: Sequence[Any], small: bool = False, empty: Any = "") -> dict[str, Any]:
    """Photographs and files: url, caption, and thumb_url where there is a picture."""
    return {"files": files, "small": small, "empty": empty}


@register.simple_tag
def money(amount: Decimal | int | None) -> str:
    """1,234.50 元."""
    if amount is None:
        return "—"
    return _("CNY %(amount)s") % {"amount": f"{amount:,.2f}"}


@register.simple_tag
def phone(number: str | None, label: Any = "") -> SafeString:
    """A number that can be called; mobile numbers stand in groups of 3, 4 and 4."""
    if not number:
        return format_html('<span class="quiet">{}</span>', "—")
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return format_html('<a class="nowrap" href="tel:{}">{}</a>', digits, label or phone_groups(number))


@register.filter
def phone_groups(number: str) -> str:
    """139 9128 4417; anything but a mainland mobile number is shown as it was typed."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == 11 and digits[0] == "1" else number


@register.simple_tag(takes_context=True)
def theme_choice(context: Any) -> str:
    """light, dark or auto: the person's own, else the cookie's."""
    request = context.get("request")
    own = getattr(getattr(request, "user", None), "theme", "")
    found = own or (request.COOKIES.get("theme", "") if request else "")
    return found if found in ("light", "dark") else "auto"


@register.simple_tag
def html_lang() -> str:
    """The lang attribute of the page."""
    return "en" if (get_language() or "").startswith("en") else "zh-CN"
