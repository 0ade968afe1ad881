"""Signatures: asking a role for one, giving it, declining it. The kinds of papers are the callers'."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Forbidden, NotAllowed
from core.models import Approval
from core.refs import ref


def ask(
    subject: models.Model, step: str, *, role: str, by: Any, at: datetime | None = None, reason: str = ""
) -> Approval:
    """Ask a role for a signature; an open request for the same step is returned as it is."""
    approval, _created = Approval.objects.get_or_create(
        subject=ref(subject),
        step=step,
        decision=Approval.Decision.OPEN,
        defaults={"role": role, "asked_by": by, "asked_at": at or timezone.now(), "reason": reason},
    )
    return approval


@transaction.atomic
def decide(approval: Approval, *, approve: bool, by: Any, at: datetime | None = None, opinion: str = "") -> Approval:
    """Sign or decline. Nobody signs his own request; a decided one stays decided (NotAllowed)."""
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if not by.has_role(approval.role):
        raise Forbidden(_("This signature is not yours to give."))
    if approval.asked_by_id == by.pk:
        raise Forbidden(_("Nobody signs his own request."))
    if approval.decision != Approval.Decision.OPEN:
        raise NotAllowed(_("This has been decided already."))
    approval.decision = Approval.Decision.APPROVED if approve else Approval.Decision.DECLINED
    approval.decided_by, approval.decided_at, approval.opinion = by, at or timezone.now(), opinion
    approval.save()
    return approval


def of(subject: models.Model) -> QuerySet[Approval]:
    """All signatures of a record, in the order they were asked for."""
    return Approval.objects.filter(subject=ref(subject)).select_related("decided_by", "asked_by").order_by("id")


def waiting_for(user: Any) -> QuerySet[Approval]:
    """Open requests that a person may sign."""
    return Approval.objects.filter(decision=Approval.Decision.OPEN, role__in=user.roles).order_by("id")


def is_approved(subject: models.Model, step: str) -> bool:
    """Whether the newest request of a step was approved."""
    newest = Approval.objects.filter(subject=ref(subject), step=step).order_by("-id").first()
    return newest is not None and newest.decision == Approval.Decision.APPROVED
