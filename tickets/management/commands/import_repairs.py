"""`manage.py import_repairs FILE --customer NAME`: past repairs from a sheet, as the import page brings them in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core import sheets
from core.errors import ActionError
from customers import importing
from customers.actions import add_customer, imports
from customers.models import Customer
from staff.models import Province, User
from staff.organisation import home_province
from tickets.imports import RepairImporter, RepairOptions


class Command(BaseCommand):
    """Reads a sheet of past repairs; rows with errors are listed with their line and the reason."""

    help = "Import past repairs from XLSX or CSV. The same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--customer", required=True, help="Number or name; opened when it is not on file.")
        parser.add_argument("--province", help="Code of the province of a new customer; else the maker's own.")
        parser.add_argument("--product-line", help="Code of the product line of machines not on file.")
        parser.add_argument("--model", help="Code of the model of machines not on file; else the line's code.")
        parser.add_argument("--user", help="User name of the person who imports.")
        parser.add_argument("--good-only", action="store_true", help="Import the good rows, leave out the others.")
        parser.add_argument("--errors", type=Path, help="Write the rows with errors to this workbook.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.get(username=options["user"]) if options["user"] else None
        importer = RepairImporter()
        try:
            sheet = sheets.read(options["file"].read_bytes(), importing.known_headings(importer))
            opened = self._open_customer(options, by)
            chosen = self._chosen(options)
            columns = importing.guess(importer, sheet.headings)
            self._show_faults(importer, sheet, columns, chosen, options["errors"])
            counts, _faults = imports.write_rows(
                importer, sheet, columns, chosen, by=by, at=timezone.now(), good_only=options["good_only"]
            )
        except (ActionError, OSError) as error:
            raise CommandError(str(error)) from error
        if opened:
            self.stdout.write(f"opened customer file {opened.number}")
        self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))

    def _open_customer(self, options: dict[str, Any], by: Any) -> Customer | None:
        name = options["customer"]
        if Customer.objects.filter(number=name).exists() or Customer.objects.filter(name=name).exists():
            return None
        code = options["province"]
        province = Province.objects.get(code=code) if code else home_province()
        return add_customer(by=by, name=name, province=province)

    def _chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        line = options["product_line"] or ""
        form = RepairOptions({"customer": options["customer"], "product_line": line, "model": options["model"] or line})
        if not form.is_valid():
            raise CommandError("; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in form.errors.items()))
        return form.cleaned_data

    def _show_faults(
        self,
        importer: RepairImporter,
        sheet: sheets.Sheet,
        columns: dict[str, str],
        chosen: dict[str, Any],
        errors: Path | None,
    ) -> None:
        _rows, faults = importing.good_rows(importer, sheet, columns, chosen)
        for line, text in sorted(faults.items()):
            self.stderr.write(f"line {line}: {' '.join(text.splitlines())}")
        if faults and errors:
            errors.write_bytes(sheets.bad_rows(sheet, faults, imports.fault_heading()))
