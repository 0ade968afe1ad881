"""The follow-ups of a month."""

from typing import Any

from reports.months import Month


def records(month: Month) -> list[dict[str, Any]]:
    """One row per follow-up due in the month."""
    return []
