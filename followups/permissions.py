"""Who may do what with follow-ups; the state table holds the rest. None is the system."""

from typing import Any

from followups.querysets import OFFICE
from followups.states import CALLERS
from staff.roles import Role

READERS = OFFICE | {Role.SUPERVISOR}
"""Roles that see follow-ups; field staff never do before the customer was asked."""


def can_read(user: Any) -> bool:
    """The office and regional supervisors."""
    return bool(user.has_role(*READERS))


def can_call(user: Any) -> bool:
    """Whoever calls customers back."""
    return user is None or user.has_role(*CALLERS)


def can_edit_rules(user: Any) -> bool:
    """Rules and questionnaires are written by administrator, supervision and head."""
    return user is None or user.has_role(Role.ADMIN, Role.SUPERVISION, Role.HEAD)


def can_receive_cards(user: Any) -> bool:
    """Service cards are handed in at the desk."""
    return user is None or user.has_role(*CALLERS)
