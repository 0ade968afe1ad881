"""The few sentences on the cover: what a reader must know of the month, chosen from the frozen figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reports import present
from reports.figures.catalogue import FIGURES
from reports.models import FrozenFigure

MOST = 4
TARGET = Decimal("0.9")

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Point:
    """A number and the sentence beside it."""

    value: str
    text: str


def choose(figures: Mapping[str, FrozenFigure], tables: Tables, labels: Mapping[str, Any]) -> list[Point]:
    """At most four points: promise keeping, volume, repeats or frequent faults, money."""
    candidates = [
        _arrival(figures, tables, labels),
        _volume(figures),
        _repeats(figures, tables),
        _first_fix(figures),
        _frequent(tables),
        _machine(tables),
        _cost(figures),
    ]
    return [point for point in candidates if point is not None][:MOST]


def _arrival(figures: Mapping[str, FrozenFigure], tables: Tables, labels: Mapping[str, Any]) -> Point | None:
    row = figures.get("arrive_in_time")
    if row is None or row.value is None:
        return None
    text = _("arrived in time: %(part)s of %(whole)s deadlines, %(change)s against the month before.") % {
        "part": f"{row.part:.0f}",
        "whole": f"{row.whole:.0f}",
        "change": present.change_text("share", row.value, row.previous),
    }
    low = [r for r in tables.get("keeping_by_region", []) if r["whole"] and r["kept"] / r["whole"] < TARGET]
    if low:
        worst = min(low, key=lambda r: r["kept"] / r["whole"])
        text += " " + _("Lowest: %(region)s, %(late)s of %(whole)s late.") % {
            "region": labels.get(worst["key"], worst["key"]),
            "late": worst["whole"] - worst["kept"],
            "whole": worst["whole"],
        }
    return Point(present.value_text("share", row.value), text)


def _volume(figures: Mapping[str, FrozenFigure]) -> Point | None:
    row = figures.get("tickets")
    if row is None or not row.value:
        return None
    text = _("repair tickets; %(previous)s in the month before, %(year)s in the same month of the year before.") % {
        "previous": present.value_text("count", row.previous),
        "year": present.value_text("count", row.year_before),
    }
    return Point(present.value_text("count", row.value), text)


def _repeats(figures: Mapping[str, FrozenFigure], tables: Tables) -> Point | None:
    rows = tables.get("repeat_faults", [])
    if not rows:
        return None
    first = rows[0]
    text = _("second repairs of the same fault within a year, among them %(serial)s: %(fault)s.") % {
        "serial": first["serial"],
        "fault": first["fault"][:40],
    }
    return Point(str(len(rows)), text)


def _first_fix(figures: Mapping[str, FrozenFigure]) -> Point | None:
    row = figures.get("first_time_fix")
    if row is None or row.value is None:
        return None
    text = _("fixed by the first visit: %(part)s of %(whole)s tickets.") % {
        "part": f"{row.part:.0f}",
        "whole": f"{row.whole:.0f}",
    }
    return Point(present.value_text("share", row.value), text)


def _frequent(tables: Tables) -> Point | None:
    rows = tables.get("by_word", [])
    if not rows or rows[0]["count"] < 2:
        return None
    top = rows[0]
    text = _("tickets speak of “%(word)s”, %(previous)s in the month before.") % {
        "word": top["key"],
        "previous": top["previous"],
    }
    return Point(str(top["count"]), text)


def _machine(tables: Tables) -> Point | None:
    rows = tables.get("by_machine", [])
    if not rows or rows[0]["count"] < 2:
        return None
    top = rows[0]
    text = _("tickets on one machine: %(serial)s of %(customer)s.") % {
        "serial": top["serial"],
        "customer": top["customer"],
    }
    return Point(str(top["count"]), text)


def _cost(figures: Mapping[str, FrozenFigure]) -> Point | None:
    for code in ("charged", "cost"):
        row = figures.get(code)
        if row is not None and row.value:
            text = _("%(name)s, %(change)s against the month before.") % {
                "name": str(FIGURES[code].name).lower(),
                "change": present.change_text("money", row.value, row.previous),
            }
            return Point(present.value_text("money", row.value), text)
    return None
