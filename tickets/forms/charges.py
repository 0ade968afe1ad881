"""Form of finance: how charges were paid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Visit


class SettleForm(forms.Form):
    """How the charges of a visit were paid."""

    payment = forms.ChoiceField(label=_("How it was paid"), choices=Visit.Payment.choices)
    note = forms.CharField(label=_("Receipt or reason"), required=False, max_length=120)
