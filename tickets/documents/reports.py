"""The service report [维修服务单] (DSP-14): printed from what was frozen when it was signed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime

from core import approvals, pdf
from core.models import Paper, StoredFile
from core.templatetags.ui_time import span_words
from tickets.documents import parts
from tickets.models import DispatchOrder, ServiceReport, Visit
from warranty.decision import Verdict

KIND = "service-report"
TEMPLATE = "tickets/papers/service_report.html"
CHARGES = ("labour_charge", "parts_charge", "travel_charge")


def report_number(visit: Visit) -> str:
    """PG20261119-0003-1: the order and which of its visits."""
    return f"{visit.order.number}-{visit.sequence}"


def report_content(
    visit: Visit,
    *,
    at: datetime,
    signature: StoredFile | None = None,
    signed_by_name: str = "",
    signed_at: datetime | None = None,
    why: str = "",
) -> dict[str, Any]:
    """Everything the paper prints, in no language, to be frozen in `ServiceReport.content`."""
    order, ticket = visit.order, visit.order.ticket
    return {
        "number": report_number(visit),
        "order": order.number,
        "ticket": ticket.number,
        **parts.customer_part(ticket),
        **parts.machine_part(ticket),
        "fault_type": parts.both(ticket.fault_type),
        "grade": ticket.grade,
        "symptom": ticket.symptom,
        "verdict": ticket.verdict,
        "engineer": parts.engineer_part(order.engineer),
        "times": _times(visit),
        "running_hours": parts.plain(visit.running_hours),
        "outcome": visit.outcome,
        "sure": visit.sure,
        "diagnosis": visit.diagnosis,
        "cause": visit.cause,
        "cause_note": visit.cause_note,
        "work_done": visit.work_done,
        "hazards": visit.hazards,
        "hours": parts.plain(visit.hours),
        "parts": [_part(row) for row in visit.parts.order_by("id")],
        "charges": {name: parts.plain(getattr(visit, name)) for name in CHARGES},
        "left_unsolved": _left_unsolved(visit),
        "photos": [_photo(row) for row in visit.photos.select_related("file").order_by("id")],
        "signature": _signature(signature, signed_by_name, signed_at),
        "reported_at": parts.plain(at),
        "corrected_why": why,
    }


def find_report(order: DispatchOrder, visit: str = "", version: str = "") -> ServiceReport | None:
    """The newest version of the report of the newest reported visit, or of the visit and version named."""
    rows = ServiceReport.objects.filter(visit__order=order).select_related("visit__order", "signature", "by")
    if visit:
        rows = rows.filter(visit__sequence=visit if visit.isdigit() else 0)
    if version:
        rows = rows.filter(version=version if version.isdigit() else 0)
    return rows.order_by("visit__sequence", "version").last()


def report_paper(report: ServiceReport, language: str) -> Paper:
    """The issued paper of a version of the report; rendered the first time it is asked for."""
    paper = pdf.issue(
        KIND,
        report.content["number"],
        report.version,
        subject=report,
        template=TEMPLATE,
        context=lambda: report_context(report),
        language=language,
        by=report.by,
        at=report.created_at,
    )
    report.papers.add(paper)
    return paper


def report_context(report: ServiceReport) -> dict[str, Any]:
    """What the template prints, in the active language."""
    content = report.content
    charges = [Decimal(value or 0) for value in content["charges"].values()]
    ids = [photo["file"] for photo in content["photos"]] + [report.signature_id]
    files = StoredFile.objects.in_bulk([pk for pk in ids if pk])
    return {
        "paper": content,
        "report": report,
        "verdict": Verdict.from_json(content["verdict"]) if content["verdict"] else None,
        "causes": [(code, label, code == content["cause"]) for code, label in Visit.Cause.choices],
        "outcomes": [(code, label, code == content["outcome"]) for code, label in Visit.Outcome.choices],
        "part_rows": [{**row, "sum": _sum(row)} for row in content["parts"]],
        "total": sum(charges),
        "on_site": _span(content["times"]["arrived_at"], content["times"]["left_at"]),
        "photos": [{**row, "url": pdf.upload_url(files.get(row["file"]), small=True)} for row in content["photos"]],
        "signature_url": pdf.upload_url(files.get(report.signature_id)),
        "qr": pdf.qr(parts.order_address(report.visit.order)),
    }


def _times(visit: Visit) -> dict[str, str | None]:
    order = visit.order
    moments = {
        "reported_at": order.ticket.reported_at,
        "issued_at": order.issued_at,
        "contacted_at": order.contacted_at,
        "departed_at": visit.departed_at,
        "arrived_at": visit.arrived_at,
        "left_at": visit.left_at,
    }
    return {name: parts.plain(moment) for name, moment in moments.items()}


def _part(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "model": row.model,
        "quantity": parts.plain(Decimal(row.quantity)),
        "unit_price": parts.plain(Decimal(row.unit_price)),
        "serial_in": row.serial_in,
        "serial_out": row.serial_out,
    }


def _sum(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row["quantity"]) * Decimal(row["unit_price"])


def _photo(row: Any) -> dict[str, Any]:
    return {
        "file": row.file_id,
        "sha256": row.file.sha256,
        "caption": row.caption,
        "taken_at": parts.plain(row.file.taken_at),
    }


def _signature(file: StoredFile | None, name: str, at: datetime | None) -> dict[str, Any] | None:
    if file is None:
        return None
    return {"sha256": file.sha256, "name": name, "at": parts.plain(at)}


def _left_unsolved(visit: Visit) -> dict[str, Any] | None:
    """Who allowed leaving with the fault unsolved, and whether the customer agreed (DSP-06)."""
    if not visit.left_unsolved:
        return None
    steps = [row for row in approvals.of(visit.order) if row.step == "order.leave_unsolved"]
    newest = steps[-1] if steps else None
    return {"customer_agreed": visit.customer_agreed, "superior": parts.signature_part(newest)}


def _span(start: str | None, end: str | None) -> str:
    began, ended = parse_datetime(start or ""), parse_datetime(end or "")
    return span_words(ended - began, brief=False) if began and ended else ""
