"""Loads the shipped questionnaires and follow-up rules; what exists stays as it is."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from followups.models import Questionnaire, Rule

HERE = Path(__file__).parent


@transaction.atomic
def load() -> None:
    """Add what is missing by code; running it again changes nothing."""
    _add(Questionnaire, _read("questionnaires.toml")["questionnaire"])
    _add(Rule, _read("rules.toml")["rule"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _add(model: Any, rows: list[dict[str, Any]]) -> None:
    known, now = set(model.objects.values_list("code", flat=True)), timezone.now()
    new = [model(**row, created_at=now) for row in rows if row["code"] not in known]
    model.objects.bulk_create(new, ignore_conflicts=True)
