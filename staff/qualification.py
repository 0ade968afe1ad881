"""Whether an engineer may be sent to a product line: trained, examined, not expired, not withdrawn (ORG-05)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from staff.models import Engineer, ProductLine, Qualification


def obstacle(engineer: Engineer, product_line: ProductLine | None, on: date) -> str | None:
    """Why an engineer cannot be sent to a product line on a day and what would help; None when he can (ORG-05)."""
    return obstacles([engineer], product_line, on).get(engineer.pk)


def obstacles(engineers: Iterable[Engineer], product_line: ProductLine | None, on: date) -> dict[int, str]:
    """The obstacles of many engineers in one query, by engineer id; those without one are missing."""
    found = {one.pk: _out_of_service(one) for one in engineers if not (one.active and one.user.is_active)}
    if product_line is None:
        return found
    asked = [one for one in engineers if one.pk not in found]
    proofs: dict[int, list[Qualification]] = {}
    rows = Qualification.objects.filter(engineer__in=[one.pk for one in asked], product_line=product_line)
    for proof in rows.order_by("passed_on", "id"):
        proofs.setdefault(proof.engineer_id, []).append(proof)
    for engineer in asked:
        text = _missing(engineer, product_line, proofs.get(engineer.pk, []), on)
        if text:
            found[engineer.pk] = text
    return found


def _missing(engineer: Engineer, line: ProductLine, proofs: list[Qualification], on: date) -> str | None:
    passed = [proof for proof in proofs if proof.passed_on <= on]
    if any(is_valid(proof, on) for proof in passed):
        return None
    words = {"name": engineer.user.name, "line": line}
    if not passed:
        return (
            _(
                "%(name)s has not been trained and examined for %(line)s. A passed examination is needed first;"
                " until then choose somebody with a valid certificate."
            )
            % words
        )
    last = passed[-1]
    if last.revoked_at is not None and _day(last.revoked_at) <= on:
        day = date_format(_day(last.revoked_at), "Y-m-d")
        return _(
            "Certificate %(certificate)s of %(name)s for %(line)s was withdrawn on %(day)s."
            " A new examination is needed; until then choose somebody with a valid certificate."
        ) % {**words, "certificate": last.certificate, "day": day}
    day = date_format(last.valid_until, "Y-m-d") if last.valid_until else ""
    return _(
        "Certificate %(certificate)s of %(name)s for %(line)s ended on %(day)s."
        " A renewed examination is needed; until then choose somebody with a valid certificate."
    ) % {**words, "certificate": last.certificate, "day": day}


def is_valid(proof: Qualification, on: date) -> bool:
    """Whether a certificate counts on a day."""
    ended = proof.valid_until is not None and proof.valid_until < on
    withdrawn = proof.revoked_at is not None and _day(proof.revoked_at) <= on
    return proof.passed_on <= on and not ended and not withdrawn


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _out_of_service(engineer: Engineer) -> str:
    return _("%(name)s is no longer in service.") % {"name": engineer.user.name}
