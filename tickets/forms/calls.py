"""Forms of the call register."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer, Equipment
from tickets.forms.actions import text, when
from tickets.models import Call, Ticket
from tickets.visit_forms import MomentInput


class NewCallForm(forms.Form):
    """A call or message of any kind."""

    kind = forms.ChoiceField(
        label=_("Kind of call"), choices=Call.Kind.choices, initial=Call.Kind.CONSULTATION, widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Call.Direction.choices, initial=Call.Direction.IN, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    at = when()
    caller_name = forms.CharField(label=_("Caller"), required=False, max_length=60)
    caller_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    caller_unit = forms.CharField(label=_("Unit"), required=False, max_length=120)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    customer = forms.CharField(
        label=_("Customer"), required=False, help_text=_("Number or full name; empty when nobody knows yet.")
    )
    equipment = forms.CharField(label=_("Machine"), required=False, help_text=_("Serial number"))
    ticket = forms.CharField(label=_("Ticket"), required=False, help_text=_("Number, where it belongs to one."))
    said = text(_("What was said"), rows=4)
    answered = text(_("What was answered"), rows=3, required=False)
    answer_due_at = forms.DateTimeField(
        label=_("Answer promised by"), required=False, widget=MomentInput(),
        help_text=_("Where the answer is still owed."),
    )  # fmt: skip
    content = forms.ChoiceField(
        label=_("Content with the answer?"), required=False, choices=Call.Content.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self) -> Customer | None:
        """By number or name, among those the person may see."""
        wanted = self.cleaned_data["customer"].strip()
        if not wanted:
            return None
        rows = Customer.objects.visible_to(self.user)
        found = rows.filter(number__iexact=wanted).first() or rows.filter(name=wanted).first()
        return self._or_unknown(found, gettext("There is no customer %(wanted)s."), wanted)

    def clean_equipment(self) -> Equipment | None:
        """By serial number."""
        wanted = self.cleaned_data["equipment"].strip()
        if not wanted:
            return None
        found = Equipment.objects.visible_to(self.user).select_related("customer").filter(serial__iexact=wanted).first()
        return self._or_unknown(found, gettext("There is no machine %(wanted)s."), wanted)

    def clean_ticket(self) -> Ticket | None:
        """By number."""
        wanted = self.cleaned_data["ticket"].strip()
        if not wanted:
            return None
        rows = Ticket.objects.visible_to(self.user).select_related("customer", "equipment__customer")
        return self._or_unknown(
            rows.filter(number__iexact=wanted).first(), gettext("There is no ticket %(wanted)s."), wanted
        )

    @staticmethod
    def _or_unknown(found: Any, text: str, wanted: str) -> Any:
        if found is None:
            raise forms.ValidationError(text % {"wanted": wanted})
        return found

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return dict(self.cleaned_data)


class AnswerForm(forms.Form):
    """The answer that was owed."""

    answered = text(_("What was answered"), rows=3)
    content = forms.ChoiceField(
        label=_("Content with the answer?"), required=False, choices=Call.Content.choices, widget=forms.RadioSelect
    )
    at = when()
