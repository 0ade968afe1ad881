"""Who may do what with warranties; None is the system."""

from typing import Any

from staff.roles import FIELD, Role


def can_edit_terms(user: Any) -> bool:
    """Terms and guarantee rules are written by the administrator and the service head."""
    return user is None or user.has_role(Role.ADMIN, Role.HEAD)


def can_see_terms(user: Any) -> bool:
    """Everybody in the house may read what is promised."""
    return bool(user.roles) and not user.has_role(Role.CONTRACTOR)


def can_record(user: Any) -> bool:
    """Replacements, days out of service, used allowances: desk, field staff, warehouse."""
    return user is None or user.has_role(Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD, Role.KEEPER, Role.ADMIN, *FIELD)


def can_ask_extension(user: Any) -> bool:
    """Extensions are sold by marketing and offered by the desk."""
    return user is None or user.has_role(Role.MARKETING, Role.DISPATCHER, Role.HEAD)


def can_find_cause(user: Any) -> bool:
    """The engineer's diagnosis, or the inspector's."""
    return user is None or user.has_role(*FIELD, Role.INSPECTOR, Role.SUPERVISOR, Role.HEAD)


TALKERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD, Role.MARKETING, Role.MANAGER, Role.ADMIN})
"""Roles that talk with customers about extensions."""


def can_see_ending(user: Any) -> bool:
    """The list of warranties about to end."""
    return bool(user.has_role(*TALKERS))
