"""The form of the desk: one call, from the first word to the saved ticket."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer, Equipment
from staff.models import Province
from tickets import grading
from tickets.models import Call, FaultType, Ticket

ANSWER = "answer-"
KINDS = sorted(Call.Kind.choices, key=lambda choice: choice[0] != Call.Kind.REPAIR)
WISHES = [
    _("On site today"),
    _("On site, time to be agreed"),
    _("Help by phone"),
    _("Send the machine in"),
    _("Parts only"),
]


class DeskForm(forms.Form):
    """What a dispatcher types while the caller speaks. Answers of the guided grading come as `answer-CODE`."""

    kind = forms.ChoiceField(label=_("Kind of call"), choices=KINDS, initial=Call.Kind.REPAIR, widget=forms.RadioSelect)
    customer = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-draft-field": ""}))
    equipment = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-draft-field": ""}))
    contact_name = forms.CharField(label=_("Contact"), required=False, max_length=60)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    backup_phone = forms.CharField(label=_("Backup phone"), required=False, max_length=40)
    said = forms.CharField(label=_("What the customer says"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    wanted_service = forms.CharField(
        label=_("What is wanted"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "wishes"})
    )
    reported_at = forms.DateTimeField(
        label=_("Reported"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    address = forms.CharField(label=_("Where the machine is"), required=False, max_length=200)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE, required=False)
    fault_type = forms.ModelChoiceField(
        FaultType.objects.none(), label=_("Fault"), required=False, to_field_name="code", empty_label=_("Not sure yet")
    )
    present_state = forms.CharField(label=_("State now"), required=False, max_length=300)
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("as the answers say")), *((n, str(n)) for n in (1, 2, 3, 4))],
    )
    grade_why = forms.CharField(label=_("Reason"), required=False, max_length=300)
    answered = forms.CharField(
        label=_("What was answered"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    answer_due_at = forms.DateTimeField(
        label=_("Answer promised by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    new_customer = forms.CharField(label=_("New customer"), required=False, max_length=120)
    new_province = forms.ModelChoiceField(
        Province.objects.all(), label=_("Province"), required=False, empty_label=_("Choose")
    )
    into = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["fault_type"].queryset = FaultType.objects.filter(is_active=True).order_by("code")  # type: ignore[attr-defined]

    @property
    def wishes(self) -> list[Any]:
        """What callers usually want, offered while typing."""
        return WISHES

    def clean_channel(self) -> str:
        """The phone, unless something else was chosen."""
        return self.cleaned_data["channel"] or Channel.PHONE

    def clean_customer(self) -> Customer | None:
        """The chosen customer among those the person may see."""
        return self._chosen("customer", Customer.objects.visible_to(self.user), "number")

    def clean_equipment(self) -> Equipment | None:
        """The chosen machine among those the person may see."""
        rows = Equipment.objects.visible_to(self.user).select_related(
            "customer__province", "model__product_line", "contract", "site__province"
        )
        return self._chosen("equipment", rows, "serial")

    def clean_into(self) -> Ticket | None:
        """The open ticket that the call is added to."""
        return self._chosen("into", Ticket.objects.visible_to(self.user).open(), "number")

    def _chosen(self, name: str, rows: Any, key: str) -> Any:
        wanted = self.cleaned_data[name]
        if not wanted:
            return None
        found = rows.filter(**{key: wanted}).first()
        if found is None:
            raise forms.ValidationError(_("This cannot be chosen any more."))
        return found

    def answers(self) -> dict[str, str]:
        """Answers of the guided grading that belong to questions still asked."""
        asked = {question.code for question in grading.questions(self.cleaned_data.get("fault_type"))}
        given = {name.removeprefix(ANSWER): value for name, value in self.data.items() if name.startswith(ANSWER)}
        return {code: str(value) for code, value in given.items() if code in asked and value}
