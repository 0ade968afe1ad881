"""Certificates: who was trained and examined for which product line (ORG-05)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, numbers
from core.errors import Forbidden, NotAllowed, Refused
from staff.models import Engineer, ProductLine, Qualification, User
from staff.permissions import can_qualify


@transaction.atomic
def grant_qualification(
    engineer: Engineer,
    product_line: ProductLine,
    *,
    by: User | None,
    passed_on: date,
    certificate: str = "",
    valid_until: date | None = None,
    score: Decimal | int | None = None,
    at: datetime | None = None,
) -> Qualification:
    """Record a passed examination; without a certificate number the next of the series ZS is given."""
    if not can_qualify(by):
        raise Forbidden(_("Certificates are the trainer's to grant."))
    if valid_until is not None and valid_until < passed_on:
        raise Refused({"valid_until": _("The certificate would end before the examination.")})
    if certificate and Qualification.objects.filter(certificate=certificate).exists():
        raise Refused({"certificate": _("This certificate number is taken.")})
    qualification = Qualification.objects.create(
        engineer=engineer,
        product_line=product_line,
        certificate=certificate or numbers.running("ZS"),
        passed_on=passed_on,
        valid_until=valid_until,
        score=score,
    )
    data = {
        "line": f"productline:{product_line.pk}",
        "certificate": qualification.certificate,
        "valid_until": valid_until.isoformat() if valid_until else "",
    }
    about = [f"user:{engineer.user_id}"]
    history.record("qualification.granted", engineer, by=by, at=at, about=about, data=data)
    return qualification


@transaction.atomic
def revoke_qualification(
    qualification: Qualification, *, why: str, by: User | None, at: datetime | None = None
) -> Qualification:
    """Withdraw a certificate; from that day on nobody is sent with it."""
    if not can_qualify(by):
        raise Forbidden(_("Certificates are the trainer's to grant."))
    if not why.strip():
        raise Refused({"why": _("A reason is needed.")})
    qualification = Qualification.objects.select_for_update().get(pk=qualification.pk)
    if qualification.revoked_at is not None:
        raise NotAllowed(_("This certificate was withdrawn already."))
    qualification.revoked_at, qualification.revoked_why = at or timezone.now(), why
    qualification.save(update_fields=["revoked_at", "revoked_why"])
    data = {"line": f"productline:{qualification.product_line_id}", "certificate": qualification.certificate}
    engineer = qualification.engineer
    about = [f"user:{engineer.user_id}"]
    history.record("qualification.revoked", engineer, by=by, at=at, about=about, why=why, data=data)
    return qualification
