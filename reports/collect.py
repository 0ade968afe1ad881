"""Everything a month's report holds, counted now: figures with their neighbours, and all tables."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from reports.figures import catalogue, customers, intake, promises, quality
from reports.figures.values import Value
from reports.models import FrozenFigure, Report
from reports.months import Month
from reports.tables import breakdowns, calls, follow_ups, initial_service, keeping, repairs

MONTHS = 13

TABLES: dict[str, Callable[[Month], list[dict[str, Any]]]] = {
    "repairs": repairs.register,
    "initial_service": initial_service.register,
    "calls": calls.records,
    "follow_ups": follow_ups.records,
    "repeat_faults": repairs.repeat_faults,
    "breaches": keeping.breaches,
    "keeping_by_region": keeping.by_region,
    "by_grade": lambda month: breakdowns.by_field(month, "grade"),
    "by_region": lambda month: breakdowns.by_field(month, "region__code"),
    "by_path": lambda month: breakdowns.by_field(month, "path"),
    "by_fault": lambda month: breakdowns.by_field(month, "fault_type__code"),
    "by_model": lambda month: breakdowns.by_field(month, "equipment__model__code"),
    "by_machine": breakdowns.by_machine,
    "by_word": breakdowns.by_word,
    "by_day": breakdowns.by_day,
}


def figures(month: Month) -> dict[str, Value]:
    """All figures of one month as they are now."""
    found: dict[str, Value] = {}
    for part in (intake, promises, quality, customers):
        found.update(part.compute(month))
    return {code: found[code] for code in catalogue.FIGURES}


def known_figures(month: Month) -> dict[str, Value]:
    """Figures of a month: the frozen ones of its newest issued report, else counted now."""
    report = Report.objects.filter(month=month.first, state="ready", is_preliminary=False).order_by("-issue").first()
    frozen = (
        {row.code: Value(row.value, row.part, row.whole) for row in FrozenFigure.objects.filter(report=report)}
        if report
        else {}
    )
    if frozen.keys() >= catalogue.FIGURES.keys():
        return frozen
    return {**figures(month), **frozen}


def frozen_figures(report: Report) -> list[FrozenFigure]:
    """Unsaved rows of a report: this month counted now, the twelve before it as they are known."""
    month = Month.of(report.month)
    now = figures(month)
    past = [known_figures(month.plus(-n)) for n in range(1, MONTHS)]
    return [
        FrozenFigure(
            report=report,
            code=code,
            value=value.value,
            part=value.part,
            whole=value.whole,
            previous=past[0][code].value,
            year_before=past[MONTHS - 2][code].value,
            series=[_plain(known[code].value) for known in reversed(past)] + [_plain(value.value)],
        )
        for code, value in now.items()
    ]


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def checksum(rows: list[FrozenFigure], tables: dict[str, Any]) -> str:
    """SHA-256 over all frozen values; printed on the last page."""
    values = [[r.code, str(r.value), str(r.part), str(r.whole), str(r.previous), str(r.year_before)] for r in rows]
    text = json.dumps([values, tables], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
