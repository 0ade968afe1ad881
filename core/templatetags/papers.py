"""What papers need besides the components of the screens: dates as offices write them, amounts, tick boxes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy

from core.amounts import in_capitals
from core.letterhead import Letterhead, letterhead
from core.templatetags.ui import phone_groups

register = template.Library()

GRADES = {
    1: pgettext_lazy("paper", "Grade 1"),
    2: pgettext_lazy("paper", "Grade 2"),
    3: pgettext_lazy("paper", "Grade 3"),
    4: pgettext_lazy("paper", "Grade 4"),
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, str):
        value = parse_date(value) if len(value) == 10 else parse_datetime(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value


@register.filter
def paper_day(value: date | datetime | str | None) -> str:
    """2026 年 11 月 21 日, 21 Nov 2026; empty for nothing."""
    day = _day(value)
    if day is None:
        return ""
    if _is_english():
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


@register.filter
def paper_moment(value: datetime | str | None) -> str:
    """2026 年 11 月 21 日 10:00, 21 Nov 2026, 10:00; empty for nothing."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        return ""
    join = ", " if _is_english() else " "
    return f"{paper_day(moment)}{join}{timezone.localtime(moment):%H:%M}"


@register.filter
def paper_short(value: datetime | str | None) -> str:
    """11-21 10:00 (the year stands elsewhere on the paper); empty for nothing."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""


@register.filter
def paper_until(value: datetime | str | None, start: datetime | str | None) -> str:
    """The end of a span: the clock alone on the same day, else day and clock."""
    if value and _day(value) == _day(start):
        moment = parse_datetime(value) if isinstance(value, str) else value
        return f"{timezone.localtime(moment):%H:%M}"
    return paper_moment(value)


@register.filter
def paper_phone(value: str | None) -> str:
    """139 9128 4417 as plain text."""
    return phone_groups(value) if value else ""


@register.filter
def grade_words(level: int | str | None) -> str:
    """三级, grade 3."""
    return str(GRADES.get(int(level), "")) if level else ""


@register.filter
def amount(value: Decimal | str | int | None) -> str:
    """1,234.50; empty for nothing."""
    return "" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


@register.filter
def quantity(value: Decimal | str | None) -> str:
    """2, 1.5: without needless zeros."""
    return "" if value in (None, "") else f"{Decimal(str(value)).normalize():f}"


@register.filter
def capitals(value: Decimal | str | int) -> str:
    """伍佰零陆元整."""
    return in_capitals(Decimal(str(value)))


@register.filter
def named(value: Any) -> str:
    """The name in the paper's language of a value frozen in both: {"zh": …, "en": …}."""
    if not isinstance(value, dict):
        return str(value or "")
    wanted, other = ("en", "zh") if _is_english() else ("zh", "en")
    return str(value.get(wanted) or value.get(other) or "")


@register.simple_tag
def box(ticked: Any, label: Any) -> SafeString:
    """A tick box and what it stands for."""
    return format_html(
        '<span class="box-line"><span class="box{}">{}</span>{}</span>',
        " ticked" if ticked else "",
        "✓" if ticked else "",
        label,
    )


@register.simple_tag
def paper_head() -> Letterhead:
    """The maker's name and department in the language of the paper."""
    return letterhead()
