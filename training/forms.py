"""Forms of customer trainings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Equipment
from staff.models import User
from training.models import CustomerTraining
from training.permissions import HOLDERS
from training.states import TRAINING

DAY = forms.DateInput(attrs={"type": "date"})


class PersonField(forms.ModelChoiceField):
    """Active trainers and engineers by name."""

    def __init__(self, **kwargs: Any) -> None:
        people = User.objects.filter(is_active=True, roles__overlap=list(HOLDERS)).order_by("name")
        super().__init__(queryset=people, required=False, **kwargs)


class PlanForm(forms.Form):
    """Plan a training; the machine is named by its serial number."""

    equipment = forms.CharField(label=_("Serial number"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerTraining.Kind.choices)
    planned_on = forms.DateField(label=_("Planned for"), widget=DAY)
    trainer = PersonField(label=_("Trainer"))
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_equipment(self) -> Equipment:
        """The machine, among those the person may see."""
        serial = self.cleaned_data["equipment"].strip()
        found = Equipment.objects.visible_to(self.user).filter(serial=serial).select_related("model").first()
        if found is None:
            raise forms.ValidationError(_("No machine has this serial number."))
        return found


class ChangeForm(forms.Form):
    """Another day, another trainer."""

    planned_on = forms.DateField(label=_("Planned for"), widget=DAY)
    trainer = PersonField(label=_("Trainer"))
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ResultForm(forms.Form):
    """What came of a training."""

    started_on = forms.DateField(label=_("From"), widget=DAY)
    ended_on = forms.DateField(label=_("To"), widget=DAY)
    trainees = forms.IntegerField(label=_("Persons trained"), min_value=1, max_value=500)
    passed = forms.IntegerField(label=_("Passed the examination"), min_value=0, max_value=500)
    satisfaction = forms.ChoiceField(
        label=_("Customer's opinion"),
        choices=CustomerTraining.Satisfaction.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class CancelForm(forms.Form):
    """Why a training is cancelled."""

    why = forms.CharField(label=_("Reason"), max_length=300)


class FilterForm(forms.Form):
    """Narrow the list."""

    state = forms.ChoiceField(label=_("State"), required=False)
    q = forms.CharField(label=_("Machine or customer"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *TRAINING.choices()]  # type: ignore[attr-defined]
