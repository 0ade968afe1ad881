"""The queue of customers to call back, one call with its form, and the verbs of a call (FUP-01, FUP-02)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import history, pages, paging, pdf, sheets, stories
from core.rest import found_or_404
from customers.models import Customer, Equipment
from followups import actions, documents, forms, permissions
from followups.chips import chip_of
from followups.models import FollowUp
from staff.models import in_language
from tickets import verdicts
from tickets.models import Ticket

RELATED = ("rule", "questionnaire", "customer", "equipment__model", "ticket", "region", "assigned", "escalated_to")
PANEL_ROWS = 5
STORY_ROWS = 30

COLUMNS = [
    sheets.Column(gettext_lazy("Number"), "number", "code"),
    sheets.Column(gettext_lazy("Reason for the call"), "rule"),
    sheets.Column(gettext_lazy("Customer"), "customer.name"),
    sheets.Column(gettext_lazy("Machine"), "equipment.serial", "code"),
    sheets.Column(gettext_lazy("Ticket"), "ticket.number", "code"),
    sheets.Column(gettext_lazy("State"), "status.label"),
    sheets.Column(gettext_lazy("Due"), "due_at", "moment"),
    sheets.Column(gettext_lazy("Attempts"), "attempts_count", "number"),
    sheets.Column(gettext_lazy("Reached"), "reached_at", "moment"),
    sheets.Column(gettext_lazy("Overall rating"), "overall", "number"),
    sheets.Column(gettext_lazy("Lowest rating"), "lowest", "number"),
    sheets.Column(gettext_lazy("Called by"), "called_by"),
]

VIEWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "due": (gettext_lazy("To call"), ("next_at", "id")),
    "mine": (gettext_lazy("Mine"), ("next_at", "id")),
    "escalated": (gettext_lazy("With the superior"), ("answer_due_at", "id")),
    "unreached": (gettext_lazy("Not to be reached"), ("-next_at", "-id")),
    "done": (gettext_lazy("Done"), ("-done_at", "-id")),
}


def seen_by(request: HttpRequest) -> QuerySet[FollowUp]:
    """Follow-ups the person sees; 403 for those who see none."""
    if not permissions.can_read(request.user):
        raise PermissionDenied(_("Follow-ups are for the office; engineers do not see what customers say of them."))
    rows: QuerySet[FollowUp] = FollowUp.objects.visible_to(request.user).select_related(*RELATED)
    return rows


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Whom to call now, the next one first."""
    view = request.GET.get("view", "due")
    if view not in VIEWS:
        raise Http404
    form = forms.QueueFilter(request.GET)
    rows, ordering = _filtered(_of_view(seen_by(request), view, request.user), form), VIEWS[view][1]
    if "export" in request.GET:
        return sheets.answer(request, "follow-ups", COLUMNS, rows.select_related("called_by").order_by(*ordering))
    now = timezone.now()
    page = paging.page(rows, ordering, request.GET.get("cursor", ""), 30)
    for row in page.rows:
        row.chip = chip_of(row, now)
    context = {
        "form": form,
        "page": page,
        "view": view,
        "views": _tabs(request, view, now),
        "first": page.rows[0] if page.rows and view in ("due", "mine") else None,
        "card_form": forms.CardForm(user=request.user) if permissions.can_receive_cards(request.user) else None,
    }
    return render(request, "followups/queue.html", context)


def _of_view(rows: Any, view: str, user: Any) -> Any:
    if view == "due":
        return rows.to_call()
    if view == "mine":
        return rows.open().filter(assigned=user) | rows.filter(state="escalated", escalated_to=user)
    return rows.filter(state=view)


def _filtered(rows: Any, form: forms.QueueFilter) -> Any:
    if not form.is_valid():
        return rows
    given = form.cleaned_data
    if given["rule"]:
        rows = rows.filter(rule_code=given["rule"])
    if given["region"]:
        rows = rows.filter(region=given["region"])
    if given["q"]:
        rows = rows.filter(customer__in=Customer.objects.matching(given["q"]))
    return rows


def _tabs(request: HttpRequest, view: str, now: Any) -> list[dict[str, Any]]:
    rows = FollowUp.objects.visible_to(request.user)
    counts = {
        "due": rows.due(now)[:100].count(),
        "escalated": rows.filter(state="escalated")[:100].count(),
    }
    return [
        {"label": label, "url": f"?view={code}", "count": counts.get(code), "current": code == view}
        for code, (label, _ordering) in VIEWS.items()
    ]


@require_safe
@login_required
def followup(request: HttpRequest, number: str) -> HttpResponse:
    """One call: what to say, whom to, the story, the form."""
    return _page(request, found_or_404(seen_by(request), number=number))


def _page(request: HttpRequest, record: FollowUp, **given: Any) -> HttpResponse:
    possible = actions.possible(record, request.user)
    may_answer = "answer" in possible
    form = given.get("answer") or (forms.AnswerForm(record.questionnaire) if may_answer else None)
    now = timezone.now()
    context = {
        "followup": record,
        "chip": chip_of(record, now),
        "possible": possible,
        "answer_form": form,
        "panels": _panels(record, possible, given),
        "attempts": list(record.attempts.select_related("by")),
        "answers": _answers(record),
        "verdict": verdicts.frozen(record.ticket) if record.ticket else None,
        "story": stories.tell(history.about(record.ticket or record, reader=request.user)[:STORY_ROWS], here=record),
        "next": _next(request, record),
        "waits": record.is_open and record.next_at > now and record.state != "escalated",
    }
    broken = any(form.is_bound and form.errors for form in given.values())
    status = pages.status_of(request)
    return render(request, "followups/followup.html", context, status=422 if broken and status == 200 else status)


def _panels(record: FollowUp, possible: list[str], given: dict[str, Any]) -> list[dict[str, Any]]:
    """Buttons that open their form in place."""
    offers = [
        ("attempt", _("Not reached"), forms.AttemptForm, "phone-off"),
        ("resolve", _("Answer the customer"), forms.ResolveForm, "circle-check"),
        ("escalate", _("Hand to the superior"), forms.EscalateForm, "trending-up"),
        ("cancel", _("Cancel the follow-up"), forms.CancelForm, "ban"),
    ]
    if record.state == "done":
        possible = []
    return [
        {
            "verb": verb,
            "label": label,
            "icon": icon,
            "form": given.get(verb) or form(auto_id=f"{verb}_%s"),
            "url": reverse(f"followups:{verb}", args=[record.number]),
            "primary": verb == "resolve",
        }
        for verb, label, form, icon in offers
        if verb in possible
    ]


def _answers(record: FollowUp) -> list[dict[str, Any]]:
    """The answers by section, in words."""
    given = {row.question: row for row in record.answers.all()}
    ratings = dict(forms.RATINGS)
    sections = []
    for section in record.questionnaire.sections if given else []:
        pairs = []
        for question in section["questions"]:
            row = given.get(question["code"])
            if row is None:
                continue
            yes = _("Yes") if row.yes else _("No")
            value = ratings[row.rating] if row.rating else row.text or yes
            low = (row.rating is not None and row.rating <= question.get("low", 2)) or row.yes is False
            pairs.append({"label": in_language(question["zh"], question["en"]), "value": value, "low": low})
        if pairs:
            sections.append({"label": in_language(section["zh"], section["en"]), "pairs": pairs})
    return sections


def _next(request: HttpRequest, record: FollowUp) -> FollowUp | None:
    """The next customer to call."""
    rows = FollowUp.objects.visible_to(request.user).due(timezone.now()).exclude(pk=record.pk)
    found: FollowUp | None = rows.order_by("next_at", "id").first()
    return found


@require_POST
@login_required
@pages.once
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the filled form."""
    record = found_or_404(seen_by(request), number=number)
    form = forms.AnswerForm(record.questionnaire, request.POST)
    if form.is_valid():
        values = {"answers": form.answers(), "question": form.cleaned_data["question"]}
        done = pages.run(request, form, actions.answer, record, by=request.user, **values)
        if done is not None:
            text = _("%(number)s is done.") if done.state == "done" else _("%(number)s is with %(superior)s now.")
            text = text % {"number": done.number, "superior": done.escalated_to or _("the superior")}
            messages.success(request, text, extra_tags=f"draft:followup-{record.number}")
            following = _next(request, done)
            return redirect(following or "followups:queue")
    return _page(request, record, answer=form)


@require_POST
@login_required
@pages.once
def attempt(request: HttpRequest, number: str) -> HttpResponse:
    """Not reached."""
    return _verb(request, number, "attempt", forms.AttemptForm, actions.attempt)


@require_POST
@login_required
@pages.once
def escalate(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a question to the superior."""
    return _verb(request, number, "escalate", forms.EscalateForm, actions.escalate)


@require_POST
@login_required
@pages.once
def resolve(request: HttpRequest, number: str) -> HttpResponse:
    """The customer has the answer."""
    return _verb(request, number, "resolve", forms.ResolveForm, actions.resolve)


@require_POST
@login_required
@pages.once
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Nobody is called."""
    return _verb(request, number, "cancel", forms.CancelForm, actions.cancel)


def _verb(request: HttpRequest, number: str, name: str, shape: Any, action: Any) -> HttpResponse:
    record = found_or_404(seen_by(request), number=number)
    form = shape(request.POST, auto_id=f"{name}_%s")
    if form.is_valid() and pages.run(request, form, action, record, by=request.user, **form.cleaned_data) is not None:
        return redirect(record)
    return _page(request, record, **{name: form})


@require_POST
@login_required
@pages.once
def take(request: HttpRequest, number: str) -> HttpResponse:
    """I make this call."""
    record = found_or_404(seen_by(request), number=number)
    pages.run(request, None, actions.take, record, by=request.user)
    return redirect(record) if pages.status_of(request) == 200 else _page(request, record)


@require_POST
@login_required
@pages.once
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Try once more."""
    record = found_or_404(seen_by(request), number=number)
    pages.run(request, None, actions.retry, record, by=request.user)
    return redirect(record) if pages.status_of(request) == 200 else _page(request, record)


@require_POST
@login_required
@pages.once
def return_card(request: HttpRequest) -> HttpResponse:
    """A service card came back."""
    if not permissions.can_receive_cards(request.user):
        raise PermissionDenied(_("Service cards are handed in at the desk."))
    form = forms.CardForm(request.POST, user=request.user)
    if form.is_valid():
        values = dict(form.cleaned_data)
        card = pages.run(request, form, actions.return_card, values.pop("order"), by=request.user, **values)
        if card is not None:
            messages.success(request, _("Card %(number)s is noted; the follow-up is due today.") % {"number": card})
            return redirect("followups:queue")
    status = pages.status_of(request)
    return render(request, "followups/card.html", {"form": form}, status=422 if status == 200 else status)


@require_safe
@login_required
def form_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The follow-up form as paper."""
    record = found_or_404(seen_by(request), number=number)
    language = pdf.language_of(request.GET.get("lang") or get_language())
    return documents.form_answer(record, language, by=request.user, at=timezone.now())


@require_safe
@login_required
def ticket_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Follow-ups of a ticket, for its page."""
    ticket = found_or_404(Ticket.objects.visible_to(request.user), number=number)
    return _panel(request, FollowUp.objects.visible_to(request.user).filter(ticket=ticket))


@require_safe
@login_required
def machine_panel(request: HttpRequest, serial: str) -> HttpResponse:
    """Follow-ups of a machine, for its page."""
    machine = found_or_404(Equipment.objects.visible_to(request.user), serial=serial)
    return _panel(request, FollowUp.objects.visible_to(request.user).filter(equipment=machine))


@require_safe
@login_required
def customer_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Follow-ups of a customer, for its page."""
    customer = found_or_404(Customer.objects.visible_to(request.user), number=number)
    return _panel(request, FollowUp.objects.visible_to(request.user).filter(customer=customer))


def _panel(request: HttpRequest, rows: Any) -> HttpResponse:
    now = timezone.now()
    found = list(rows.select_related(*RELATED).order_by("-created_at", "-id")[:PANEL_ROWS])
    for row in found:
        row.chip = chip_of(row, now)
    shown = permissions.can_read(request.user)
    return render(request, "followups/panel.html", {"rows": found, "shown": shown})
