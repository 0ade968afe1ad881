"""Loads the shipped divisions, product lines, regions, provinces and tiers; rows that exist stay as they are."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from staff.models import Division, ProductLine, Province, Region, Tier

HERE = Path(__file__).parent


@transaction.atomic
def load() -> None:
    """Add what is missing by code; running it again changes nothing."""
    shipped = _read("organisation.toml")
    _add(Division, shipped["division"])
    divisions = _by_code(Division)
    lines = shipped["product_line"]
    _add(ProductLine, [row | {"division": divisions[row["division"]]} for row in lines])
    _add(Region, shipped["region"])
    _add(Tier, shipped["tier"])
    regions = _by_code(Region)
    provinces = _read("provinces.toml")["province"]
    _add(Province, [row | {"region": regions.get(row.get("region", ""))} for row in provinces])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _add(model: Any, rows: list[dict[str, Any]]) -> None:
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create([model(**row) for row in rows if row["code"] not in known], ignore_conflicts=True)


def _by_code(model: Any) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}
