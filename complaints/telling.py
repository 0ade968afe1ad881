"""Who hears of a complaint: those who decide on it and who has it, never the person it is about (CMP-07)."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from complaints.models import Complaint
from complaints.states import JUDGES
from notices import actions as notices
from staff.models import User


def tell_judges(complaint: Complaint, *, at: datetime) -> None:
    """A complaint came in."""
    for person in User.objects.filter(is_active=True, roles__overlap=list(JUDGES)).order_by("pk"):
        _tell(complaint, person, at=at)


def tell_owner(complaint: Complaint, *, by: Any, at: datetime) -> None:
    """It was given to somebody, who hears of it unless he took it himself."""
    if complaint.owner is not None and complaint.owner_id != getattr(by, "pk", None):
        _tell(complaint, complaint.owner, at=at, dedupe=f"{at:%Y%m%dT%H%M%S}")


def _tell(complaint: Complaint, person: User, *, at: datetime, dedupe: str = "") -> None:
    if person.pk == complaint.about_person_id:
        return
    context = {
        "number": complaint.number,
        "title": complaint.content.strip(" 。.!！")[:60],
        "customer": str(complaint.customer),
        "url": reverse("complaints:complaint", args=[complaint.number]),
    }
    notices.tell("complaint.opened", to=person, about=complaint, context=context, at=at, dedupe=dedupe)
