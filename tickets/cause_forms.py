"""The form in which somebody says what caused a fault and what proves it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from warranty.models import Cause


class CauseForm(forms.Form):
    """A cause with its evidence."""

    cause = forms.ChoiceField(label=_("Cause of the fault"), choices=[("", _("Choose …")), *Cause.choices])
    evidence = forms.CharField(
        label=_("What proves it"),
        help_text=_("Photos, measurements, the customer's words."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
