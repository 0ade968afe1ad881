"""Who may do what with complaints; nobody has a hand in one about himself (CMP-07)."""

from typing import Any

from complaints.models import Complaint
from complaints.querysets import READERS
from complaints.states import COMPLAINT, HANDLERS
from staff.roles import Role


def can_read(user: Any) -> bool:
    """Whether a person has to do with complaints at all."""
    return bool(user.has_role(*READERS, Role.SUPERVISOR))


def can_take(user: Any) -> bool:
    """Whether a person takes complaints down."""
    return bool(user.has_role(*HANDLERS))


def concerns(user: Any, complaint: Complaint) -> bool:
    """Whether the complaint is about this very person."""
    return user is not None and user.pk == complaint.about_person_id


def has_decided(user: Any, complaint: Complaint) -> bool:
    """Whether it was this person who decided; somebody else checks that the cure worked and closes."""
    return user is not None and user.pk == complaint.decided_by_id


def possible(user: Any, complaint: Complaint) -> list[str]:
    """Verbs that a person may do now."""
    if concerns(user, complaint):
        return []
    verbs = COMPLAINT.possible(complaint.state, user)
    return [verb for verb in verbs if verb != "close" or not has_decided(user, complaint)]
