"""What lists and figures of deadlines can be narrowed by."""

import re
from datetime import date, datetime, time

from django.utils import timezone

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def month_bounds(text: str) -> tuple[datetime, datetime] | None:
    """The local start of a month and of the next, from "2026-10"; None for anything else."""
    found = _MONTH.fullmatch(text or "")
    if found is None or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[1]) <= 9998:
        return None
    first = date(int(found[1]), int(found[2]), 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    zone = timezone.get_current_timezone()
    return datetime.combine(first, time.min, zone), datetime.combine(after, time.min, zone)
