"""Who may do what with people and organisation, for actions, pages and templates. None is the system."""

from typing import Any

from staff.roles import Role


def can_manage(user: Any) -> bool:
    """Accounts, roles, regions, divisions, tiers and engineers' files: the administrator's."""
    return user is None or user.has_role(Role.ADMIN)


def can_plan(user: Any, engineer: Any) -> bool:
    """Standby, rota, absences and phone-off notes: administrator, head, dispatcher, or the region's supervisor."""
    if user is None or user.has_role(Role.ADMIN, Role.HEAD, Role.DISPATCHER):
        return True
    return user.has_role(Role.SUPERVISOR) and user.region_id == engineer.region_id


def can_set_standby(user: Any, engineer: Any) -> bool:
    """Whoever plans, and the engineer himself."""
    return can_plan(user, engineer) or engineer.user_id == user.pk


def can_qualify(user: Any) -> bool:
    """Certificates: trainer and administrator."""
    return user is None or user.has_role(Role.TRAINER, Role.ADMIN)


def can_use_account(user: Any, owner: Any) -> bool:
    """Preferences, password and tokens: the owner's and the administrator's."""
    return can_manage(user) or user.pk == owner.pk
