"""The ledger of one deadline, taking note of it, the reason of a missed one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import history, pages, refs, stories
from core.rest import found_or_404
from sla import actions, ledger, reckoning, wording
from sla.api.payloads import with_account
from sla.forms import ReasonForm, party_label
from sla.models import Timer
from sla.permissions import can_acknowledge, can_explain

SHOWN_SEGMENTS = 60


def _timer(request: HttpRequest, pk: int) -> Timer:
    rows = with_account(Timer.objects.visible_to(request.user))
    found: Timer = found_or_404(rows.select_related("engineer", "owner", "started_by"), pk=pk)
    return found


@require_safe
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger: alone for the place under the chips, else with its page (SLA-06)."""
    timer = _timer(request, pk)
    account = ledger.of(timer, timezone.now())
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "sla/ledger_fragment.html", {"account": account, "timer": timer})
    return _page(request, timer, account, None)


@require_POST
@login_required
@pages.once
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take note: the escalation ends, the clock goes on."""
    timer = _timer(request, pk)
    if not can_acknowledge(request.user, timer):
        raise PermissionDenied(_("Taking note of this deadline is not yours."))
    if pages.run(request, None, actions.acknowledge, timer, by=request.user) is not None:
        messages.success(request, _("Noted. Nobody further up is told; the clock goes on."))
    return redirect(timer.url)


@require_POST
@login_required
@pages.once
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a deadline was missed and who is responsible."""
    timer = _timer(request, pk)
    if not can_explain(request.user, timer):
        raise PermissionDenied(
            _("Only the service head's office and supervisors give the reason of a missed deadline.")
        )
    form = ReasonForm(request.POST)
    if form.is_valid():
        done = pages.run(request, form, actions.give_reason, timer, by=request.user, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Reason kept."))
            return redirect(timer.url)
    answer = _page(request, timer, ledger.of(timer, timezone.now()), form)
    answer.status_code = pages.status_of(request) if pages.status_of(request) != 200 else 400
    return answer


def _page(request: HttpRequest, timer: Timer, account: ledger.Ledger, form: ReasonForm | None) -> HttpResponse:
    segments = reckoning.account(timer).reckoning.segments
    initial = {"reason": timer.breach_reason, "responsible": timer.responsible}
    context = {
        "timer": timer,
        "account": account,
        "subject": _subject(timer),
        "segments": segments[:SHOWN_SEGMENTS],
        "more_segments": max(0, len(segments) - SHOWN_SEGMENTS),
        "facts": _facts(timer),
        "story": stories.tell(history.about(timer)[:50], here=timer),
        "reason_form": form or ReasonForm(initial=initial),
        "may_explain": timer.state == Timer.State.BROKEN and can_explain(request.user, timer),
        "may_acknowledge": timer.state == Timer.State.BROKEN
        and timer.is_open
        and timer.acknowledged_at is None
        and can_acknowledge(request.user, timer),
    }
    return render(request, "sla/ledger.html", context)


def _facts(timer: Timer) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (
            _("Promise"),
            _("%(promise)s, version %(version)d")
            % {"promise": timer.line.promise, "version": timer.line.promise.version},
        ),
        (_("Clock"), wording.clock_name(timer.line.clock)),
        (_("Engineer"), str(timer.engineer or "—")),
        (_("In whose hands"), party_label(timer.line.party) or "—"),
    ]
    if timer.broken_at:
        rows.append((_("Responsible"), party_label(timer.responsible) or "—"))
        rows.append((_("Reason"), timer.breach_reason or "—"))
    if timer.acknowledged_at:
        rows.append((_("Noted by"), str(timer.acknowledged_by)))
    if timer.line.penalty:
        rows.append((_("Penalty when missed"), f"{timer.line.penalty:.2f}"))
    return rows


def _subject(timer: Timer) -> dict[str, Any]:
    """The record it runs for: name and page."""
    name, _colon, key = timer.subject.partition(":")
    kind = refs.kind_named(name)
    record = kind.model._default_manager.filter(pk=key).first() if kind else None
    return {"label": str(record or timer.subject), "url": kind.url(record) if kind and record else ""}
