"""The office's verbs of a dispatch order as forms: reassigning, cancelling, correcting a report, a photo."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import uploads
from staff.models import Engineer
from staff.roles import FIELD, Role
from tickets import candidates, permissions
from tickets.actions import orders
from tickets.forms.actions import ActionForm, text, when
from tickets.models import Visit
from tickets.states import DESK, ORDER
from tickets.visit_forms import MomentInput

CORRECTED = (
    "diagnosis",
    "cause",
    "cause_note",
    "work_done",
    "hazards",
    "hours",
    "labour_charge",
    "parts_charge",
    "travel_charge",
)


class ReassignForm(ActionForm):
    """Somebody else goes (DSP-12)."""

    code, title, submit = "reassign", _("Reassign"), _("Give it to him")
    done = _("Reassigned; both engineers have been told.")
    template = "tickets/actions/reassign.html"
    why = text(_("Reason"))
    engineer = forms.ChoiceField(label=_("Engineer"), widget=forms.RadioSelect)
    appointment_from = forms.DateTimeField(label=_("New time, from"), required=False, widget=MomentInput())
    appointment_to = forms.DateTimeField(label=_("until"), required=False, widget=MomentInput())
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """The desk."""
        return ORDER.permitted("reassign", user)

    def prepare(self) -> None:
        """Everybody but the one who has it, best first; those who cannot go are named with the reason."""
        order = self.record
        start, end = order.appointment_from, order.appointment_to
        found = [
            one
            for one in candidates.for_ticket(order.ticket, start=start, end=end)
            if one.engineer.pk != order.engineer_id
        ]
        self.blocked = [one for one in found if one.obstacle]
        self.ranking = [one for one in found if not one.obstacle]
        choices = [(one.engineer.user.username, str(one.engineer)) for one in self.ranking]
        self.fields["engineer"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """Who is ticked."""
        return str(self["engineer"].value() or "")

    def run(self) -> Any:
        """Reassign; the new order is returned."""
        engineer = Engineer.objects.get(user__username=self.cleaned_data["engineer"])
        values = self.values("appointment_from", "appointment_to", "version")
        return orders.reassign(self.record, engineer, self.cleaned_data["why"], **values)


class CancelOrderForm(ActionForm):
    """The order is called off (DSP-12)."""

    code, title, submit = "cancel", _("Cancel the order"), _("Cancel the order")
    lead = _("The ticket goes back to the desk; the engineer is told.")
    done = _("The order is cancelled.")
    why = text(_("Reason"))
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """The desk."""
        return ORDER.permitted("cancel", user)

    def run(self) -> Any:
        """Cancel."""
        return orders.cancel_order(self.record, self.cleaned_data["why"], **self.values("version"))


class CorrectForm(ActionForm):
    """A report is corrected: a new version, the signed one stays (DSP-14)."""

    code, title, submit = "correct", _("Correct the report"), _("Make the new version")
    lead = _("The signed version stays as it was. Charges and findings of the new one count from now on.")
    done = _("The new version is kept.")
    why = text(_("Reason of the correction"))
    visit = forms.ChoiceField(label=_("Visit"), widget=forms.RadioSelect)
    diagnosis = text(_("What was wrong"))
    work_done = text(_("What was done"), required=False)
    cause = forms.ChoiceField(
        label=_("Cause of the fault"), required=False, choices=[("", _("Choose …")), *Visit.Cause.choices]
    )
    cause_note = forms.CharField(label=_("More about the cause"), required=False)
    hazards = text(_("Hazards found and pointed out"), required=False)
    hours = forms.DecimalField(label=_("Hours of work"), required=False, min_value=0, max_digits=5, decimal_places=2)
    labour_charge = forms.DecimalField(label=_("Labour"), required=False, min_value=0, decimal_places=2)
    parts_charge = forms.DecimalField(label=_("Parts"), required=False, min_value=0, decimal_places=2)
    travel_charge = forms.DecimalField(label=_("Travel"), required=False, min_value=0, decimal_places=2)

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """The engineer himself (the action asks whose order it is), supervisor, head."""
        return bool(user.has_role(Role.SUPERVISOR, Role.HEAD, *FIELD))

    def prepare(self) -> None:
        """The newest reported visit, or the one that was asked for, as it stands."""
        visits = list(self.record.visits.filter(reported_at__isnull=False).order_by("-sequence"))
        wanted = self.data.get("visit") if self.is_bound else self.asked.get("visit", "")
        chosen = next((one for one in visits if str(one.sequence) == wanted), visits[0] if visits else None)
        self.fields["visit"].choices = [  # type: ignore[attr-defined]
            (str(one.sequence), gettext("Visit %(n)s") % {"n": one.sequence}) for one in visits
        ]
        if chosen is not None:
            for name in CORRECTED:
                self.initial.setdefault(name, getattr(chosen, name))
            self.initial.setdefault("visit", str(chosen.sequence))
        if len(visits) < 2:
            self.fields["visit"].widget = forms.HiddenInput()

    def run(self) -> Any:
        """Only what has changed is handed on."""
        data = self.cleaned_data
        changes = {name: data[name] for name in CORRECTED if name in self.changed_data}
        if "cause" in changes or "cause_note" in changes:
            changes = {**changes, "cause": data["cause"], "cause_note": data["cause_note"]}
        changes = {name: "" if value is None else value for name, value in changes.items()}
        return orders.correct_report(self.record, data["why"], by=self.user, sequence=int(data["visit"]), **changes)


class OrderPhotoForm(ActionForm):
    """A photo for the order."""

    code, title, submit = "photo", _("Add a photo"), _("Add the photo")
    done = _("Photo kept.")
    file = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=80)

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Desk and field staff."""
        return permissions.can_add_to_ticket(user) and bool(user.has_role(*DESK, *FIELD))

    @transaction.atomic
    def run(self) -> Any:
        """Check, store and add it."""
        file = uploads.store(self.cleaned_data["file"], by=self.user, pictures_only=True)
        return orders.add_photo(self.record, file, by=self.user, caption=self.cleaned_data["caption"])
