"""Customers and machines in the one search box of every page."""

from typing import Any

from django.urls import reverse

from core.finder import Hit
from customers import lookup


def customers(query: str, user: Any, limit: int) -> list[Hit]:
    """Customers for the search box."""
    return [
        Hit(
            url=reverse("customers:customer", args=[hit.record.number]),
            title=hit.record.name,
            detail=hit.record.full_address if hit.matched in (hit.record.name, hit.record.number) else hit.matched,
            aside=hit.record.number,
        )
        for hit in lookup.find(query, user, limit).customers
    ]


def machines(query: str, user: Any, limit: int) -> list[Hit]:
    """Machines for the search box."""
    return [
        Hit(
            url=reverse("customers:equipment", args=[hit.record.serial]),
            title=f"{hit.record.serial} {hit.record.model.code}",
            detail=str(hit.record.customer),
            aside=hit.record.plate,
        )
        for hit in lookup.find(query, user, limit).machines
        if hit.rank <= lookup.INITIALS
    ]
