"""Forms of deadlines: taking note, the reason of a missed one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


def party_label(code: str) -> Any:
    """A responsible party in words."""
    return dict(PARTIES).get(code, code)


class ReasonForm(forms.Form):
    """Why a deadline was missed and who is responsible (SLA-06)."""

    reason = forms.CharField(label=_("Why was it missed?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = forms.ChoiceField(label=_("Responsible"), choices=PARTIES)
