"""Importing sheets (CUS-05): kinds of sheets, fields, guessing of columns, rows as they were understood.

1. Each kind of sheet is an `Importer`; apps above register theirs.
2. `understand` turns the lines of a sheet into rows, `check` says what each would do, `apply` does it.
3. Nothing is written before `apply`, and `apply` runs in one transaction.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from core import cells
from core.sheets import Sheet, simple

NEW, CHANGED, UNCHANGED, FAULTY = "new", "changed", "unchanged", "faulty"


@dataclass(frozen=True)
class Field:
    """A field that a column may mean: label, other headings for it, how to read a cell, what the template shows."""

    name: str
    label: Any
    read: Callable[[Any], Any] = cells.text
    aliases: tuple[str, ...] = ()
    required: bool = False
    sample: Any = ""
    kind: str = "text"
    choices: Callable[[], list[str]] | None = None

    def headings(self) -> set[str]:
        """All headings that mean this field, in every language."""
        found = {self.name.replace("_", " "), *self.aliases}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found.add(str(self.label))
        return found


@dataclass
class Row:
    """A line of the sheet: what it says, what is wrong with it, what it would do."""

    number: int
    given: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    title: str = ""
    does: str = UNCHANGED
    changes: list[tuple[Any, Any, Any]] = field(default_factory=list)
    plan: Any = None

    @property
    def what(self) -> str:
        """New, changed, unchanged or faulty."""
        return FAULTY if self.faults else self.does

    def will(self, what: str) -> None:
        """Note that the row does something; new outweighs changed."""
        if self.does != NEW and what != UNCHANGED:
            self.does = what


class Importer:
    """One kind of sheet. Subclasses say which fields there are, what a row would do, and do it."""

    kind: ClassVar[str]
    label: ClassVar[Any]
    hint: ClassVar[Any]
    fields: ClassVar[Sequence[Field]]
    options: ClassVar[type[forms.Form]] = forms.Form

    def check(self, rows: list[Row], options: Mapping[str, Any]) -> None:
        """Fill in title, faults and what each row does; reads only."""
        raise NotImplementedError

    def apply(self, rows: list[Row], options: Mapping[str, Any], *, by: Any, at: datetime) -> None:
        """Write the rows that are new or changed, with one history entry for each record."""
        raise NotImplementedError


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Declare a kind of sheet; called from an app's `ready`."""
    _importers[importer.kind] = importer


def importers() -> list[Importer]:
    """All kinds of sheets in the order they were registered."""
    return list(_importers.values())


def importer(kind: str) -> Importer | None:
    """The importer of a kind, or None."""
    return _importers.get(kind)


def known_headings(kind: Importer) -> set[str]:
    """Every heading that this kind of sheet understands."""
    return {heading for entry in kind.fields for heading in entry.headings()}


def digest(headings: Iterable[str]) -> str:
    """What a heading row is remembered by."""
    return hashlib.sha256("\n".join(headings).encode()).hexdigest()


def guess(kind: Importer, headings: Sequence[str]) -> dict[str, str]:
    """Field → heading: headings that are a field's name in any language, then those that hold one."""
    free = {heading: simple(heading) for heading in headings if heading}
    found: dict[str, str] = {}
    names = {entry.name: {simple(text) for text in entry.headings()} for entry in kind.fields}
    for fits in (lambda plain, all_: plain in all_, _holds):
        for entry in kind.fields:
            match = next((h for h, plain in free.items() if fits(plain, names[entry.name])), None)
            if entry.name not in found and match is not None:
                found[entry.name] = match
                del free[match]
    return found


def _holds(plain: str, names: set[str]) -> bool:
    return any(len(name) > 1 and name in plain for name in names)


def understand(kind: Importer, sheet: Sheet, columns: Mapping[str, str]) -> list[Row]:
    """Rows with the cells read by their fields; what cannot be read is a fault of the row."""
    places = {
        entry: sheet.headings.index(columns[entry.name])
        for entry in kind.fields
        if columns.get(entry.name) in sheet.headings
    }
    rows = []
    for line in sheet.rows:
        row = Row(line.number)
        for entry, index in places.items():
            try:
                value = entry.read(line.cells[index])
            except ValueError as error:
                row.faults.append(f"{entry.label}: {error}")
            else:
                if value not in ("", None):
                    row.given[entry.name] = value
        for entry in kind.fields:
            if entry.required and entry.name not in row.given and not _complained(row, entry):
                row.faults.append(_("%(field)s is missing.") % {"field": entry.label})
        rows.append(row)
    return rows


def judge(
    kind: Importer, sheet: Sheet, columns: Mapping[str, str], options: Mapping[str, Any], without: Iterable[int] = ()
) -> list[Row]:
    """What every row would do, lines in `without` left out; reads only."""
    left_out = set(without)
    rows = [row for row in understand(kind, sheet, columns) if row.number not in left_out]
    kind.check(rows, options)
    return rows


def good_rows(
    kind: Importer, sheet: Sheet, columns: Mapping[str, str], options: Mapping[str, Any]
) -> tuple[list[Row], dict[int, str]]:
    """Rows without faults, judged without the others, and line → what is wrong with the others.

    Leaving a row out may make further ones faulty, for example contacts of a customer that does not come in.
    """
    faults: dict[int, str] = {}
    while True:
        rows = judge(kind, sheet, columns, options, faults)
        more = {row.number: "\n".join(row.faults) for row in rows if row.faults}
        if not more:
            return rows, faults
        faults |= more


def count(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows are new, changed, unchanged, faulty."""
    found = dict.fromkeys((NEW, CHANGED, UNCHANGED, FAULTY), 0)
    for row in rows:
        found[row.what] += 1
    return found


def _complained(row: Row, entry: Field) -> bool:
    return any(fault.startswith(f"{entry.label}:") for fault in row.faults)


def set_fields(
    row: Row, record: models.Model, given: Mapping[str, Any], labels: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Set what differs on a record and note it on the row; returns field → [old, new]."""
    different: dict[str, list[Any]] = {}
    for name, new in given.items():
        old = getattr(record, name, None)
        if old != new:
            setattr(record, name, new)
            different[name] = [plain(old), plain(new)]
            row.changes.append((labels.get(name, name), old if record.pk else "", new))
    return different


def check_fields(row: Row, record: models.Model, labels: Mapping[str, Any], exclude: Iterable[str]) -> None:
    """The checks of the model that need no query, as faults of the row."""
    names = {entry.name for entry in record._meta.get_fields()}
    try:
        record.clean_fields(exclude=names & set(exclude))
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            row.faults.append(f"{labels.get(name, name)}: {' '.join(texts)}")


def plain(value: Any) -> Any:
    """A value as history keeps it."""
    if isinstance(value, models.Model):
        return str(getattr(value, "number", None) or getattr(value, "code", None) or value.pk)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def choice(choices: Iterable[tuple[str, Any]], aliases: Mapping[str, str] | None = None) -> Callable[[Any], str]:
    """A reader of a cell that holds a code or its label in any language."""
    pairs = list(choices)

    def read(value: Any) -> str:
        text = cells.code(value)
        if not text:
            return ""
        known = {code.lower(): code for code, _label in pairs} | dict(aliases or {})
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known |= {str(label).lower(): code for code, label in pairs}
        if text.lower() not in known:
            usual = _(", ").join(str(label) for _code, label in pairs)
            raise ValueError(_("“%(text)s” is none of: %(choices)s.") % {"text": text[:40], "choices": usual})
        return known[text.lower()]

    return read
