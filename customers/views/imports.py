"""Importing a sheet in steps: send it, name the columns, look at what it would do, apply it (CUS-05)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import cells, pages, sheets
from core.rest import found_or_404
from customers import actions, importing, permissions
from customers.actions import imports
from customers.models import SheetImport
from customers.views.forbidding import demand

SHOWN = 50
RECENT = 10
_form_methods = require_http_methods(["GET", "HEAD", "POST"])
WORDS = {
    importing.FAULTY: (_("Errors"), "late"),
    importing.NEW: (_("New"), "accent"),
    importing.CHANGED: (_("Changed"), "soon"),
    importing.UNCHANGED: (_("Unchanged"), ""),
}


class UploadForm(forms.Form):
    """Kind of sheet and the file."""

    kind = forms.ChoiceField(label=_("What is in the sheet?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, XLS or CSV, up to 20 MB and 50,000 rows. Headings need not stand in the first line."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(entry.kind, entry.label) for entry in importing.importers()]


class ColumnsForm(forms.Form):
    """Which column means which field."""

    def __init__(self, importer: importing.Importer, sheet: sheets.Sheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("— none —"))] + [(name, _with_sample(sheet, name)) for name in sheet.headings if name]
        for entry in importer.fields:
            self.fields[entry.name] = forms.ChoiceField(label=entry.label, choices=choices, required=False)
            self.fields[entry.name].required = entry.required


def _with_sample(sheet: sheets.Sheet, heading: str) -> str:
    place = sheet.headings.index(heading)
    samples = [cells.text(line.cells[place]) for line in sheet.rows[:20]]
    sample = next((text for text in samples if text), "")
    return f"{heading} ({sample[:24]})" if sample else heading


@_form_methods
@login_required
@pages.once
def start(request: HttpRequest) -> HttpResponse:
    """Send a sheet; what was imported lately stands below."""
    demand(permissions.can_import(request.user))
    first = importing.importers()[0].kind
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind") or first})
    if request.method == "POST" and form.is_valid():
        staged = pages.run(
            request,
            form,
            actions.stage_sheet,
            form.cleaned_data["file"],
            kind=form.cleaned_data["kind"],
            by=request.user,
        )
        if staged is not None:
            return redirect("customers:import-columns", staged.pk)
    context = {
        "form": form,
        "importers": importing.importers(),
        "recent": _labelled(
            SheetImport.objects.filter(applied_at__isnull=False).select_related("by").order_by("-applied_at")[:RECENT]
        ),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "customers/import_start.html", context, status=status)


def _labelled(rows: Any) -> list[Any]:
    labels = {entry.kind: entry.label for entry in importing.importers()}
    rows = list(rows)
    for row in rows:
        row.label = labels.get(row.kind, row.kind)
    return rows


@require_safe
@login_required
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet with a sample row and drop-downs."""
    demand(permissions.can_import(request.user))
    importer = importing.importer(kind)
    if importer is None:
        raise Http404
    columns = [sheets.Column(entry.label, entry.name, entry.kind) for entry in importer.fields]
    sample = {entry.name: entry.sample for entry in importer.fields}
    lists = {entry.name: entry.choices() for entry in importer.fields if entry.choices}
    return sheets.download(sheets.template(columns, sample, lists), f"{importer.label}.xlsx")


@_form_methods
@login_required
@pages.once
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column means which field; guessed or remembered ones are filled in."""
    staged = _staged(request, pk)
    importer, sheet = imports.open_staged(staged)
    form = ColumnsForm(importer, sheet, request.POST or None, initial=staged.columns)
    options = importer.options(request.POST or None, initial=staged.options)
    if request.method == "POST" and form.is_valid() and options.is_valid():
        given = {name: request.POST.get(name, "") for name in options.fields}
        done = pages.run(
            request, form, actions.name_columns, staged, by=request.user, columns=form.cleaned_data, options=given
        )
        if done is not None:
            return redirect("customers:import-preview", staged.pk)
    used = set(staged.columns.values())
    context = {
        "staged": staged,
        "importer": importer,
        "form": form,
        "options": options,
        "needed": [form[entry.name] for entry in importer.fields if entry.required],
        "further": [form[entry.name] for entry in importer.fields if not entry.required],
        "unused": [name for name in sheet.headings if name and name not in used],
        "count": len(sheet.rows),
    }
    bound_wrong = form.is_bound and (form.errors or options.errors)
    status = pages.status_of(request) if pages.status_of(request) != 200 else 422 if bound_wrong else 200
    return render(request, "customers/import_columns.html", context, status=status)


@require_safe
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sheet would do, row by row."""
    staged = _staged(request, pk)
    if staged.applied_at:
        return redirect("customers:import-done", staged.pk)
    seen = imports.preview(staged)
    counts = seen.counts
    view = request.GET.get("view", "")
    if view not in counts:
        view = next((what for what in WORDS if counts[what]), importing.UNCHANGED)
    rows = Paginator([row for row in seen.rows if row.what == view], SHOWN).get_page(request.GET.get("page"))
    context = {
        "staged": staged,
        "importer": seen.importer,
        "counts": counts,
        "view": view,
        "rows": rows,
        "good": counts[importing.NEW] + counts[importing.CHANGED],
        "bad": counts[importing.FAULTY],
        "views": [
            {"label": WORDS[what][0], "url": f"?view={what}", "count": counts[what], "current": what == view}
            for what in WORDS
        ],
    }
    return render(request, "customers/import_preview.html", context)


@require_safe
@login_required
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The same workbook with the red column."""
    staged = _staged(request, pk)
    name = f"{staged.name.rpartition('.')[0] or staged.name}-{gettext('errors')}.xlsx"
    return sheets.download(imports.marked_sheet(staged), name)


@require_POST
@login_required
@pages.once
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the sheet: all of it, or on request its good rows."""
    staged = _staged(request, pk)
    good_only = request.POST.get("good_only") == "1"
    done = pages.run(request, None, actions.apply_sheet, staged, by=request.user, good_only=good_only)
    if done is None:
        return redirect("customers:import-preview", staged.pk)
    messages.success(request, gettext("The sheet is imported."))
    return redirect("customers:import-done", done.pk)


@require_safe
@login_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import did, and the rows it gave back."""
    staged = _staged(request, pk)
    if not staged.applied_at:
        return redirect("customers:import-preview", staged.pk)
    importer = importing.importer(staged.kind)
    context = {
        "staged": staged,
        "importer": importer,
        "counts": [(WORDS[what][0], staged.counts.get(what, 0), WORDS[what][1]) for what in WORDS],
        "returned_url": reverse("core:file", args=[staged.returned_id]) if staged.returned_id else "",
        "list_url": reverse("customers:machines" if staged.kind == "machines" else "customers:list"),
    }
    return render(request, "customers/import_done.html", context)


def _staged(request: HttpRequest, pk: int) -> SheetImport:
    """A sheet of the person's own."""
    demand(permissions.can_import(request.user))
    staged = found_or_404(SheetImport.objects.select_related("file"), pk=pk, by=request.user)
    if importing.importer(staged.kind) is None:
        raise Http404
    return staged  # type: ignore[no-any-return]
