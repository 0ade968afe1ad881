"""Forms of the reports: which month, and why again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.months import Month


class ReportForm(forms.Form):
    """A month; a reason only where its report exists and is to be issued anew."""

    month = forms.CharField(label=_("Month"), widget=forms.TextInput(attrs={"type": "month"}))
    why = forms.CharField(label=_("Reason of a re-issue"), required=False, max_length=300)

    def clean_month(self) -> Month:
        """The month, or an error for anything that is none."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2026-10.")) from error
