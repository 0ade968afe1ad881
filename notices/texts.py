"""The text of a kind of message: the edited one that is valid, else the shipped one."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from notices.defaults import shipped
from notices.models import Template

FALLBACK = "zh-hans"


def valid(code: str, language: str, at: datetime) -> Template:
    """The text that counts at a moment; an unsaved row with the shipped words when none is stored."""
    stored = Template.objects.filter(code=code, language=language).valid_at(at).first()
    return stored or _shipped(code, language)


def _shipped(code: str, language: str) -> Template:
    words = _words().get((code, language)) or _words()[code, FALLBACK]
    return Template(code=code, language=language, **words)


@lru_cache
def _words() -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["code"], row["language"]): {"subject": row["subject"], "body": row["body"]} for row in shipped()}
