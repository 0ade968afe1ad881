"""Causes that take the cover away: proposed by a report, judged by only once a second person signed (WAR-04)."""

from collections.abc import Iterable
from typing import Any

from core.models import Entry
from core.refs import ref
from tickets import verdicts
from tickets.actions import causes as actions
from tickets.models import Ticket, Visit
from warranty.models import Finding
from warranty.states import FINDING

KINDS = frozenset({"order.reported", "order.report_corrected"})
SUBJECT = "ticket:"
RELATED = ("equipment__model", "equipment__customer", "found_by")


def read(entry: Entry) -> None:
    """A report names a cause: where it would take the cover away, it waits for a second signature."""
    rows = Visit.objects.filter(order=int(entry.subject.partition(":")[2]), sequence=entry.data.get("visit"))
    parts = ("order__ticket__equipment__model", "order__ticket__equipment__contract", "order__ticket__fault_type")
    visit = rows.select_related(*parts, "order__ticket__equipment__customer", "order__engineer__user").first()
    if visit is None or not visit.cause or entry.by is None:
        return
    ticket = visit.order.ticket
    known = of(ticket)
    settled = known is not None and (known.state == "confirmed" or known.cause == visit.cause)
    if settled or ticket.equipment is None or not verdicts.with_cause(ticket, visit.cause).excluded:
        return
    evidence = "\n".join(text for text in (visit.diagnosis, visit.cause_note) if text)
    actions.find_cause(ticket, cause=visit.cause, evidence=evidence, by=visit.order.engineer.user, at=entry.at)


def of(ticket: Ticket) -> Finding | None:
    """The finding of a ticket, if there is one."""
    return Finding.objects.filter(source=ref(ticket)).select_related("found_by").first()


def waiting(user: Any) -> Any:
    """Findings that the person may sign: not his own, of machines that he may see, the oldest first."""
    if not FINDING.permitted("confirm", user):
        return Finding.objects.none()
    rows = Finding.objects.visible_to(user).filter(state="proposed", source__startswith=SUBJECT)
    return rows.exclude(found_by=user).select_related(*RELATED).order_by("found_at", "id")


def tickets_of(findings: Iterable[Finding]) -> dict[str, Ticket]:
    """The tickets of findings by reference, in one query."""
    keys = [int(row.source.removeprefix(SUBJECT)) for row in findings if row.source.startswith(SUBJECT)]
    return {ref(ticket): ticket for ticket in Ticket.objects.filter(pk__in=keys).select_related("fault_type")}
