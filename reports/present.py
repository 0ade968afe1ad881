"""Figures in words: values with units, changes against another month, one format in pages, PDF and sheets."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.figures.catalogue import FIGURES, SECTIONS, Figure
from reports.models import FrozenFigure

FEW = 30
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Shown:
    """One figure as a reader sees it."""

    figure: Figure
    value: str
    of: str
    previous: str
    year_before: str
    change: str
    tone: str
    series: list[float | None]
    few: bool


def in_sections(rows: list[FrozenFigure]) -> list[tuple[Any, list[Shown]]]:
    """Figures by section in catalogue order; a figure nothing was ever counted for is left out."""
    by_code = {row.code: row for row in rows}
    found = []
    for section, name in SECTIONS.items():
        shown = [
            show(by_code[code])
            for code, figure in FIGURES.items()
            if figure.section == section and code in by_code and _is_known(by_code[code])
        ]
        if shown:
            found.append((name, shown))
    return found


def _is_known(row: FrozenFigure) -> bool:
    return bool(row.value) or bool(row.whole) or any(row.series)


def show(row: FrozenFigure) -> Shown:
    """One frozen figure in words."""
    figure = FIGURES[row.code]
    return Shown(
        figure=figure,
        value=value_text(figure.unit, row.value) + _of_which(row),
        of=_of(figure, row),
        previous=value_text(figure.unit, row.previous),
        year_before=value_text(figure.unit, row.year_before),
        change=change_text(figure.unit, row.value, row.previous),
        tone=_tone(figure, row.value, row.previous),
        series=row.series,
        few=row.whole is not None and row.whole < FEW,
    )


def _of_which(row: FrozenFigure) -> str:
    return _("(%(part)s valid)") % {"part": f"{row.part:.0f}"} if row.whole is None and row.part is not None else ""


def _of(figure: Figure, row: FrozenFigure) -> str:
    if row.whole is None:
        return ""
    whole = f"{row.whole:,.0f} {figure.whole}".strip()
    return f"{row.part:,.0f} / {whole}" if row.part is not None else whole


def value_text(unit: str, value: Decimal | None) -> str:
    """A value with its unit; a dash where there is none."""
    if value is None:
        return "—"
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "hours":
        return hours_text(value)
    if unit == "money":
        return money_text(value)
    return f"{value:,.0f}"


def hours_text(hours: Decimal) -> str:
    """Hours, with days from two days on; minutes below ten hours."""
    minutes = round(hours * 60)
    if minutes < 600:
        return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    whole = round(hours)
    return ngettext("%(n)s hour", "%(n)s hours", whole) % {"n": whole}


def money_text(value: Decimal) -> str:
    """Yuan with separators and cents."""
    return _("¥%(amount)s") % {"amount": f"{value:,.2f}"}


def change_text(unit: str, value: Decimal | None, before: Decimal | None) -> str:
    """The change: points for shares, per cent for counts of thirty and more, else the difference."""
    if value is None or before is None:
        return "—"
    if unit == "share":
        points = (value - before) * 100
        mark = "▲" if points > 0 else "▼" if points < 0 else ""
        return _("%(mark)s %(points)s pts") % {"mark": mark, "points": f"{abs(points):.1f}"}
    if unit == "money" or before >= FEW:
        return f"{(value - before) / before * 100:+.1f}%".replace("-", "−") if before else "—"
    difference = value - before
    return f"{difference:+,.1f}".replace("-", "−").removesuffix(".0")


def _tone(figure: Figure, value: Decimal | None, before: Decimal | None) -> str:
    if not figure.better or value is None or before is None or value == before:
        return ""
    return "kept" if (value > before) == (figure.better == "up") else "late"
