"""The one append-only history: `record` writes an entry, `about` reads the story of a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import readers
from core.models import Entry, Inbox
from core.refs import concealed_from, ref, refs


@dataclass(frozen=True)
class Kind:
    """How entries of one kind are told: an icon, a sentence with %(name)s places, the data key quoted below it.

    `words` gives labels for codes that stand in the data, for example names of fields.
    """

    icon: str
    sentence: Any
    quote: str = ""
    tone: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)


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


def about(record_or_ref: models.Model | str, *, reader: Any = None) -> QuerySet[Entry]:
    """Entries about a record, newest first by when they happened; without those that are kept from the `reader`."""
    rows = Entry.objects.filter(about__contains=[ref(record_or_ref)]).select_related("by").order_by("-at", "-id")
    if reader is None:
        return rows
    kinds, records = concealed_from(reader)
    for name in kinds:
        rows = rows.exclude(subject__startswith=f"{name}:")
    return rows.exclude(about__overlap=records) if records else rows


@dataclass(frozen=True)
class Draft:
    """An entry to be written by `record_many`; the fields are those of `record`."""

    kind: str
    subject: models.Model
    at: datetime
    about: Iterable[models.Model | str | None] = ()
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def record_many(drafts: Iterable[Draft], *, by: Any) -> list[Entry]:
    """Write many entries with few statements, for imports; the rules are those of `record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written inside the transaction of its action")
    rows = []
    for draft in drafts:
        if draft.kind not in _kinds:
            raise KeyError(f"history kind {draft.kind} is not declared")
        rows.append(
            Entry(
                kind=draft.kind,
                subject=ref(draft.subject),
                about=refs([draft.subject, *draft.about]),
                by=by if getattr(by, "pk", None) else None,
                at=draft.at,
                why=draft.why,
                data=dict(draft.data),
            )
        )
    entries = Entry.objects.bulk_create(rows, batch_size=2000)
    waiting = [Inbox(reader=name, entry=entry) for entry in entries for name in readers.of_kind(entry.kind)]
    if waiting:
        Inbox.objects.bulk_create(waiting, batch_size=2000)
        transaction.on_commit(readers.nudge)
    return entries
