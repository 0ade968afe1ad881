"""The form of the simulator: which promise, which stretch of history, or a sheet of events."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.forms import offer
from sla.models import Promise
from sla.querysets import newest


class SimulationForm(forms.Form):
    """A promise, drafts among them, and the history it is tried on."""

    promise = forms.ChoiceField(label=gettext_lazy("Promise"))
    start = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=gettext_lazy("Events from a sheet instead"),
        required=False,
        help_text=gettext_lazy(
            "XLSX or CSV with the columns case, event, at; grade, region, product_line, province, remote, reason "
            "where known."
        ),
    )
    names = forms.CharField(
        label=gettext_lazy("Their events, our events"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Assign seriousness = ticket.opened"}),
        help_text=gettext_lazy("One a line, for sheets whose events have other names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = newest(Promise.objects.all()).order_by("-is_draft", "code")
        offer(self, "promise", [(row.code, f"{row} ({_('draft')})" if row.is_draft else str(row)) for row in rows])

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The end lies before the start."))
        return data

    def clean_names(self) -> dict[str, str]:
        """Their names to ours."""
        found = {}
        for line in self.cleaned_data["names"].splitlines():
            theirs, equals, ours = line.partition("=")
            if line.strip() and not (equals and theirs.strip() and ours.strip()):
                raise forms.ValidationError(_("Write one a line: their event = our event."))
            if line.strip():
                found[theirs.strip()] = ours.strip()
        return found

    def bounds(self) -> tuple[datetime, datetime]:
        """The moments between which cases begin."""
        return bounds(self.cleaned_data["start"], self.cleaned_data["end"])


def bounds(start: date, end: date) -> tuple[datetime, datetime]:
    """The start of the first day and the end of the last, local."""
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(start, time.min, zone),
        datetime.combine(end + timedelta(days=1), time.min, zone),
    )
