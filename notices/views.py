"""Pages of messages: my inbox; for the administrator the deliveries and the texts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pages, stories
from core.paging import page
from core.rest import found_or_404
from notices import actions, texts, wording
from notices.forms import DeliveryFilter, TextForm
from notices.kinds import KINDS, PLACES
from notices.models import Delivery, Template
from notices.querysets import ADMIN

LANGUAGES = {"zh-hans": "中文", "en": "English"}


def _managing(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_role(ADMIN):
        raise PermissionDenied(_("Only an administrator manages messages."))


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages, newest first."""
    rows = Delivery.objects.inbox_of(request.user, timezone.now())
    everything = request.GET.get("view") == "all"
    context = {
        "page": page(rows if everything else rows.unread(), ("-at", "-id"), request.GET.get("cursor", "")),
        "everything": everything,
        "views": [
            {"label": _("Unread"), "url": request.path, "current": not everything},
            {"label": _("All"), "url": "?view=all", "current": everything},
        ],
    }
    return render(request, "notices/inbox.html", context)


@require_safe
@login_required
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the record a message is about; the message is read then."""
    own = Delivery.objects.inbox_of(request.user, timezone.now())
    delivery = found_or_404(own, pk=pk)
    actions.mark_read(own.filter(pk=pk), by=request.user)
    return redirect(delivery.url if delivery.url.startswith("/") else "notices:list")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """All messages of my inbox are read."""
    actions.mark_read(Delivery.objects.inbox_of(request.user, timezone.now()), by=request.user)
    return redirect("notices:list")


@require_safe
@login_required
def deliveries(request: HttpRequest) -> HttpResponse:
    """Every delivery with its state."""
    _managing(request)
    form = DeliveryFilter(request.GET)
    rows = Delivery.objects.select_related("receiver")
    if form.is_valid():
        for field in ("state", "channel"):
            if form.cleaned_data[field]:
                rows = rows.filter(**{field: form.cleaned_data[field]})
        if query := form.cleaned_data["q"]:
            rows = rows.filter(Q(receiver__name__icontains=query) | Q(subject__icontains=query))
    context = {"page": page(rows, ("-at", "-id"), request.GET.get("cursor", "")), "form": form}
    return render(request, "notices/deliveries.html", context)


@require_POST
@login_required
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message again that was given up."""
    _managing(request)
    delivery = found_or_404(Delivery.objects, pk=pk)
    if pages.run(request, None, actions.send_again, delivery, by=request.user) is not None:
        messages.success(request, _("The message will be sent again."))
    return redirect("notices:deliveries")


@require_safe
@login_required
def text_list(request: HttpRequest) -> HttpResponse:
    """The texts of all kinds of messages in both languages."""
    _managing(request)
    now = timezone.now()
    stored = {(row.code, row.language): row for row in Template.objects.valid_at(now)}
    rows = [
        {"code": code, "label": label, "texts": [_text_of(code, language, stored) for language in LANGUAGES]}
        for code, label in KINDS.items()
    ]
    return render(request, "notices/texts.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@login_required
def text(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Change a text; shows how it reads with an example and what it said before."""
    _managing(request)
    if code not in KINDS or language not in LANGUAGES:
        raise Http404
    valid = texts.valid(code, language, timezone.now())
    form = TextForm(request.POST or None, initial={"subject": valid.subject, "body": valid.body})
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        given: dict[str, Any] = form.cleaned_data
        done = pages.run(request, form, actions.change_text, code, language, by=request.user, **given)
        if done is not None:
            messages.success(request, _("The text is saved. It counts from now on."))
            return redirect("notices:texts")
    example = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    context = {
        "form": form,
        "code": code,
        "label": KINDS[code],
        "language": LANGUAGES[language],
        "places": PLACES,
        "example": {name: wording.fill(words, _example(language)) for name, words in example.items()},
        "story": stories.tell(history.about(f"text:{code}")[:50]),
    }
    status = pages.status_of(request)
    return render(request, "notices/text.html", context, status=400 if form.errors and status == 200 else status)


def _text_of(code: str, language: str, stored: dict[tuple[str, str], Template]) -> dict[str, Any]:
    text = stored.get((code, language)) or texts.valid(code, language, timezone.now())
    return {"language": language, "text": text}


def _example(language: str) -> dict[str, str]:
    chinese = language == "zh-hans"
    return {
        "number": "WX20261121-0001",
        "title": "热熔划线车熄火保护" if chinese else "hot-melt machine, flame-out protection",
        "customer": "陕西路桥养护有限公司" if chinese else "Shaanxi Road and Bridge Maintenance Co.",
        "due": "11-21 14:30",
        "why": "客户催促" if chinese else "the customer is waiting",
        "name": "张海涛" if chinese else "Zhang Haitao",
    }
