"""Papers of an order as PDF: the dispatch order and the service report, in the language asked for."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core import pdf
from tickets import documents
from tickets.models import DispatchOrder


def _language(request: HttpRequest) -> str:
    return pdf.language_of(request.GET.get("lang") or get_language())


@login_required
@require_safe
def order_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The dispatch order as it stands; what has been issued stays what it was."""
    order = get_object_or_404(DispatchOrder.objects.visible_to(request.user), number=number)
    paper = documents.order_paper(order, _language(request), by=request.user, at=timezone.now())
    return pdf.answer(paper, download="download" in request.GET)


@login_required
@require_safe
def report_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The service report: of the newest visit and version, or of `?visit=` and `?version=`."""
    order = get_object_or_404(DispatchOrder.objects.visible_to(request.user), number=number)
    report = documents.find_report(order, request.GET.get("visit", ""), request.GET.get("version", ""))
    if report is None:
        raise Http404
    return pdf.answer(documents.report_paper(report, _language(request)), download="download" in request.GET)
