"""What a cell of a sheet means: text, codes, days, numbers, yes and no, as people type them."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?")
_DIGITS_KEPT = 15
_YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "对"}
_NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "x", "不", ""}


def text(value: Any) -> str:
    """Text of a cell without blanks around it; a whole number without ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    plain = str(value).replace("\u3000", " ").replace("\xa0", " ").replace("\ufeff", "")
    return re.sub(r"[ \t]+", " ", plain).strip()


def code(value: Any) -> str:
    """A code such as a serial or phone number: half-width. Raises ValueError when a spreadsheet ate its digits."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**_DIGITS_KEPT:
        raise ValueError(_("The sheet has rounded this long number; please format the column as text."))
    plain = unicodedata.normalize("NFKC", text(value))
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d+", plain, re.IGNORECASE):
        raise ValueError(_("The sheet has rounded this long number; please format the column as text."))
    return plain


def day(value: Any) -> date | None:
    """A day: 2025-11-20, 2025/11/20, 2025.11.20, 2025年11月20日, 20251120 or a serial number; None when empty."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    plain = unicodedata.normalize("NFKC", text(value))
    if not plain:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and int(float(plain)) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(float(plain)))
    match = _DAY.fullmatch(plain) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is not a date; write for example 2025-11-20.") % {"text": plain[:40]})


def number(value: Any) -> Decimal | None:
    """A number; thousands separators, currency signs and full-width digits are understood; None when empty."""
    plain = unicodedata.normalize("NFKC", text(value))
    bare = re.sub(r"[,\s¥￥元]|RMB|CNY", "", plain)
    if not bare:
        return None
    try:
        found = Decimal(bare)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found.adjusted() > _DIGITS_KEPT:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": plain[:40]})
    return found


def flag(value: Any) -> bool:
    """Yes or no; empty is no."""
    plain = unicodedata.normalize("NFKC", text(value)).lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": plain[:40]})


def looks_like_value(value: Any) -> bool:
    """Whether a cell holds a number or a day, hence no heading."""
    if isinstance(value, int | float | date | timedelta):
        return True
    plain = unicodedata.normalize("NFKC", text(value))
    return bool(_DAY.fullmatch(plain) or re.fullmatch(r"[-+]?[\d,.]+", plain))
