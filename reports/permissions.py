"""Who may ask for reports and who may read them."""

from typing import Any

from reports.querysets import READERS
from reports.states import ASKERS


def can_ask(user: Any) -> bool:
    """Whether a person may have a report made."""
    return bool(user.has_role(*ASKERS))


def can_read(user: Any) -> bool:
    """Whether a person may read reports."""
    return bool(user.has_role(*READERS))
