"""Document numbers such as WX20261121-0001: gapless per series and local day or month."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

_NEXT = """
INSERT INTO core_numberseries (prefix, period, last) VALUES (%s, %s, 1)
ON CONFLICT (prefix, period) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last
"""


def next_in(prefix: str, period: str) -> int:
    """The next counter of a series; its row stays locked until the transaction ends, so no number is lost."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are given out inside the transaction that uses them")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix, period])
        return int(cursor.fetchone()[0])


def daily(prefix: str, at: datetime | None = None) -> str:
    """Number of the local day of `at`, for example PG20261119-0003."""
    period = timezone.localtime(at).strftime("%Y%m%d")
    return f"{prefix}{period}-{next_in(prefix, period):04d}"


def monthly(prefix: str, month: date) -> str:
    """Number of a month's paper: YB202610 for the first, YB202610-2 for the second."""
    period = month.strftime("%Y%m")
    count = next_in(prefix, period)
    return f"{prefix}{period}" if count == 1 else f"{prefix}{period}-{count}"


def running(prefix: str, width: int = 5) -> str:
    """Number of a series without a period, for example KH00017."""
    return f"{prefix}{next_in(prefix, ''):0{width}d}"


_TAKE = """
INSERT INTO core_numberseries (prefix, period, last)
SELECT %s, period, count FROM unnest(%s, %s) AS wanted (period, count) ORDER BY period
ON CONFLICT (prefix, period) DO UPDATE SET last = core_numberseries.last + excluded.last
RETURNING period, last
"""


def take_many(prefix: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Take several counters of several periods in one statement; returns the first one of each period."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are given out inside the transaction that uses them")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [prefix, list(counts), list(counts.values())])
        return {period: last - counts[period] + 1 for period, last in cursor.fetchall()}
