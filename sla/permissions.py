"""Who may do what with deadlines and with the policy behind them."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import Forbidden
from sla.models import Timer
from staff.roles import Role

POLICY = (Role.ADMIN, Role.HEAD)
EXPLAINING = (Role.HEAD, Role.SUPERVISOR, Role.SUPERVISION, Role.MANAGER, Role.ADMIN)
WATCHING = (
    Role.DISPATCHER,
    Role.SUPERVISOR,
    Role.HEAD,
    Role.MANAGER,
    Role.SUPERVISION,
    Role.ADMIN,
)


def can_change_policy(user: Any) -> bool:
    """Clocks, promises, chains and the contracts' choices."""
    return bool(user.has_role(*POLICY))


def can_see_policy(user: Any) -> bool:
    """Read and try promises and clocks."""
    return bool(user.has_role(*WATCHING))


def can_acknowledge(user: Any, timer: Timer) -> bool:
    """The people of the chain: the engineer, the owner, and those above them."""
    return bool(user.has_role(*WATCHING)) or user.pk in (timer.engineer_id, timer.owner_id)


def can_explain(user: Any, timer: Timer) -> bool:
    """Give the reason and the responsible party of a missed deadline."""
    return bool(user.has_role(*EXPLAINING))


def require_policy_reader(user: Any) -> None:
    """Refuse those who may not read promises, clocks and chains."""
    if not can_see_policy(user):
        raise Forbidden(_("Promises and clocks are not open to your role."))


def require_policy_changer(user: Any) -> None:
    """Refuse those who may not change promises, clocks and chains."""
    if not can_change_policy(user):
        raise Forbidden(_("Promises and clocks are changed by the service head or an administrator."))


def require_acknowledger(user: Any, timer: Timer) -> None:
    """Refuse those who are not of the chain."""
    if not can_acknowledge(user, timer):
        raise Forbidden(_("Taking note of this deadline is not yours."))


def require_explainer(user: Any, timer: Timer) -> None:
    """Refuse those who do not give the reason of a missed deadline."""
    if not can_explain(user, timer):
        raise Forbidden(_("Only the service head's office and supervisors give the reason of a missed deadline."))
