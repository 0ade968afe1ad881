"""Importing a sheet: stage the file, name its columns, look at it, apply it (CUS-05)."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import sheets
from core.errors import NotAllowed, Refused
from core.models import StoredFile
from core.sheets import Sheet
from customers import importing, permissions
from customers.importing import FAULTY, Importer, Row
from customers.models import ColumnMapping, SheetImport

KEEP_STAGED = timedelta(days=7)
_ONE_AT_A_TIME = 7_305_001


@dataclass(frozen=True)
class Preview:
    """What a staged sheet would do: its rows, and how many of each sort."""

    importer: Importer
    sheet: Sheet
    options: Mapping[str, Any]
    rows: list[Row]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged, faulty."""
        return importing.count(self.rows)

    @property
    def faults(self) -> dict[int, str]:
        """Line → what is wrong with it."""
        return {row.number: "\n".join(row.faults) for row in self.rows if row.faults}


@transaction.atomic
def stage_sheet(upload: Any, *, kind: str, by: Any, at: datetime | None = None) -> SheetImport:
    """Keep an uploaded sheet until it is applied, with its columns guessed or remembered. Refused when unreadable."""
    permissions.demand(permissions.can_import(by))
    importer = _importer(kind)
    if upload is not None and upload.size > sheets.MAX_BYTES:
        raise Refused({"file": _("The file is larger than %(limit)d MB.") % {"limit": sheets.MAX_BYTES // 1024**2}})
    content = b"" if upload is None else bytes(upload.read())
    if not content:
        raise Refused({"file": _("No file was sent.")})
    sheet = sheets.read(content, importing.known_headings(importer))
    at = at or timezone.now()
    _forget_staged(by, at)
    file = _keep(content, upload.name, by)
    return SheetImport.objects.create(
        kind=kind, name=file.name, file=file, by=by, created_at=at, columns=_columns(importer, sheet)
    )


@transaction.atomic
def name_columns(
    staged: SheetImport,
    *,
    by: Any,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
    at: datetime | None = None,
) -> SheetImport:
    """Say which column means which field, and remember it for sheets with the same headings."""
    permissions.demand(permissions.can_import(by))
    importer, sheet = open_staged(staged)
    chosen = {entry.name: columns.get(entry.name, "") for entry in importer.fields}
    _check_columns(importer, sheet, chosen)
    staged = _unapplied(staged)
    staged.columns = {name: heading for name, heading in chosen.items() if heading}
    staged.options = dict(options)
    staged.save(update_fields=["columns", "options"])
    ColumnMapping.objects.update_or_create(
        kind=staged.kind,
        headings_digest=importing.digest(sheet.headings),
        defaults={"columns": staged.columns, "used_at": at or timezone.now()},
    )
    return staged


def preview(staged: SheetImport) -> Preview:
    """What the sheet would do now; writes nothing."""
    importer, sheet = open_staged(staged)
    options = _options(importer, staged)
    return Preview(importer, sheet, options, importing.judge(importer, sheet, staged.columns, options))


def apply_sheet(staged: SheetImport, *, by: Any, at: datetime | None = None, good_only: bool = False) -> SheetImport:
    """Write what a sheet says, all of it or nothing. A sheet with faults is NotAllowed unless `good_only`:
    then its good rows are written and the others given back as a workbook with a red column.
    """
    permissions.demand(permissions.can_import(by))
    try:
        return _apply(staged, by, at or timezone.now(), good_only)
    except IntegrityError as error:
        raise NotAllowed(
            _("Somebody else has written to the same files meanwhile. Nothing was imported; please look again.")
        ) from error


@transaction.atomic
def _apply(staged: SheetImport, by: Any, at: datetime, good_only: bool) -> SheetImport:
    staged = _unapplied(staged)
    importer, sheet = open_staged(staged)
    counts, faults = write_rows(
        importer, sheet, staged.columns, _options(importer, staged), by=by, at=at, good_only=good_only
    )
    if faults:
        book = sheets.bad_rows(sheet, faults, fault_heading())
        staged.returned = _keep(book, f"{staged.name.rpartition('.')[0] or staged.name}-{_('errors')}.xlsx", by)
    staged.counts, staged.applied_at = counts, at
    staged.save(update_fields=["counts", "applied_at", "returned"])
    return staged


@transaction.atomic
def write_rows(
    importer: Importer,
    sheet: Sheet,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    good_only: bool = False,
) -> tuple[dict[str, int], dict[int, str]]:
    """Write a sheet, one at a time; returns how many rows did what, and line → fault of those left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    rows, faults = importing.good_rows(importer, sheet, columns, options)
    if faults and not good_only:
        raise NotAllowed(
            _("%(count)d rows have errors, so nothing was imported.") % {"count": len(faults)}, allowed=["good_only"]
        )
    importer.apply(rows, options, by=by, at=at)
    return {**importing.count(rows), FAULTY: len(faults)}, faults


def marked_sheet(staged: SheetImport) -> bytes:
    """The same workbook with a red column beside the rows that have errors."""
    seen = preview(staged)
    return sheets.marked(_content(staged), seen.sheet, seen.faults, fault_heading())


def fault_heading() -> str:
    """Heading of the red column."""
    return _("Errors")


def open_staged(staged: SheetImport) -> tuple[Importer, Sheet]:
    """Importer and sheet of a staged file."""
    importer = _importer(staged.kind)
    return importer, sheets.read(_content(staged), importing.known_headings(importer))


def _importer(kind: str) -> Importer:
    importer = importing.importer(kind)
    if importer is None:
        raise Refused({"kind": _("There is no such kind of sheet.")})
    return importer


def _content(staged: SheetImport) -> bytes:
    with staged.file.file.open("rb") as stream:
        return bytes(stream.read())


def _columns(importer: Importer, sheet: Sheet) -> dict[str, str]:
    """Columns as they were named last time for the same headings, else as guessed."""
    known = ColumnMapping.objects.filter(kind=importer.kind, headings_digest=importing.digest(sheet.headings)).first()
    return dict(known.columns) if known else importing.guess(importer, sheet.headings)


def _check_columns(importer: Importer, sheet: Sheet, columns: Mapping[str, str]) -> None:
    wrong: dict[str, object] = {}
    used: dict[str, str] = {}
    for entry in importer.fields:
        heading = columns[entry.name]
        if heading and heading not in sheet.headings:
            wrong[entry.name] = _("The sheet has no column “%(name)s”.") % {"name": heading}
        elif heading and heading in used:
            wrong[entry.name] = _("This column is taken already.")
        elif entry.required and not heading:
            wrong[entry.name] = _("Choose the column of this field; it is needed.")
        used[heading] = entry.name
    if wrong:
        raise Refused(wrong)


def _options(importer: Importer, staged: SheetImport) -> Mapping[str, Any]:
    form = importer.options(staged.options)
    return form.cleaned_data if form.is_valid() else {}


def _unapplied(staged: SheetImport) -> SheetImport:
    staged = SheetImport.objects.select_for_update(of=("self",)).select_related("file").get(pk=staged.pk)
    if staged.applied_at:
        raise NotAllowed(_("This sheet was imported already."))
    return staged


def _keep(content: bytes, name: str, by: Any) -> StoredFile:
    """Store a workbook or CSV under a name of our own."""
    ending = "xlsx" if content.startswith(b"PK") else "xls" if content.startswith(b"\xd0\xcf") else "csv"
    file = StoredFile(
        name=name.replace("\\", "/").rpartition("/")[2][:200] or f"sheet.{ending}",
        content_type="application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    file.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=True)
    return file


def _forget_staged(by: Any, at: datetime) -> None:
    """Drop sheets of this person that were never applied."""
    old = SheetImport.objects.filter(by=by, applied_at=None, created_at__lt=at - KEEP_STAGED)
    for staged in list(old.select_related("file")):
        file = staged.file
        staged.delete()
        transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
        file.delete()
