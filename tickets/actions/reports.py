"""The report of a visit: diagnosis, work, parts, signature; frozen in versions with a checksum (DSP-07, DSP-14)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, uploads
from core.errors import Forbidden, NotAllowed, Refused
from core.models import StoredFile
from customers.actions import record_meter
from customers.models import MeterReading
from tickets import documents, permissions, timers
from tickets.actions import gate
from tickets.actions.visits import current, leave_approved, request_leave
from tickets.models import DispatchOrder, PartUse, ServiceReport, Visit
from tickets.states import ORDER, TICKET

CHARGES = ("labour_charge", "parts_charge", "travel_charge")
TEXTS = ("diagnosis", "cause_note", "work_done", "hazards")
UNSOLVED = (Visit.Outcome.WAITS_FOR_PARTS, Visit.Outcome.NOT_POSSIBLE)
FURTHER = (Visit.Outcome.PROVISIONAL, Visit.Outcome.WAITS_FOR_PARTS)
LONGEST_NAME = 60
PNG_BEGINS = "iVBOR"  # of every PNG in base64


@transaction.atomic
def report(
    order: DispatchOrder,
    *,
    by: Any,
    at: datetime | None = None,
    outcome: str,
    diagnosis: str = "",
    cause: str = "",
    cause_note: str = "",
    work_done: str = "",
    parts: Iterable[Mapping[str, Any] | str] = (),
    hazards: str = "",
    hours: Decimal | float | str | None = None,
    running_hours: Decimal | float | str | None = None,
    sure: bool = True,
    signature: Any = None,
    signed_by_name: str = "",
    labour_charge: Any = None,
    parts_charge: Any = None,
    travel_charge: Any = None,
) -> DispatchOrder:
    """Report the visit. Fixed: the ticket is solved, and confirmed where the customer signed and the engineer is sure.

    Provisional or waiting for parts: the order stays open for a further visit (DSP-13). Not possible: the ticket
    goes back to the desk. Gone unsolved without leave, the leave is asked for afterwards, visibly (DSP-06).
    """
    gate.one_of("outcome", outcome, Visit.Outcome.values)
    order = gate.lock_order(order)
    gate.step(order, "report_unfinished" if outcome in FURTHER else "report", by)
    visit = current(order)
    assert visit is not None
    at = gate.moment(at, not_before=visit.left_at or visit.arrived_at)
    gate.require(diagnosis=diagnosis, **({} if outcome in UNSOLVED else {"work_done": work_done}))
    cause, cause_note = _cause(cause, cause_note)
    rows = part_rows(parts)
    visit.outcome, visit.sure, visit.cause = outcome, sure, cause
    visit.diagnosis, visit.cause_note, visit.work_done, visit.hazards = diagnosis, cause_note, work_done, hazards
    visit.hours = _number("hours", hours)
    _charge(visit, rows, labour_charge, parts_charge, travel_charge)
    visit.reported_at, visit.report_entered_at = at, timezone.now()
    _meter(order, visit, running_hours, by, at)
    visit.left_unsolved = outcome in UNSOLVED
    visit.save()
    PartUse.objects.bulk_create([PartUse(visit=visit, **row) for row in rows])
    order.reported_at = at
    gate.keep(order, "state", "reported_at")
    frozen = _freeze(order, visit, signature, signed_by_name, by=by, at=at)
    data = {
        "visit": visit.sequence,
        "outcome": outcome,
        "sure": sure,
        "work_done": work_done,
        "version": frozen.version,
    }
    _tell(order, "order.reported", by=by, at=at, data=data)
    if visit.left_unsolved and not leave_approved(order, visit):
        request_leave(order, diagnosis, by=by, at=at)
    _move_ticket(order, visit, confirmed=sure and frozen.signature_id is not None, by=by, at=at)
    return order


def _move_ticket(order: DispatchOrder, visit: Visit, *, confirmed: bool, by: Any, at: datetime) -> None:
    """What the outcome means for the ticket, unless another engineer is still at it."""
    ticket = order.ticket
    others = ticket.orders.open().exclude(pk=order.pk).exists()
    about = timers.references(ticket, order)
    if visit.outcome == Visit.Outcome.WAITS_FOR_PARTS and not others:
        TICKET.move(ticket, "wait", by)
        ticket.waiting_for = "parts"
        gate.keep(ticket, "state", "waiting_for")
        data = {"waiting_for": "parts"}
        history.record("ticket.waiting", ticket, by=by, at=at, about=about, why=visit.diagnosis, data=data)
        timers.pause(ticket, at=at, reason="parts", why=visit.diagnosis, by=by)
    elif visit.outcome == Visit.Outcome.PROVISIONAL and not others:
        TICKET.move(ticket, "further_visit", by)
        gate.keep(ticket, "state")
    elif visit.outcome == Visit.Outcome.NOT_POSSIBLE and not others:
        TICKET.move(ticket, "give_back", by)
        gate.keep(ticket, "state")
        history.record("ticket.handed_back", ticket, by=by, at=at, about=about, why=visit.diagnosis)
    elif visit.outcome == Visit.Outcome.FIXED and not others:
        TICKET.move(ticket, "fix", by)
        ticket.solved_at = visit.left_at or at
        ticket.confirmed_at = at if confirmed else None
        ticket.waiting_for = ""
        gate.keep(ticket, "state", "solved_at", "confirmed_at", "waiting_for")
        facts = {"order": f"dispatchorder:{order.pk}", "sure": visit.sure, "confirmed": confirmed}
        history.record("ticket.solved", ticket, by=by, at=ticket.solved_at, about=about, data=facts)
        timers.follow(ticket, "ticket.solved", at=ticket.solved_at, by=by)


@transaction.atomic
def correct_report(
    order: DispatchOrder,
    why: str,
    *,
    by: Any,
    at: datetime | None = None,
    sequence: int | None = None,
    signature: Any = None,
    signed_by_name: str = "",
    parts: Iterable[Mapping[str, Any] | str] | None = None,
    **changes: Any,
) -> ServiceReport:
    """Correct a report: a new version, signed anew or not; the signed one stays as it was (DSP-14)."""
    order = gate.lock_order(order)
    if not permissions.can_correct(by, order):
        raise Forbidden(_("This order is somebody else's."))
    gate.require(why=why)
    reported = order.visits.filter(reported_at__isnull=False).order_by("-sequence")
    visit = (reported.filter(sequence=sequence) if sequence else reported).first()
    if visit is None:
        raise NotAllowed(_("There is no report to correct yet."), allowed=ORDER.possible(order.state, by))
    at = gate.moment(at, not_before=visit.reported_at)
    _apply(visit, changes)
    if parts is not None:
        rows = part_rows(parts)
        visit.parts.all().delete()
        PartUse.objects.bulk_create([PartUse(visit=visit, **row) for row in rows])
    visit.save()
    frozen = _freeze(order, visit, signature, signed_by_name, by=by, at=at, why=why)
    data = {"visit": visit.sequence, "version": frozen.version, "sha256": frozen.content_sha256}
    _tell(order, "order.report_corrected", by=by, at=at, data=data, why=why)
    return frozen


def _apply(visit: Visit, changes: Mapping[str, Any]) -> None:
    unknown = changes.keys() - {*TEXTS, *CHARGES, "cause", "hours", "sure"}
    if unknown:
        raise Refused(dict.fromkeys(sorted(unknown), _("This cannot be corrected.")))
    for name, value in changes.items():
        if name == "cause":
            visit.cause, visit.cause_note = _cause(value, str(changes.get("cause_note", visit.cause_note)))
        elif name in (*CHARGES, "hours"):
            setattr(visit, name, _number(name, value))
        else:
            setattr(visit, name, value)


def _freeze(
    order: DispatchOrder, visit: Visit, signature: Any, name: str, *, by: Any, at: datetime, why: str = ""
) -> ServiceReport:
    """The next version of the report with all its content and the checksum of it."""
    visit.order = order
    file, signer = _signature(signature, name, by=by, at=at)
    signed_at = at if file is not None else None
    content = documents.report_content(
        visit, at=at, signature=file, signed_by_name=signer, signed_at=signed_at, why=why
    )
    return ServiceReport.objects.create(
        visit=visit,
        version=visit.reports.count() + 1,
        content=content,
        content_sha256=documents.digest(content),
        signature=file,
        signed_by_name=signer,
        signed_at=signed_at,
        engineer_signed_at=at,
        corrected_why=why,
        by=by,
        created_at=timezone.now(),
    )


def _signature(given: Any, name: str, *, by: Any, at: datetime) -> tuple[StoredFile | None, str]:
    """The customer's signature: a stored file, a PNG data URL, or {png, name}; and whose it is.

    A name that was typed instead of drawn is kept as the name and confirms nothing.
    """
    if isinstance(given, Mapping):
        name = str(given.get("name") or name)
        given = given.get("png")
    if not given:
        return None, name[:LONGEST_NAME]
    if isinstance(given, StoredFile):
        return given, name[:LONGEST_NAME]
    text = str(given).strip()
    if len(text) <= LONGEST_NAME and not text.startswith(("data:", PNG_BEGINS)):
        return None, text
    url = text if text.startswith("data:") else f"data:image/png;base64,{text}"
    return uploads.store_drawing(url, by=by, at=at, field="signature"), name[:LONGEST_NAME]


def _cause(cause: str, note: str) -> tuple[str, str]:
    """A known code, or words, which then are the note."""
    cause = (cause or "").strip()
    if cause in Visit.Cause.values:
        return cause, note
    return "", "\n".join(text for text in (cause, note) if text)


def part_rows(parts: Iterable[Mapping[str, Any] | str]) -> list[dict[str, Any]]:
    """Parts as rows; Refused on `parts` for one without name or with an impossible quantity."""
    rows = []
    for number, part in enumerate(parts, start=1):
        given = {"name": part} if isinstance(part, str) else dict(part)
        name = str(given.get("name") or given.get("model") or "").strip()
        quantity = _number("parts", given.get("quantity", 1))
        if not name or quantity is None or quantity <= 0:
            raise Refused({"parts": _("Part %(number)s needs a name and a quantity.") % {"number": number}})
        rows.append(
            {
                "name": name[:80],
                "model": str(given.get("model") or "")[:80],
                "quantity": quantity,
                "unit_price": _number("parts", given.get("unit_price") or 0),
                "serial_in": str(given.get("serial_in") or "")[:40],
                "serial_out": str(given.get("serial_out") or "")[:40],
            }
        )
    return rows


def _charge(visit: Visit, rows: list[dict[str, Any]], labour: Any, parts: Any, travel: Any) -> None:
    """Charges as given; parts without a sum cost what stands on them."""
    visit.labour_charge = _number("labour_charge", labour) or Decimal(0)
    visit.travel_charge = _number("travel_charge", travel) or Decimal(0)
    sum_of_parts = sum((row["quantity"] * row["unit_price"] for row in rows), Decimal(0))
    asked = _number("parts_charge", parts)
    visit.parts_charge = sum_of_parts.quantize(Decimal("0.01")) if asked is None else asked


def _number(name: str, value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise Refused({name: _("“%(value)s” is not a number.") % {"value": value}}) from error
    if not number.is_finite() or number < 0 or number >= 10**6:
        raise Refused({name: _("“%(value)s” cannot be right.") % {"value": value}})
    return number.quantize(Decimal("0.01"))


def _meter(order: DispatchOrder, visit: Visit, hours: Any, by: Any, at: datetime) -> None:
    machine = order.ticket.equipment
    if hours in (None, "") or machine is None:
        return
    reading = record_meter(machine, by=by, at=visit.arrived_at or at, hours=hours, source=MeterReading.Source.VISIT)
    visit.running_hours = reading.hours


def _tell(order: DispatchOrder, kind: str, *, by: Any, at: datetime, data: dict[str, Any], why: str = "") -> None:
    about = timers.references(order.ticket, order)
    history.record(kind, order, by=by, at=at, about=about, why=why, data=data)
    timers.follow(order.ticket, kind, at=at, by=by, order=order)
