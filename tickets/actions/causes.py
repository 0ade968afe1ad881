"""The cause of a repair that takes the cover away: found with evidence, signed or declined by another (WAR-04)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import Refused
from notices.actions import tell
from staff.models import User
from staff.roles import Role
from tickets.actions import gate
from tickets.models import Ticket
from warranty import actions as warranty
from warranty.models import Finding


@transaction.atomic
def find_cause(ticket: Ticket, *, cause: str, evidence: str, by: Any, at: datetime | None = None) -> Finding:
    """Note the cause with what proves it and ask for the second signature; the frozen verdict stands until then."""
    ticket = gate.lock_ticket(ticket)
    if ticket.equipment is None:
        raise Refused({"ticket": _("The ticket names no machine, so no warranty either.")})
    at = gate.moment(at, not_before=ticket.reported_at)
    found = warranty.find_cause(ticket.equipment, source=ticket, cause=cause, evidence=evidence, by=by, at=at)
    for person in _signers(ticket):
        if person.pk != found.found_by_id:
            _tell("approval.asked", ticket, found, to=person, at=at, why=evidence)
    return found


@transaction.atomic
def sign_cause(
    ticket: Ticket, finding: Finding, *, confirm: bool, by: Any, at: datetime | None = None, why: str = ""
) -> Finding:
    """The second signature on a cause, or its refusal with a reason; whoever found it is told."""
    if not confirm:
        gate.require(why=why)
    at = gate.moment(at, not_before=finding.found_at)
    signed = warranty.sign_cause(finding, confirm=confirm, by=by, at=at, why=why)
    _tell("approval.decided", ticket, signed, to=signed.found_by, at=at, why=why)
    return signed


def _signers(ticket: Ticket) -> Any:
    """The region's supervisors, and the service head."""
    mine = Q(roles__contains=[Role.SUPERVISOR], region=ticket.region) | Q(roles__contains=[Role.HEAD])
    return User.objects.filter(mine, is_active=True)


def _tell(kind: str, ticket: Ticket, finding: Finding, *, to: User, at: datetime, why: str) -> None:
    with override(to.language):
        title = f"{finding.get_cause_display()} · {finding.status.label} · {ticket.symptom[:60]}"
    context = {
        "number": ticket.number,
        "title": title,
        "customer": str(ticket.customer),
        "why": why,
        "url": f"/tickets/{ticket.number}/",
    }
    tell(kind, to=to, about=ticket, context=context, at=at, dedupe=f"cause:{finding.cause}:{finding.state}:{at}")
