"""Forms of the engineer's tablet. With scripts they are sent as API calls; without, they are posted as they are."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import DispatchOrder, Visit

MOMENT = "%Y-%m-%dT%H:%M"
PART_FIELDS = ("name", "model", "quantity", "unit_price", "serial_in", "serial_out")


class MomentInput(forms.DateTimeInput):
    """Date and clock in one field of the device."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


def _text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _number(step: str = "0.01") -> forms.NumberInput:
    return forms.NumberInput(attrs={"min": "0", "step": step, "inputmode": "decimal"})


class StepForm(forms.Form):
    """What every step carries: when it happened, as the device says."""

    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class RefuseForm(StepForm):
    """An order that cannot be taken."""

    why = forms.CharField(label=_("Why you cannot take it"), widget=_text(2))


class ContactForm(StepForm):
    """What was agreed with the customer on the phone."""

    note = forms.CharField(label=_("What was agreed"), required=False, widget=_text(2))
    appointment_from = forms.DateTimeField(label=_("New time, from"), required=False, widget=MomentInput())
    appointment_to = forms.DateTimeField(label=_("until"), required=False, widget=MomentInput())
    why = forms.CharField(label=_("Why the call was late"), required=False)


class ArriveForm(StepForm):
    """Arrival, with the reason when it is late."""

    running_hours = forms.DecimalField(
        label=_("Running hours on the meter"), required=False, min_value=0, max_digits=9, decimal_places=1,
        widget=_number("0.1"),
    )  # fmt: skip
    why = forms.CharField(label=_("Why you are late"), required=False)


class AskLeaveForm(StepForm):
    """Asking a superior for leave to go with the fault unsolved (DSP-06)."""

    why = forms.CharField(label=_("Why it cannot be solved now, and what comes next"), widget=_text(2))


class LeaveForm(StepForm):
    """Leaving the site."""

    unsolved = forms.BooleanField(required=False)
    customer_agreed = forms.BooleanField(label=_("The customer agrees that I leave"), required=False)
    why = forms.CharField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        data = self.cleaned_data
        why = data["why"] or (_("fault unsolved") if data["unsolved"] else "")
        return {"solved": not data["unsolved"], "customer_agreed": data["customer_agreed"], "why": str(why)}


class PhotoForm(StepForm):
    """One photo."""

    file = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    caption = forms.CharField(label=_("What the next photo shows"), required=False, max_length=80)


class ReportForm(StepForm):
    """The service report (DSP-07)."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Visit.Outcome.choices, widget=forms.RadioSelect)
    diagnosis = forms.CharField(label=_("What was wrong"), widget=_text())
    cause = forms.ChoiceField(
        label=_("Cause of the fault"), choices=[("", _("Choose …")), *Visit.Cause.choices], required=False
    )
    cause_note = forms.CharField(label=_("More about the cause"), required=False)
    work_done = forms.CharField(label=_("What was done"), required=False, widget=_text(4))
    hazards = forms.CharField(label=_("Hazards found and pointed out"), required=False, widget=_text(2))
    hours = forms.DecimalField(
        label=_("Working time"), required=False, min_value=0, max_digits=5, decimal_places=2, widget=_number("0.25")
    )
    running_hours = forms.DecimalField(
        label=_("Running hours on the meter"), required=False, min_value=0, max_digits=9, decimal_places=1,
        widget=_number("0.1"),
    )  # fmt: skip
    labour_charge = forms.DecimalField(label=_("Labour"), required=False, min_value=0, widget=_number())
    parts_charge = forms.DecimalField(label=_("Parts"), required=False, min_value=0, widget=_number())
    travel_charge = forms.DecimalField(label=_("Travel"), required=False, min_value=0, widget=_number())
    sure = forms.BooleanField(label=_("I am sure of the repair"), required=False, initial=True)
    customer_agreed = forms.BooleanField(label=_("The customer agrees that I leave"), required=False)
    signed_by_name = forms.CharField(label=_("Who signs"), required=False, max_length=60)

    @classmethod
    def first(cls, order: DispatchOrder, visit: Visit | None) -> "ReportForm":
        """The empty form with what is known already."""
        machine = order.ticket.equipment
        hours = visit.running_hours if visit else None
        return cls(
            auto_id="report_%s",
            initial={
                "running_hours": hours or (machine.running_hours if machine else None),
                "signed_by_name": order.ticket.contact_name,
                "sure": True,
            },
        )

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("at", "customer_agreed")}


class CorrectForm(StepForm):
    """A correction of the report: a new version beside the signed one (DSP-14)."""

    why = forms.CharField(label=_("Why it is corrected"))
    diagnosis = forms.CharField(label=_("What was wrong"), widget=_text())
    cause = forms.ChoiceField(
        label=_("Cause of the fault"), choices=[("", _("Choose …")), *Visit.Cause.choices], required=False
    )
    cause_note = forms.CharField(label=_("More about the cause"), required=False)
    work_done = forms.CharField(label=_("What was done"), required=False, widget=_text(4))
    hazards = forms.CharField(label=_("Hazards found and pointed out"), required=False, widget=_text(2))
    hours = forms.DecimalField(
        label=_("Working time"), required=False, min_value=0, max_digits=5, decimal_places=2, widget=_number("0.25")
    )
    signed_by_name = forms.CharField(label=_("Who signs"), required=False, max_length=60)

    @classmethod
    def first(cls, visit: Visit) -> "CorrectForm":
        """The form with the report as it stands."""
        fields = ("diagnosis", "cause", "cause_note", "work_done", "hazards", "hours")
        return cls(auto_id="correct-report_%s", initial={name: getattr(visit, name) for name in fields})

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "at"}


def parts_of(data: Any) -> list[dict[str, Any]]:
    """Rows of parts from fields that repeat: part_name, part_model …; rows without a name are left out."""
    columns = [data.getlist(f"part_{name}") for name in PART_FIELDS]
    rows = [dict(zip(PART_FIELDS, values, strict=True)) for values in zip(*columns, strict=False)]
    return [
        {**row, "quantity": row["quantity"] or "1", "unit_price": row["unit_price"] or Decimal(0)}
        for row in rows
        if row["name"].strip()
    ]
