"""Pages of the reports: the archive, a report with its figures, its papers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, paging, pdf
from core.models import Paper
from core.rest import found_or_404
from core.stories import tell
from reports import actions, documents, labels, present
from reports.forms import ReportForm
from reports.models import Report
from reports.months import Month
from reports.permissions import can_ask, can_read

STORY_ROWS = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@pages.once
def archive(request: HttpRequest) -> HttpResponse:
    """All reports, newest month first, and the form to ask for one."""
    if not can_read(request.user):
        raise Http404
    last_month = Month.of(timezone.localdate()).plus(-1)
    form = ReportForm(request.POST or None, initial={"month": str(last_month)})
    if request.method == "POST" and form.is_valid():
        values = {"month": form.cleaned_data["month"], "why": form.cleaned_data["why"]}
        answer = pages.run(request, form, actions.ask_report, by=request.user, **values)
        if answer is not None:
            report, new = answer
            if not new:
                messages.info(request, _("This report exists already; give a reason to issue it anew."))
            return redirect(report.get_absolute_url())
    status = 422 if form.is_bound and pages.status_of(request) == 200 else pages.status_of(request)
    rows = Report.objects.visible_to(request.user).select_related("asked_by")
    context = {
        "form": form,
        "may_ask": can_ask(request.user),
        "page": paging.page(rows, ("-month", "-issue", "-id"), request.GET.get("cursor", "")),
    }
    return render(request, "reports/archive.html", context, status=status)


@login_required
@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report: its figures, papers and story; refreshes itself until it is ready."""
    found = _found(request, number)
    month = Month.of(found.month)
    tables = {table.code: table.rows for table in found.tables.all()}
    context = {
        "report": found,
        "month": month,
        "month_name": documents.month_name(month),
        "before": month.plus(-1),
        "year_before": month.plus(-12),
        "sections": present.in_sections(list(found.figures.all())),
        "totals": {code: len(rows) for code, rows in tables.items()},
        "charts": documents.page_charts(found, tables),
        "papers": list(found.papers.order_by("content_type", "language")),
        "rows": tables.get("repairs", [])[:20],
        "names": labels.all_labels(),
        "story": tell(history.about(found)[:STORY_ROWS], here=found),
        "may_ask": can_ask(request.user),
        "form": ReportForm(initial={"month": str(month)}),
        "listed": f"{reverse('tickets:list')}?reported_from={month.first}&reported_to={month.last}",
    }
    return render(request, "reports/report.html", context)


@login_required
@require_POST
@pages.once
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Take up a failed report again."""
    found = _found(request, number)
    if not can_ask(request.user):
        raise PermissionDenied
    pages.run(request, None, actions.try_again, found, by=request.user)
    return redirect(found.get_absolute_url())


@login_required
@require_safe
def paper(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """The stored PDF or workbook; 409 while it is being made."""
    found = _found(request, number)
    stored = stored_paper(found, form, request.GET.get("lang") or get_language() or "zh-hans")
    if stored is None:
        context = {
            "detail": _("The papers are being made; look again in a moment."),
            "back_url": found.get_absolute_url(),
        }
        return render(request, "409.html", context, status=409)
    return paper_answer(stored)


def stored_paper(found: Report, form: str, language: str) -> Paper | None:
    """The PDF or workbook of a report in a language, if it has been issued."""
    content_type = documents.XLSX if form == "xlsx" else "application/pdf"
    return found.papers.filter(content_type=content_type, language=pdf.language_of(language)).first()


def paper_answer(stored: Paper) -> FileResponse:
    """A stored paper under a name that says what it is."""
    answer = pdf.answer(stored, download=stored.content_type == documents.XLSX)
    ending = "xlsx" if stored.content_type == documents.XLSX else "pdf"
    kind = "attachment" if ending == "xlsx" else "inline"
    answer["Content-Disposition"] = f'{kind}; filename="{stored.number}-{stored.language}.{ending}"'
    return answer


def _found(request: HttpRequest, number: str) -> Any:
    return found_or_404(Report.objects.visible_to(request.user).select_related("asked_by"), number=number)
