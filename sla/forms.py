"""Forms of deadlines: taking note, the reason of a missed one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.models import Target
from staff.models import Region

PARTIES = [
    ("engineer", _("Engineer")),
    ("desk", _("Desk")),
    ("supervision", _("Supervision")),
    ("department", _("Department concerned")),
    ("warehouse", _("Warehouse")),
    ("customer", _("Customer")),
    ("supplier", _("Supplier or carrier")),
    ("nobody", _("Nobody: force majeure")),
]

GROUPS = [
    ("promise", _("Promise")),
    ("target", _("Target")),
    ("grade", _("Grade")),
    ("region", _("Region")),
    ("engineer", _("Engineer")),
    ("month", _("Month")),
]


def party_label(code: str) -> Any:
    """A responsible party in words."""
    return dict(PARTIES).get(code, code)


def offer(form: forms.BaseForm, name: str, choices: list[tuple[str, Any]]) -> None:
    """Set what a field offers when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class ReasonForm(forms.Form):
    """Why a deadline was missed and who is responsible (SLA-06)."""

    reason = forms.CharField(label=_("Why was it missed?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = forms.ChoiceField(label=_("Responsible"), choices=PARTIES)


class KeepingFilter(forms.Form):
    """What the figures of promise keeping are narrowed by."""

    month = forms.CharField(label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    region = forms.ChoiceField(label=_("Region"), required=False)
    target = forms.ChoiceField(label=_("Target"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    group = forms.ChoiceField(label=_("Grouped by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "region", [("", _("All")), *((r.code, str(r)) for r in Region.objects.order_by("pk"))])
        offer(self, "target", [("", _("All")), *Target.choices])
        offer(self, "grade", [("", _("All")), *((str(n), str(n)) for n in range(1, 5))])
        offer(self, "group", GROUPS)
