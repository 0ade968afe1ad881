"""Pages of a list by key: newer and older links, nothing is counted, a deep page costs what the first does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursors of its neighbours (empty at the ends)."""

    rows: list[Any]
    newer: str
    older: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(rows: QuerySet[Any], ordering: Sequence[str] = ("-id",), cursor: str = "", size: int = 50) -> Page:
    """One page of a queryset ordered by non-null fields that end in a unique one; a broken cursor is the first page."""
    position = _decode(cursor, len(ordering))
    backwards = bool(position and position[0] == "newer")
    order = [_flip(field) for field in ordering] if backwards else list(ordering)
    found = rows.order_by(*order)
    if position:
        try:
            found = found.filter(_beyond(order, position[1]))
        except (ValueError, TypeError, ValidationError):
            return page(rows, ordering, "", size)
    taken = list(found[: size + 1])
    more, taken = len(taken) > size, taken[:size]
    if backwards:
        taken.reverse()
    has_newer = more if backwards else bool(position)
    has_older = bool(position) if backwards else more
    return Page(
        taken,
        _encode("newer", taken[0], ordering) if taken and has_newer else "",
        _encode("older", taken[-1], ordering) if taken and has_older else "",
    )


def _flip(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows strictly after a position; the first field also stands alone so that its index is used."""
    first = order[0]
    condition = Q()
    for depth, field in enumerate(order):
        comparison = "lt" if field.startswith("-") else "gt"
        clause = Q(**{f"{field.lstrip('-')}__{comparison}": values[depth]})
        for before in range(depth):
            clause &= Q(**{order[before].lstrip("-"): values[before]})
        condition |= clause
    edge = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.lstrip('-')}__{edge}": values[0]}) & condition


def _encode(direction: str, row: Any, ordering: Sequence[str]) -> str:
    values = [_plain(_value(row, field.lstrip("-"))) for field in ordering]
    return base64.urlsafe_b64encode(json.dumps([direction, values]).encode()).decode().rstrip("=")


def _value(row: Any, field: str) -> Any:
    for part in field.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, (datetime, date))
        else str(value)
        if isinstance(value, Decimal)
        else value
    )


def _decode(cursor: str, length: int) -> tuple[str, list[Any]] | None:
    try:
        direction, values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        return None
    if direction not in ("newer", "older") or not isinstance(values, list) or len(values) != length:
        return None
    return direction, [(parse_datetime(v) or v) if isinstance(v, str) and "T" in v else v for v in values]
