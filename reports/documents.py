"""The monthly report as PDF and XLSX, both printed from the frozen rows."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import charts, pdf
from core.models import Paper
from core.refs import ref
from reports import highlights, labels, present, workbook
from reports.figures.catalogue import FIGURES
from reports.figures.values import wilson
from reports.models import Report
from reports.months import Month

KIND = "monthly-report"
TEMPLATE = "reports/papers/monthly.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_ON_PAPER = {
    "repairs": 46,
    "initial_service": 23,
    "calls": 20,
    "follow_ups": 20,
    "breaches": 20,
    "repeat_faults": 20,
}
CHART_ROWS = 6


def issue_all(report: Report, *, at: datetime) -> list[Paper]:
    """PDF and XLSX in both languages, each made once and stored with its checksum."""
    papers = []
    for language in pdf.LANGUAGES:
        papers.append(
            pdf.issue(
                KIND,
                report.number,
                1,
                subject=report,
                template=TEMPLATE,
                context=lambda: context(report, at),
                language=language,
                by=report.asked_by,
                at=at,
            )
        )
        papers.append(_issue_workbook(report, language, at))
    return papers


def _issue_workbook(report: Report, language: str, at: datetime) -> Paper:
    with translation.override(language):
        content = workbook.write(report)
    paper = Paper(
        kind=KIND,
        number=report.number,
        language=language,
        subject=ref(report),
        content_type=XLSX,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_by=report.asked_by,
        issued_at=at,
    )
    paper.file.save(f"{report.number}-{language}.xlsx", ContentFile(content), save=False)
    paper.save(force_insert=True)
    return paper


def context(report: Report, at: datetime) -> dict[str, Any]:
    """What the template prints, in the active language; reads frozen rows only."""
    figures = {row.code: row for row in report.figures.all()}
    tables = {table.code: table.rows for table in report.tables.all()}
    words = labels.all_labels()
    month = Month.of(report.month)
    sections = present.in_sections(list(figures.values()))
    return {
        "report": report,
        "issued_at": at,
        "month": month,
        "before": month.plus(-1),
        "year_before": month.plus(-12),
        "month_name": month_name(month),
        "before_name": month_name(month.plus(-1), short=True),
        "year_before_name": month_name(month.plus(-12), short=True),
        "points": highlights.choose(figures, tables, words["region"]),
        "sections": sections,
        "tables": {code: tables.get(code, [])[:limit] for code, limit in ROWS_ON_PAPER.items()},
        "totals": {code: len(rows) for code, rows in tables.items()},
        "sums": _sums(tables),
        "words": words,
        "charts": _charts(figures, tables, words, month),
        "keeping": _keeping(tables.get("keeping_by_region", []), words),
        "machines": tables.get("by_machine", [])[:CHART_ROWS],
        "definitions": [shown.figure for _name, rows in sections for shown in rows],
    }


def month_name(month: Month, short: bool = False) -> str:
    """The month in words, or as 2026-10 for table heads."""
    return date_format(month.first, "YEAR_MONTH_FORMAT" if not short else "Y-m")


def _sums(tables: Mapping[str, Any]) -> dict[str, Any]:
    rows = tables.get("repairs", [])
    by_path = {path: sum(1 for row in rows if row["path"] == path) for path in ("onsite", "phone", "remote", "factory")}
    return {
        "charge": sum(float(row["charge"]) for row in rows),
        "cost": sum(float(row["cost"] or 0) for row in rows),
        "imported": sum(1 for row in rows if row["imported"]),
        **by_path,
    }


def _keeping(rows: list[dict[str, Any]], words: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        if row["whole"]:
            low, high = wilson(row["kept"], row["whole"])
            name = words["region"].get(row["key"], row["key"])
            share = row["kept"] / row["whole"]
            found.append({"name": name, **row, "share": share, "low": low, "high": high})
    return found


def _charts(
    figures: Mapping[str, Any], tables: Mapping[str, Any], words: Mapping[str, Any], month: Month
) -> dict[str, Any]:
    days = [{"day": row["day"][8:].lstrip("0"), "n": row["count"]} for row in tables.get("by_day", [])]
    names = [str(month.plus(n - 12)) for n in range(13)]
    series = figures["tickets"].series if "tickets" in figures else []
    trend = [{"month": name[2:], "n": value or 0} for name, value in zip(names, series, strict=False)]
    keeping = _keeping(tables.get("keeping_by_region", []), words)
    return {
        "days": charts.columns(days, "day", "n", width=510, height=90) if any(d["n"] for d in days) else "",
        "trend": charts.line(trend, "month", "n", width=510, height=90) if trend else "",
        "faults": _bars(tables.get("by_fault", []), words["fault"]),
        "words": _bars(tables.get("by_word", []), {}),
        "models": _bars(tables.get("by_model", []), {}),
        "grades": _bars(tables.get("by_grade", []), words["grade"]),
        "keeping": charts.shares(keeping, "name") if keeping else "",
    }


def page_charts(report: Report, tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The charts of the report's page with their titles."""
    figures = {row.code: row for row in report.figures.all()}
    drawn = _charts(figures, tables, labels.all_labels(), Month.of(report.month))
    titles = {
        "days": _("Repair tickets by day"),
        "trend": _("Repair tickets, thirteen months"),
        "keeping": _("Arrived in time, by region"),
        "faults": _("By fault (thin bar: month before)"),
        "models": _("By model (thin bar: month before)"),
        "words": _("Frequent words of the descriptions"),
    }
    return [{"title": title, "svg": drawn[code]} for code, title in titles.items() if drawn[code]]


def _bars(rows: list[dict[str, Any]], words: Mapping[Any, Any]) -> Any:
    named = [
        {"name": str(words.get(row["key"], row["key"]) or "—"), "n": row["count"], "before": row["previous"]}
        for row in rows[:CHART_ROWS]
        if row["count"] or row["previous"]
    ]
    return charts.bars(named, "name", "n", beside="before") if len(named) > 1 else ""


def definition_rows() -> list[tuple[str, str, str]]:
    """Name, how it is counted, what is left out: of all figures."""
    return [(str(f.name), str(f.how), str(f.without)) for f in FIGURES.values()]
