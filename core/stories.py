"""Entries of the history told as rows of a story: sentence, person, quote and page, in the reader's language."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import refs
from core.history import kinds
from core.models import Entry

_REF = re.compile(r"[a-z]+:\d+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Row:
    """One line of a story, as the component shows it."""

    at: datetime
    entered_at: datetime
    by_label: str
    icon: str
    text: str
    note: str
    quote: str
    url: str
    kind: str
    tone: str = ""
    photos: tuple[dict[str, str], ...] = ()


def tell(entries: Iterable[Entry], here: Any = None, known: Iterable[Any] = ()) -> list[Row]:
    """Rows for entries; references in their data become names (one query per kind of record).

    `here` is the record whose page it is: entries about it carry no link to it. `known` are records at hand.
    """
    entries = list(entries)
    own = refs.ref(here) if here is not None else ""
    found = _records(entries, {refs.ref(one): one for one in (here, *known) if one is not None})
    return [_row(entry, found, own) for entry in entries]


def _records(entries: list[Entry], found: dict[str, Any]) -> dict[str, Any]:
    """Records by reference: those at hand, and those that must be read."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for value in (entry.subject, *entry.data.values()):
            if isinstance(value, str) and value not in found and _REF.fullmatch(value):
                name, key = value.split(":")
                wanted[name].add(int(key))
    for name, keys in wanted.items():
        kind = refs.kind_named(name)
        if kind is not None:
            for record in kind.model._default_manager.filter(pk__in=keys):
                found[f"{name}:{record.pk}"] = record
    return found


def _row(entry: Entry, found: dict[str, Any], own: str) -> Row:
    kind = kinds()[entry.kind]
    values = {name: _words(value, found, kind.words) for name, value in entry.data.items()}
    subject = found.get(entry.subject)
    registered = refs.kind_named(entry.subject.partition(":")[0])
    linked = subject is not None and registered is not None and entry.subject != own
    return Row(
        at=entry.at,
        entered_at=entry.entered_at,
        by_label=str(entry.by) if entry.by else _("System"),
        icon=kind.icon,
        text=str(kind.sentence) % defaultdict(str, values, subject=str(subject or "")),
        note=entry.why,
        quote=str(entry.data.get(kind.quote, "")) if kind.quote else "",
        url=registered.url(subject) if linked and registered else "",
        kind=entry.kind,
        tone=kind.tone,
        photos=_photos(entry),
    )


def _photos(entry: Entry) -> tuple[dict[str, str], ...]:
    """The picture that an entry speaks of by the key of its file."""
    key = entry.data.get("file")
    if not isinstance(key, int):
        return ()
    small = reverse("core:file-small", args=[key])
    return ({"url": reverse("core:file", args=[key]), "thumb_url": small, "caption": ""},)


def _words(value: Any, found: dict[str, Any], labels: Mapping[str, Any]) -> str:
    if isinstance(value, str) and value in labels:
        return str(labels[value])
    if isinstance(value, str) and value in found:
        return str(found[value])
    if isinstance(value, str) and _MOMENT.match(value) and (moment := parse_datetime(value)):
        return date_format(timezone.localtime(moment), "m-d H:i")
    if isinstance(value, list):
        return _(", ").join(_words(part, found, labels) for part in value)
    return "" if value is None else str(value)
