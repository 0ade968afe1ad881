"""Settings of clocks, promises and chains: lists, one with its history, a new version instead of an edit."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, refs, stories
from core.models import Entry
from core.rest import found_or_404
from sla import actions, calendars, definitions, wording
from sla.models import Chain, Clock, Promise, PromiseChoice, Target, Timer
from sla.permissions import can_change_policy
from sla.policy_forms import (
    ChainForm,
    ChoiceForm,
    ClockForm,
    LineForm,
    LineFormSet,
    PromiseForm,
    RungFormSet,
    TryClockForm,
    TryPromiseForm,
    people,
)
from sla.querysets import newest
from sla.views.guards import changers, readers


@dataclass(frozen=True)
class Kind:
    """What differs between the three kinds of policy."""

    model: Any
    form: Any
    put: Any
    name: str
    title: Any
    new: Any


KINDS = {
    "clock": Kind(Clock, ClockForm, actions.put_clock, "clocks", gettext_lazy("Clocks"), gettext_lazy("New clock")),
    "chain": Kind(
        Chain, ChainForm, actions.put_chain, "chains", gettext_lazy("Escalation chains"), gettext_lazy("New chain")
    ),
    "promise": Kind(
        Promise, PromiseForm, actions.put_promise, "settings", gettext_lazy("Promises"), gettext_lazy("New promise")
    ),
}


@require_safe
@readers
def promises(request: HttpRequest) -> HttpResponse:
    """All promises with their lines, and a place to try what somebody would be promised."""
    definitions.current()
    rows = newest(Promise.objects.all()).prefetch_related("lines").order_by("by_choice", "code")
    context = {
        **_common(request, "promise"),
        "rows": [(row, [_line(line) for line in row.lines.all()]) for row in rows],
        "form": TryPromiseForm(initial={"at": timezone.localtime()}),
    }
    return render(request, "sla/promises.html", context)


@require_safe
@readers
def clocks(request: HttpRequest) -> HttpResponse:
    """All clocks, and years that are missing."""
    today = timezone.localdate()
    rows = [
        (row, _week(row), calendars.missing_years(row, today)) for row in newest(Clock.objects.all()).order_by("code")
    ]
    return render(request, "sla/clocks.html", {**_common(request, "clock"), "rows": rows})


@require_safe
@readers
def chains(request: HttpRequest) -> HttpResponse:
    """All chains with their rungs."""
    rows = [(row, _rungs(row)) for row in newest(Chain.objects.all()).order_by("code")]
    return render(request, "sla/chains.html", {**_common(request, "chain"), "rows": rows})


@require_safe
@readers
def promise(request: HttpRequest, code: str) -> HttpResponse:
    """A promise: its lines in words, the contracts that chose it, how it is kept, its versions."""
    definitions.current()
    row = _newest(Promise, code)
    context = {
        **_common(request, "promise"),
        "row": row,
        "lines": [_line(line) for line in row.lines.all()],
        "whom": wording.whom(row.selectors),
        "choices": PromiseChoice.objects.filter(promise=code).order_by("contract"),
        "choice_form": ChoiceForm(),
        "running": Timer.objects.open().filter(line__promise__code=code).count(),
        **_past(row),
    }
    return render(request, "sla/promise.html", context)


@require_safe
@readers
def clock(request: HttpRequest, code: str) -> HttpResponse:
    """A clock: its week, a year as calendar with provisional years marked, a place to try it, its versions."""
    row = _newest(Clock, code)
    today = timezone.localdate()
    year = request.GET.get("year", "")
    number = int(year) if year.isdecimal() and 1990 <= int(year) <= 2100 else today.year
    region = request.GET.get("region", "")
    versions = list(Clock.objects.filter(code=code).order_by("version"))
    context = {
        **_common(request, "clock"),
        "row": row,
        "week": _week(row),
        "months": calendars.year(versions, number, region),
        "year": number,
        "provisional": row.follows_holidays and number not in row.published_years,
        "missing": calendars.missing_years(row, today),
        "regions": sorted(row.region_days),
        "region": region,
        "running": Timer.objects.open().filter(line__clock=code).count(),
        "form": TryClockForm(initial={"start": timezone.localtime()}),
        **_past(row),
    }
    return render(request, "sla/clock.html", context)


@require_safe
@readers
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """A chain: who is told when, its versions."""
    row = _newest(Chain, code)
    context = {**_common(request, "chain"), "row": row, "rungs": _rungs(row), **_past(row)}
    return render(request, "sla/chain.html", context)


@require_http_methods(["GET", "POST"])
@changers
@pages.once
def change(request: HttpRequest, kind: str, code: str = "") -> HttpResponse:
    """A new one, or the next version of one; nothing that exists is edited."""
    what = KINDS[kind]
    known = _newest(what.model, code) if code else None
    initial = what.form.initial_of(known) if known is not None else {}
    form = what.form(request.POST or None, known=known, initial=initial)
    parts = _parts(kind, request, known)
    if request.method == "POST" and form.is_valid() and (parts is None or parts.is_valid()):
        made = pages.run(request, form, what.put, **_values(kind, form, parts), by=request.user)
        if made is not None:
            messages.success(
                request, _("Version %(version)d of %(name)s holds.") % {"version": made.version, "name": made}
            )
            return redirect(f"sla:{kind}", made.code)
    context = {
        **_common(request, kind),
        "form": form,
        "parts": parts,
        "known": known,
        "title": str(known) if known else what.new,
        "events": sorted(history.kinds()),
    }
    status = pages.status_of(request)
    failed = form.errors or (parts is not None and parts.is_bound and not parts.is_valid())
    return render(request, "sla/policy_form.html", context, status=400 if status == 200 and failed else status)


@require_POST
@changers
@pages.once
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """A contract chooses a promise."""
    row = _newest(Promise, code)
    form = ChoiceForm(request.POST)
    if form.is_valid():
        done = pages.run(request, None, actions.choose_promise, promise=code, **form.cleaned_data, by=request.user)
        if done is not None:
            messages.success(request, _("Contract %(contract)s has this promise now.") % {"contract": done.contract})
    else:
        messages.error(request, _("Give the number of the contract."))
    return redirect("sla:promise", row.code)


@require_POST
@changers
@pages.once
def drop(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A contract no longer has a promise."""
    choice = found_or_404(PromiseChoice.objects.filter(promise=code), pk=pk)
    pages.run(request, None, actions.drop_choice, choice, by=request.user)
    return redirect("sla:promise", code)


def _common(request: HttpRequest, kind: str) -> dict[str, Any]:
    tabs = [
        {
            "label": one.title,
            "url": f"/settings/{'promises' if name == 'promise' else one.name}/",
            "current": name == kind,
        }
        for name, one in KINDS.items()
    ]
    return {"tabs": tabs[::-1], "may_change": can_change_policy(request.user), "kind": kind}


def _newest(model: Any, code: str) -> Any:
    row = model.objects.filter(code=code).order_by("-version").first()
    if row is None:
        raise Http404(_("Not found."))
    return row


def _past(row: Any) -> dict[str, Any]:
    """All versions of a code and what the history tells of them."""
    versions = list(type(row).objects.filter(code=row.code).order_by("-version").select_related("made_by"))
    names = [refs.ref(one) for one in versions]
    entries = Entry.objects.filter(subject__in=names).select_related("by").order_by("-at", "-id")[:30]
    return {"versions": versions, "story": stories.tell(entries, here=row)}


def _week(row: Clock) -> list[tuple[Any, str]]:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return [
        (name, _(", ").join("–".join(pair) for pair in row.weekly.get(code) or []))
        for name, code in zip(names, ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True)
    ]


def _rungs(row: Chain) -> list[tuple[Any, str]]:
    names = dict(people())
    told = [(_("Warning"), _(", ").join(str(names[who]) for who in row.warn_who) or "—")]
    for rung in row.rungs:
        after = int(rung["after"])
        when = _("At the deadline") if not after else _("%(span)s later") % {"span": wording.minutes(after)}
        told.append((when, _(", ").join(str(names.get(who, who)) for who in rung["who"])))
    return told


def _line(line: Any) -> dict[str, Any]:
    """A line in words."""
    return {
        "line": line,
        "target": Target(line.target).label,
        "label": line.label,
        "span": wording.span(line.span),
        "clock": wording.clock_name(line.clock),
        "chain": str(definitions.at_hand().chain(line.chain) or ""),
        "remote": wording.minutes(line.remote_minutes) if line.remote_minutes else "",
        "whom": wording.whom({name: one for name, one in line.selectors.items() if one != ["ticket"]}),
        "start": wording.events(line.start_kinds),
        "restart": wording.events(line.restart_kinds),
        "stop": wording.events(line.stop_kinds),
        "pauses": wording.reasons(line.pausable),
    }


def _parts(kind: str, request: HttpRequest, known: Any) -> Any:
    """The rows below the head: lines of a promise, rungs of a chain."""
    data = request.POST or None
    if kind == "promise":
        lines = [LineForm.initial_of(line) for line in known.lines.all()] if known else []
        return LineFormSet(data, initial=lines, prefix="lines")
    if kind == "chain":
        return RungFormSet(data, initial=known.rungs if known else [], prefix="rungs")
    return None


def _values(kind: str, form: Any, parts: Any) -> dict[str, Any]:
    if kind == "clock":
        return dict(form.values())
    rows = [one for one in parts.forms if one.has_changed() or one.initial if not one.cleaned_data.get("DELETE")]
    values = dict(form.cleaned_data)
    if kind == "promise":
        return {**values, "lines": [one.values() for one in rows]}
    return {**values, "rungs": [{"after": one.cleaned_data["after"], "who": one.cleaned_data["who"]} for one in rows]}
