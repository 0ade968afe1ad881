"""Rights of the customer from the three guarantees that can be claimed now, as the desk and the ticket show them."""

from datetime import date
from typing import Any

from customers.models import Equipment
from warranty.models import Right

SHOWN = 3


def of(equipment: Equipment | None, on: date) -> list[Any]:
    """Open rights of a machine, the one that ends first on top (WAR-06)."""
    if equipment is None:
        return []
    rows = Right.objects.filter(equipment=equipment).select_related("rule", "equipment")
    return list(rows.open(on)[:SHOWN])
