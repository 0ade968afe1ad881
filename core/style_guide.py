"""The page /style/: every component in all its states, with lifelike data. For administrators and for development."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from core.paging import Page

EMPTY: dict[str, dict[str, Any]] = {
    "actions": {
        "url": "",
        "method": "get",
        "primary": False,
        "blocked_reason": "",
        "key": "",
        "icon": "",
        "fields": {},
    },
    "story": {"tone": "", "note": "", "quote": "", "url": "", "photos": []},
    "rows": {"grade": None, "kind_label": "", "note": "", "url": "#", "timer": None},
}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "defaults" / "style_guide.toml").read_text())


def _spoken(value: Any, language: str) -> Any:
    """A value of the file with its {zh, en} pairs in one language and its tables as objects."""
    if isinstance(value, list):
        return [_spoken(part, language) for part in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"zh", "en"}:
        return value[language]
    return Row(**{name: _spoken(part, language) for name, part in value.items()})


def samples() -> Row:
    """All samples in the language of the page, with times around now."""
    given: Row = _spoken(_file(), "en" if (get_language() or "").startswith("en") else "zh")
    for name, missing in EMPTY.items():
        setattr(given, name, [Row(**{**missing, **vars(row)}) for row in getattr(given, name)])
    now = timezone.now()
    given.timers = [_timer(clock, now) for clock in given.clocks]
    for row in given.rows:
        row.timer = given.timers[row.clock] if hasattr(row, "clock") else None
    for entry in given.story:
        entry.at = now - timedelta(hours=entry.hours)
        entry.entered_at = now - timedelta(hours=getattr(entry, "entered", entry.hours))
    _sum_up(given.ledger, now.replace(second=0, microsecond=0) - timedelta(hours=29, minutes=12))
    given.promise = mark_safe(given.promise)  # noqa: S308 - our own file
    return given


def _timer(clock: Row, now: Any) -> Row:
    minutes = timedelta(minutes=1)
    ended, left = getattr(clock, "ended_minutes", None), getattr(clock, "left_minutes", None)
    due = now + clock.due_minutes * minutes
    return Row(
        state=clock.state,
        target_label=clock.target,
        due_at=due,
        warn_at=due - 40 * minutes,
        started_at=now - 300 * minutes,
        share_used=clock.used,
        held_reason=getattr(clock, "held_reason", ""),
        ended_at=None if ended is None else now + ended * minutes,
        left=None if left is None else left * minutes,
        url="/style/?part=ledger",
    )


def _sum_up(ledger: Row, start: Any) -> None:
    """Times of the rows, the total, and the parts of the bar."""
    hour, due = timedelta(hours=1), start
    for row in ledger.rows:
        row.change = row.change_hours * hour
        due += row.change
        row.at, row.due_at = start + row.from_hours * hour, due
        row.until = start + row.until_hours * hour if hasattr(row, "until_hours") else None
        row.evidence_url = "#" if hasattr(row, "evidence_label") else ""
    ledger.due_at, ledger.total = due, due - start
    sums: dict[str, Row] = {}
    for part in ledger.parts:
        part.seconds = part.hours * 3600
        total = sums.setdefault(part.kind, Row(kind=part.kind, label=part.label, span=timedelta()))
        total.span += part.hours * hour
    ledger.sums = list(sums.values())


class SampleForm(forms.Form):
    """One field of every sort."""

    contact = forms.CharField(max_length=40)
    phone = forms.CharField(max_length=20)
    wish = forms.ChoiceField()
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    hours = forms.DecimalField(required=False)
    works = forms.ChoiceField(widget=forms.RadioSelect, initial="no")
    lines = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(required=False)
    paper = forms.FileField(required=False)

    def __init__(self, labels: Row, *args: Any) -> None:
        super().__init__(*args)
        for name, field in self.fields.items():
            field.label = getattr(labels, name)
        self.fields["words"].help_text = labels.words_help
        for name, choices in (("wish", labels.wishes), ("works", labels.answers), ("lines", labels.product_lines)):
            self.fields[name].choices = [(row.code, row.label) for row in choices]  # type: ignore[attr-defined]


class SampleFilter(forms.Form):
    """Filters of the sample list."""

    q = forms.CharField(required=False)
    grade = forms.ChoiceField(required=False, choices=[("", "—"), *((str(n), str(n)) for n in range(1, 5))])


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """The style guide; ?form=bad shows a refused form, ?say=1 the messages, ?part=ledger a fragment."""
    if not (settings.DEBUG or request.user.has_role("admin")):  # type: ignore[union-attr]
        raise PermissionDenied
    given = samples()
    if request.GET.get("part") == "ledger":
        return render(request, "components/ledger.html", {"ledger": given.ledger})
    if "say" in request.GET:
        messages.success(request, given.form.saved)
        messages.error(request, given.verdicts[3].reason)
    form = SampleForm(given.form, *([{"contact": "王建军"}] if request.GET.get("form") == "bad" else []))
    if form.is_bound:
        form.add_error(None, given.form.refused)
    context = {
        **vars(given),
        "form": form,
        "filter": SampleFilter(request.GET),
        "reason_form": ReasonForm(),
        "facts": [(fact.label, fact.value, fact.url) for fact in given.facts],
        "page": Page(given.rows, newer="x", older="y"),
    }
    for name in ("q", "grade"):
        context["filter"].fields[name].label = getattr(given.form, name)
    context["reason_form"].fields["why"].label = given.form.why
    return render(request, "core/style.html", context)
