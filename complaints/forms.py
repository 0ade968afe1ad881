"""Forms of complaints."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.states import COMPLAINT, HANDLERS
from customers.models import Channel, Customer, Equipment
from staff.models import User
from tickets.models import Call, Ticket

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenForm(forms.Form):
    """Take down a complaint; records are named by their numbers."""

    customer = forms.CharField(label=_("Customer number or name"), max_length=120, required=False)
    ticket = forms.CharField(label=_("Ticket"), max_length=20, required=False)
    equipment = forms.CharField(label=_("Serial number"), max_length=40, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    about = forms.ChoiceField(label=_("About"), choices=Complaint.Subject.choices)
    about_person = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label=_("About whom"), required=False
    )
    content = forms.CharField(label=_("What the customer says"), max_length=4000, widget=_text())
    remedy = forms.CharField(label=_("What the customer asks for"), max_length=200, required=False)
    answer_due_at = forms.DateTimeField(label=_("Answer agreed by"), required=False, widget=MOMENT)
    call = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self) -> Customer | None:
        """By number, name or short name."""
        text = self.cleaned_data["customer"].strip()
        if not text:
            return None
        rows = Customer.objects.visible_to(self.user)
        for field in ("number", "name", "short_name"):
            found = rows.filter(**{field: text}).first()
            if found:
                return found
        raise forms.ValidationError(_("No customer has this number or name."))

    def clean_ticket(self) -> Ticket | None:
        """By number."""
        return self._named("ticket", Ticket, "number", _("No ticket has this number."))

    def clean_equipment(self) -> Equipment | None:
        """By serial number."""
        return self._named("equipment", Equipment, "serial", _("No machine has this serial number."))

    def clean_call(self) -> Call | None:
        """By number."""
        return self._named("call", Call, "number", _("No call has this number."))

    def _named(self, name: str, model: Any, key: str, missing: Any) -> Any:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        found = model.objects.visible_to(self.user).filter(**{key: text}).first()
        if found is None:
            raise forms.ValidationError(missing)
        return found


class AcknowledgeForm(forms.Form):
    """Until when the customer gets an answer."""

    answer_due_at = forms.DateTimeField(label=_("Answer agreed by"), required=False, widget=MOMENT)


class DescribeForm(forms.Form):
    """What and whom the complaint is about."""

    about = forms.ChoiceField(label=_("About"), choices=Complaint.Subject.choices)
    about_person = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label=_("About whom"), required=False
    )
    remedy = forms.CharField(label=_("What the customer asks for"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, complaint: Complaint) -> None:
        first = {"about": complaint.about, "about_person": complaint.about_person_id, "remedy": complaint.remedy}
        super().__init__(data, initial=first)


class AssignForm(forms.Form):
    """Who handles it: anybody who handles complaints but the person it is about."""

    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True, roles__overlap=list(HANDLERS)).order_by("name"), label=_("Handled by")
    )

    def __init__(self, data: Any = None, *, complaint: Complaint) -> None:
        super().__init__(data, initial={"owner": complaint.owner_id})
        people: Any = self.fields["owner"]
        people.queryset = people.queryset.exclude(pk=complaint.about_person_id)


class DecideForm(forms.Form):
    """Valid or not, and what was found."""

    is_valid = forms.TypedChoiceField(  # type: ignore[assignment]
        label=_("Decision"),
        choices=[("yes", _("Valid")), ("no", _("Not valid"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(label=_("What was found"), max_length=4000, widget=_text())


class AnswerForm(forms.Form):
    """What the customer was told."""

    answer = forms.CharField(label=_("What the customer was told"), max_length=4000, widget=_text())


class CloseForm(forms.Form):
    """Whether the customer is content now."""

    content_after = forms.ChoiceField(
        label=_("Is the customer content?"),
        choices=[("yes", _("Content")), ("no", _("Not content"))],
        widget=forms.RadioSelect,
    )


class ReopenForm(forms.Form):
    """Why it is taken up again."""

    why = forms.CharField(label=_("Reason"), max_length=300)


class FilterForm(forms.Form):
    """Narrow the list."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("open", _("Not settled")), *COMPLAINT.choices()]
    )
    q = forms.CharField(label=_("Customer"), required=False, max_length=60)
