"""References such as ``ticket:17``: how records of any app are named in history, approvals and papers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet


@dataclass(frozen=True)
class Kind:
    """How one kind of record is found again: its model, its natural key and its page."""

    model: type[models.Model]
    natural_key: str
    url: Callable[[Any], str]


_kinds: dict[str, Kind] = {}

Hidden = Callable[[Any], Iterable[int] | None]
_hidden: dict[str, Hidden] = {}


def register(model: type[models.Model], *, natural_key: str, url: Callable[[Any], str]) -> None:
    """Declare a model that history may be about; called from an app's `ready`."""
    _kinds[name_of(model)] = Kind(model, natural_key, url)


def conceal(model: type[models.Model], hidden: Hidden) -> None:
    """Declare records that not everybody may learn of, wherever others speak of them (CMP-07).

    `hidden(user)` answers with the keys of those kept from a person, or None for all of the kind.
    """
    _hidden[name_of(model)] = hidden


def concealed_from(user: Any) -> tuple[list[str], list[str]]:
    """Kinds of record that are kept from a person altogether, and references of single records that are."""
    kinds, records = [], []
    for name, hidden in _hidden.items():
        keys = hidden(user)
        if keys is None:
            kinds.append(name)
        else:
            records += [f"{name}:{key}" for key in keys]
    return kinds, records


def is_concealed(reference: str, user: Any) -> bool:
    """Whether the record behind a reference is kept from a person."""
    name, _colon, key = reference.partition(":")
    if name not in _hidden:
        return False
    keys = _hidden[name](user)
    return keys is None or int(key) in keys


def name_of(model: type[models.Model] | models.Model) -> str:
    """Lower-case model name, the part of a reference before the colon."""
    return str(model._meta.model_name)


def ref(record: models.Model | str) -> str:
    """Reference of a saved record; a string is taken to be one already."""
    if isinstance(record, str):
        return record
    if record.pk is None:
        raise ValueError(f"{record!r} has no key yet")
    return f"{name_of(record)}:{record.pk}"


def refs(records: Iterable[models.Model | str | None]) -> list[str]:
    """References without gaps and repeats, in the order given."""
    return list(dict.fromkeys(ref(record) for record in records if record is not None))


def kind_named(name: str) -> Kind | None:
    """The registered kind of that name, or None."""
    return _kinds.get(name)


def names() -> list[str]:
    """Names of all registered kinds."""
    return sorted(_kinds)


def find(name: str, key: str, user: Any) -> models.Model | None:
    """Record of a kind by natural key (or primary key) among the rows the user may see, else None."""
    kind = _kinds.get(name)
    if kind is None:
        return None
    rows: QuerySet[Any] = kind.model._default_manager.all()
    visible = rows.visible_to(user) if hasattr(rows, "visible_to") else rows.none()
    found = visible.filter(**{kind.natural_key: key}).first()
    if found is None and key.isdigit():
        found = visible.filter(pk=int(key)).first()
    return found
