"""A cause that takes the cover away: found with evidence, signed by a second person (WAR-04)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from core.refs import ref
from customers.models import Equipment
from warranty import permissions
from warranty.models import Cause, Finding
from warranty.states import FINDING


@transaction.atomic
def find_cause(machine: Equipment, *, source: Any, cause: str, evidence: str, by: Any, at: datetime) -> Finding:
    """Note the cause of a repair with what proves it; a declined one may be found anew."""
    if not permissions.can_find_cause(by):
        raise Forbidden(_("Your role does not find causes."))
    if cause not in Cause.values:
        raise Refused({"cause": _("This cause is not known.")})
    if not evidence.strip():
        raise Refused({"evidence": _("Say what proves it: photos, measurements, the customer's words.")})
    found = Finding.objects.select_for_update().filter(source=ref(source)).first()
    if found is not None and found.state == "confirmed":
        raise Refused({"cause": _("The cause of this repair has been confirmed already.")})
    found, _created = Finding.objects.update_or_create(
        source=ref(source),
        defaults={
            "equipment": machine,
            "cause": cause,
            "evidence": evidence,
            "state": "proposed",
            "found_by": by,
            "found_at": at,
        },
    )
    about = [machine.customer, source]
    history.record("warranty.cause_found", machine, by=by, at=at, about=about, why=evidence, data={"cause": cause})
    return found


@transaction.atomic
def sign_cause(finding: Finding, *, confirm: bool, by: Any, at: datetime, why: str = "") -> Finding:
    """The second signature; nobody confirms what he found himself."""
    rows = Finding.objects.select_for_update(of=("self",)).select_related("equipment__customer")
    finding = rows.get(pk=finding.pk)
    FINDING.move(finding, "confirm" if confirm else "decline", by)
    if by.pk == finding.found_by_id:
        raise Forbidden(_("Nobody signs his own request."))
    finding.save(update_fields=["state"])
    history.record(
        "warranty.cause_confirmed" if confirm else "warranty.cause_declined",
        finding.equipment,
        by=by,
        at=at,
        about=[finding.equipment.customer, finding.source],
        why=why,
        data={"cause": finding.cause},
    )
    return finding
