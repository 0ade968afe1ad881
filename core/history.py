"""The one append-only history: `record` writes an entry, `about` reads the story of a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import readers
from core.models import Entry, Inbox
from core.refs import ref, refs


@dataclass(frozen=True)
class Kind:
    """How entries of one kind are told: an icon, a sentence with %(name)s places, the data key quoted below it."""

    icon: str
    sentence: Any
    quote: str = ""
    tone: str = ""


_kinds: dict[str, Kind] = {}


def declare(kinds: Mapping[str, Kind]) -> None:
    """Declare the entry kinds of an app; called from its `ready`. A kind belongs to one app only."""
    for code, kind in kinds.items():
        if _kinds.get(code, kind) != kind:
            raise ValueError(f"history kind {code} is declared twice")
        _kinds[code] = kind


def kinds() -> Mapping[str, Kind]:
    """All declared kinds by code."""
    return _kinds


def record(
    kind: str,
    subject: models.Model,
    *,
    by: Any,
    at: datetime | None = None,
    about: Iterable[models.Model | str | None] = (),
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry and an inbox row for each reader of its kind, in the caller's transaction.

    `at` is when it happened (aware, default now); `data` holds plain JSON values without personal data.
    Raises KeyError for an undeclared kind and RuntimeError outside a transaction.
    """
    if kind not in _kinds:
        raise KeyError(f"history kind {kind} is not declared")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written inside the transaction of its action")
    entry = Entry.objects.create(
        kind=kind,
        subject=ref(subject),
        about=refs([subject, *about]),
        by=by if getattr(by, "pk", None) else None,
        at=at or timezone.now(),
        why=why,
        data=dict(data or {}),
    )
    names = readers.of_kind(kind)
    if names:
        Inbox.objects.bulk_create([Inbox(reader=name, entry=entry) for name in names])
        transaction.on_commit(readers.nudge)
    return entry


def about(record_or_ref: models.Model | str) -> QuerySet[Entry]:
    """Entries about a record, newest first by when they happened."""
    return (
        Entry.objects.filter(about__contains=[ref(record_or_ref)]).select_related("by").order_by("-at", "-id")
    )
