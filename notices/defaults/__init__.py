"""Loads the shipped message texts; edited ones stay."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from notices.models import Template

HERE = Path(__file__).parent
SHIPPED_FROM = datetime(2000, 1, 1, tzinfo=UTC)


def shipped() -> list[dict[str, str]]:
    """Rows of code, language, subject, body."""
    kinds = tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))
    return [
        {"code": code, "language": language, "subject": words["subject"], "body": words["body"].strip()}
        for code, languages in kinds.items()
        for language, words in languages.items()
    ]


@transaction.atomic
def load() -> None:
    """Add texts whose kind and language have none yet; running it again changes nothing."""
    known = set(Template.objects.values_list("code", "language"))
    rows = [row for row in shipped() if (row["code"], row["language"]) not in known]
    Template.objects.bulk_create([Template(valid_from=SHIPPED_FROM, **row) for row in rows], ignore_conflicts=True)
