"""Shipped policy data of the trainings."""

import tomllib
from pathlib import Path

from staff.models import ProductLine
from training.models import TrainingTerm


def load() -> None:
    """Add the terms of product lines that have none yet."""
    terms = tomllib.loads((Path(__file__).parent / "terms.toml").read_text(encoding="utf-8"))
    for line in ProductLine.objects.filter(code__in=terms, training_term__isnull=True):
        TrainingTerm.objects.create(product_line=line, **terms[line.code])
