"""The month's figures, and its report beside the pure layout of the same pages; measured in this process."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone, translation
from weasyprint import HTML

from core import pdf
from reports import collect, documents
from reports.models import FrozenTable, Report
from reports.months import Month


def last_month() -> Month:
    """The month before this one."""
    return Month.of(timezone.localdate()).plus(-1)


def figures() -> None:
    """Count all figures of last month."""
    collect.figures(last_month())


def paper_and_layout() -> tuple[float, float]:
    """Seconds of the report from frozen rows to PDF, and of WeasyPrint alone on the HTML that it was given."""
    with transaction.atomic():
        report = _frozen(timezone.now())
        documents_seen: list[dict[str, Any]] = []
        with patch.object(pdf, "HTML", side_effect=_listener(documents_seen)):
            whole = _seconds(lambda: _print(report))
        layout = _seconds(lambda: _lay_out(documents_seen[-1]))
        transaction.set_rollback(True)
    return whole, layout


def _frozen(at: datetime) -> Report:
    month = last_month()
    report = Report.objects.create(
        number=f"bench-{at:%H%M%S}", month=month.first, issue=9999, asked_at=at, issued_at=at, frozen_at=at
    )
    rows = collect.frozen_figures(report)
    type(rows[0]).objects.bulk_create(rows)
    tables = {code: build(month) for code, build in collect.TABLES.items()}
    FrozenTable.objects.bulk_create([FrozenTable(report=report, code=code, rows=t) for code, t in tables.items()])
    return report


def _print(report: Report) -> None:
    with translation.override("zh-hans"):
        context = documents.context(report, timezone.now())
    pdf.render(documents.TEMPLATE, context, "zh-hans")


def _listener(seen: list[dict[str, Any]]) -> Callable[..., HTML]:
    def listen(**given: Any) -> HTML:
        seen.append(given)
        return HTML(**given)

    return listen


def _lay_out(given: dict[str, Any]) -> None:
    fonts, faces = pdf._type()
    HTML(**given).write_pdf(
        stylesheets=[faces],
        font_config=fonts,
        optimize_images=True,
        jpeg_quality=pdf.JPEG_QUALITY,
        dpi=pdf.PRINT_DPI,
        pdf_identifier=False,
    )


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
