"""The verbs of a ticket on its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import pages
from tickets.forms import ticket_actions as plain
from tickets.forms import ticket_work as work
from tickets.forms.actions import ActionForm
from tickets.models import Ticket
from tickets.states import TICKET
from tickets.views import actions
from tickets.views.tickets import own, show

FORMS: dict[str, type[ActionForm]] = {
    form.code.replace("_", "-"): form
    for form in (
        work.GradeForm,
        work.PhoneForm,
        work.TryForm,
        work.DispatchForm,
        plain.WaitForm,
        plain.ResumeForm,
        plain.ChargesForm,
        plain.PathForm,
        plain.ConfirmForm,
        plain.CloseForm,
        plain.ReopenForm,
        plain.CancelForm,
        plain.MergeForm,
        plain.NoteForm,
        plain.PhotoForm,
        plain.CallForm,
        plain.LinkCallForm,
    )
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@pages.once
def ticket_action(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The form of one verb, and doing it."""
    record = own(request.user, number)
    if code not in FORMS:
        raise Http404

    def check(ticket: Ticket) -> None:
        if code.replace("-", "_") in TICKET.moves:
            TICKET.check(ticket, code.replace("-", "_"), request.user)

    def page(ticket: Any, opened: dict[str, Any]) -> HttpResponse:
        return show(request, ticket, opened)

    return actions.act(
        request,
        FORMS[code],
        read=lambda: own(request.user, number),
        check=check,
        show=page,
        target=lambda _done: reverse("tickets:ticket", args=[record.number]),
    )
