"""Loads the shipped component kinds, warranty terms and guarantee rules; what exists stays as it is."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from warranty.models import ComponentKind, GuaranteeRule, Term

HERE = Path(__file__).parent


@transaction.atomic
def load() -> None:
    """Add what is missing by code; running it again changes nothing."""
    shipped = tomllib.loads((HERE / "terms.toml").read_text(encoding="utf-8"))
    rules = tomllib.loads((HERE / "guarantees.toml").read_text(encoding="utf-8"))
    _add(ComponentKind, shipped["component"])
    now = timezone.now()
    kinds = {kind.code: kind for kind in ComponentKind.objects.all()}
    terms = [row | {"component": kinds.get(row.get("component", "")), "created_at": now} for row in shipped["term"]]
    _add(Term, terms)
    _add(GuaranteeRule, [row | {"created_at": now} for row in rules["rule"]])


def _add(model: Any, rows: list[dict[str, Any]]) -> None:
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create([model(**row) for row in rows if row["code"] not in known], ignore_conflicts=True)
