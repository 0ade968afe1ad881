"""The simulator's page, and the promise letter (SLA-07)."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core import pdf, refs, sheets
from core.errors import Refused
from core.rest import found_or_404
from customers.models import Contract
from sla import documents, histories, simulator
from sla.models import Promise
from sla.querysets import newest
from sla.replay import SHARES
from sla.simulation_forms import SimulationForm
from sla.telling import records
from sla.views.guards import readers
from sla.wording import minutes
from staff.models import Region


@require_http_methods(["GET", "POST"])
@readers
def simulate(request: HttpRequest) -> HttpResponse:
    """Choose a promise and a stretch of history; see what it would have meant. Nothing is stored."""
    today = timezone.localdate()
    initial = {"promise": request.GET.get("promise", ""), "start": today - timedelta(days=365), "end": today}
    asked = request.method == "POST"
    form = SimulationForm(request.POST if asked else None, request.FILES if asked else None, initial=initial)
    context: dict[str, Any] = {"form": form, "at_most": simulator.AT_MOST, "shares": SHARES}
    if asked and form.is_valid():
        try:
            context |= _result(form)
        except Refused as error:
            for texts in error.fields.values():
                form.add_error("file" if form.cleaned_data["file"] else None, [str(text) for text in texts])
    return render(request, "sla/simulator.html", context, status=400 if asked and form.errors else 200)


@require_safe
@readers
def letter(request: HttpRequest, code: str) -> Any:
    """The promise letter as PDF, in general or for a contract."""
    promise = found_or_404(newest(Promise.objects.all()), code=code)
    number = request.GET.get("contract", "")
    contract = found_or_404(Contract.objects.select_related("customer"), number=number) if number else None
    paper = documents.letter(
        promise,
        language=pdf.language_of(request.GET.get("lang")),
        by=request.user,
        at=timezone.now(),
        contract=contract,
    )
    return pdf.answer(paper)


def _result(form: SimulationForm) -> dict[str, Any]:
    promise = newest(Promise.objects.all()).get(code=form.cleaned_data["promise"])
    start, end = form.bounds()
    if form.cleaned_data["file"]:
        cases = histories.from_sheet(sheets.read(form.cleaned_data["file"]), form.cleaned_data["names"])
        until = max((event.at for case in cases for event in case.events), default=end)
        result = simulator.run(promise, list(promise.lines.all()), cases, len(cases), until)
        events = histories.event_names(cases)
    else:
        of, found = histories.stored("ticket", start, end, simulator.AT_MOST)
        result = simulator.run(promise, list(promise.lines.all()), found, of, timezone.now())
        events = []
    subjects = records(run.ref for run in result.worst if ":" in run.ref)
    labels = {line.line.position: line.line.label for line in result.lines}
    return {
        "promise": promise,
        "result": result,
        "events": events,
        "regions": {row.code: str(row) for row in Region.objects.all()},
        "worst": [_worst(run, subjects, labels) for run in result.worst],
        "lines": [
            {"result": line, "tight": [_tight(line.tightest, share) for share in SHARES]} for line in result.lines
        ],
    }


def _tight(found: Any, share: int) -> str:
    if found is None:
        return "—"
    amount = found.spans[share]
    return minutes(amount) if found.unit == "minutes" else str(amount)


def _worst(run: Any, subjects: dict[str, Any], labels: dict[int, str]) -> dict[str, Any]:
    record = subjects.get(run.ref)
    kind = refs.kind_named(run.ref.partition(":")[0])
    return {
        "run": run,
        "label": str(record or run.ref),
        "url": kind.url(record) if record is not None and kind else "",
        "target": labels.get(run.line, ""),
        "late": run.late if run.end else None,
    }
