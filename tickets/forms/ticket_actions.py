"""The plain verbs of a ticket as forms: waiting, charges, path, ends, notes, photos, calls, merging."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import uploads
from customers.models import Channel
from tickets import permissions
from tickets.actions import calls, tickets
from tickets.forms.actions import ActionForm, text, when
from tickets.models import Call, Ticket
from tickets.states import TICKET
from tickets.visit_forms import MomentInput

CALLS_OFFERED = 12
CALLS_OF = timedelta(days=60)


class StateForm(ActionForm):
    """A verb of the state table."""

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """As the state table says."""
        return TICKET.permitted(cls.code, user)


class WaitForm(StateForm):
    """Stop the clock with a reason and what proves it (SLA-04)."""

    code, title, submit = "wait", _("Stop the clock"), _("Stop the clock")
    lead = _("The deadlines that may wait for this reason stand still until work goes on.")
    done = _("The clock stands still.")
    for_ = forms.ChoiceField(
        label=_("What for"), choices=[c for c in Ticket.Wait.choices if c[0]], widget=forms.RadioSelect
    )
    why = text(_("Reason"), hint=_("For example: storm warning, the site is closed until tomorrow"))
    evidence = forms.CharField(
        label=_("Evidence"), required=False, max_length=300, help_text=_("Message, letter, photo: what shows it.")
    )
    photo = forms.FileField(
        label=_("Photo of it"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    at = when()

    @transaction.atomic
    def run(self) -> Any:
        """Wait; the photo goes into the story."""
        photo = self.cleaned_data["photo"]
        if photo is not None:
            file = uploads.store(photo, by=self.user, field="photo", pictures_only=True)
            tickets.add_photo(self.record, file, by=self.user, caption=self.cleaned_data["evidence"])
        return tickets.wait(self.record, self.cleaned_data["for_"], **self.values("why", "evidence", "version"))


class ResumeForm(StateForm):
    """Go on after waiting."""

    code, title, submit = "resume", _("Go on"), _("Let the clock go on")
    done = _("The clock goes on.")
    why = forms.CharField(label=_("What has changed"), required=False, max_length=300)
    at = when()

    def run(self) -> Any:
        """Resume."""
        return tickets.resume(self.record, **self.values("why", "version"))


class ChargesForm(ActionForm):
    """The customer agreed to pay."""

    code, title, submit = "agree_charges", _("Agree the charges"), _("The customer agrees")
    lead = _("Nobody travels to a charged repair before the customer has agreed.")
    done = _("The agreement is kept.")
    how = text(
        _("What was agreed, with whom, and how"),
        hint=_("For example: Ms Li by phone, labour 80 an hour, parts at cost"),
    )
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Desk, finance, marketing."""
        return permissions.can_agree_charges(user)

    def run(self) -> Any:
        """Keep it."""
        return tickets.agree_charges(self.record, **self.values("how"))


class PathForm(StateForm):
    """How the fault is to be solved (TKT-06)."""

    code, title, submit = "choose_path", _("Choose the path"), _("Take this path")
    done = _("The path is kept.")
    path = forms.ChoiceField(
        label=_("Path"), choices=[c for c in Ticket.Path.choices if c[0]], widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=_("Reason"), required=False, max_length=300, help_text=_("Needed when the path changes.")
    )
    at = when()

    def prepare(self) -> None:
        """The path it has now is chosen."""
        self.initial.setdefault("path", self.record.path)

    def run(self) -> Any:
        """Choose it."""
        return tickets.choose_path(self.record, self.cleaned_data["path"], **self.values("why", "version"))


class ConfirmForm(ActionForm):
    """The customer said that it works."""

    code, title, submit = "confirm", _("Customer confirmed"), _("The customer confirmed")
    lead = _("The ticket is closed with it.")
    done = _("Confirmed and closed.")
    how = forms.CharField(label=_("Who confirmed, and how"), required=False, max_length=300)
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Desk, field staff, supervision."""
        return permissions.can_confirm(user)

    def run(self) -> Any:
        """Confirm, and close where the role may."""
        return tickets.confirm(self.record, **self.values("how"))


class CloseForm(StateForm):
    """Close what the customer has confirmed."""

    code, title, submit = "close", _("Close"), _("Close the ticket")
    done = _("Closed.")
    at = when()

    def run(self) -> Any:
        """Close."""
        return tickets.close_ticket(self.record, **self.values("version"))


class ReopenForm(StateForm):
    """The fault is back."""

    code, title, submit = "reopen", _("Reopen"), _("Reopen the ticket")
    lead = _("Work goes on under the same number; what was promised for it counts again.")
    done = _("Reopened.")
    why = text(_("What the customer says"))
    at = when()

    def run(self) -> Any:
        """Reopen."""
        return tickets.reopen_ticket(self.record, self.cleaned_data["why"], **self.values("version"))


class CancelForm(StateForm):
    """Give a ticket up."""

    code, title, submit = "cancel", _("Cancel the ticket"), _("Cancel the ticket")
    done = _("Cancelled.")
    why = text(_("Reason"))
    at = when()

    def run(self) -> Any:
        """Cancel."""
        return tickets.cancel_ticket(self.record, self.cleaned_data["why"], **self.values("version"))


class MergeForm(StateForm):
    """Two reports of one fault become one (TKT-08)."""

    code, title, submit = "merge", _("Merge"), _("Merge into it")
    lead = _("This ticket ends here; its calls go along, and the earlier report counts for the promises.")
    done = _("Merged.")
    choice = forms.ChoiceField(label=_("Open tickets of this customer"), required=False, widget=forms.RadioSelect)
    number = forms.CharField(label=_("or its number"), required=False, max_length=20)
    why = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def prepare(self) -> None:
        """Open tickets of the customer, those of the same machine first."""
        rows = Ticket.objects.visible_to(self.user).open().filter(customer=self.record.customer_id)
        found = list(rows.exclude(pk=self.record.pk).select_related("equipment").order_by("-reported_at", "-id")[:8])
        found.sort(key=lambda one: one.equipment_id != self.record.equipment_id)
        choices = [(one.number, f"{one.number} {one.symptom[:40]}") for one in found]
        if choices:
            self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["choice"]

    def clean(self) -> dict[str, Any]:
        """The ticket that was meant."""
        data = super().clean() or {}
        number = data.get("number", "").strip() or data.get("choice", "")
        if not number:
            self.add_error("number", gettext("Which ticket?"))
            return data
        data["into"] = Ticket.objects.visible_to(self.user).filter(number__iexact=number).first()
        if data["into"] is None:
            self.add_error("number", gettext("There is no ticket %(number)s.") % {"number": number})
        return data

    def run(self) -> Any:
        """Merge."""
        return tickets.merge_ticket(self.record, self.cleaned_data["into"], **self.values("why", "version"))


class NoteForm(ActionForm):
    """Something to remember."""

    code, title, submit = "add_note", _("Add a note"), _("Keep the note")
    done = _("The note is kept.")
    text = text(_("Note"), hint=_("For example: the customer calls again and says …"))

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whoever works on tickets."""
        return permissions.can_add_to_ticket(user)

    def run(self) -> Any:
        """Write it into the story."""
        return tickets.add_note(self.record, self.cleaned_data["text"], by=self.user)


class PhotoForm(ActionForm):
    """A picture that came with the report."""

    code, title, submit = "add_photo", _("Add a photo"), _("Add the photo")
    done = _("Photo kept.")
    file = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=80)

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whoever works on tickets."""
        return permissions.can_add_to_ticket(user)

    @transaction.atomic
    def run(self) -> Any:
        """Check, store and add it."""
        file = uploads.store(self.cleaned_data["file"], by=self.user, pictures_only=True)
        return tickets.add_photo(self.record, file, by=self.user, caption=self.cleaned_data["caption"])


class CallForm(ActionForm):
    """A call about this ticket."""

    code, title, submit = "record_call", _("Record a call"), _("Keep the call")
    done = _("The call is kept.")
    kind = forms.ChoiceField(
        label=_("Kind of call"), choices=Call.Kind.choices, initial=Call.Kind.CONSULTATION, widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Call.Direction.choices, initial=Call.Direction.IN, widget=forms.RadioSelect
    )
    said = text(_("What was said"))
    answered = text(_("What was answered"), required=False)
    caller_name = forms.CharField(label=_("Caller"), required=False, max_length=60)
    caller_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    answer_due_at = forms.DateTimeField(
        label=_("Answer promised by"), required=False, widget=MomentInput(),
        help_text=_("Where the answer is still owed."),
    )  # fmt: skip
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whoever picks up the phone."""
        return permissions.can_record_call(user)

    def prepare(self) -> None:
        """The contact is the likely caller."""
        self.initial.setdefault("caller_name", self.record.contact_name)
        self.initial.setdefault("caller_phone", self.record.contact_phone)

    def run(self) -> Any:
        """Record it with the ticket."""
        names = ("kind", "direction", "channel", "said", "answered", "caller_name", "caller_phone", "answer_due_at")
        return calls.record_call(ticket=self.record, **self.values(*names))


class LinkCallForm(ActionForm):
    """Calls that belong to this ticket (TKT-08)."""

    code, title, submit = "link_call", _("Link calls"), _("Link to this ticket")
    done = _("The calls belong to this ticket now.")
    lead: Any = _("Calls of this customer or from this number that belong to no ticket yet.")
    calls = forms.MultipleChoiceField(
        label=_("Calls"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose a call.")}
    )

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whoever picks up the phone."""
        return permissions.can_record_call(user)

    def prepare(self) -> None:
        """Calls of the last two months."""
        whose = Q(customer=self.record.customer_id)
        if self.record.contact_phone:
            whose |= Q(customer__isnull=True, caller_phone=self.record.contact_phone)
        rows = Call.objects.visible_to(self.user).filter(whose, ticket__isnull=True, at__gte=timezone.now() - CALLS_OF)
        self.found = {call.number: call for call in rows.order_by("-at", "-id")[:CALLS_OFFERED]}
        self.fields["calls"].choices = [  # type: ignore[attr-defined]
            (
                number,
                f"{date_format(timezone.localtime(call.at), 'm-d H:i')} {call.get_kind_display()} {call.said[:40]}",
            )
            for number, call in self.found.items()
        ]
        if not self.found:
            self.lead = gettext("There is no call of this customer without a ticket.")

    @transaction.atomic
    def run(self) -> Any:
        """Link each."""
        for number in self.cleaned_data["calls"]:
            calls.link_call(self.found[number], self.record, by=self.user)
        return self.record
