"""Forms of warranties: asking for a verdict, terms, guarantee rules, extensions, what becomes of a right."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Contract, Equipment, ProductModel
from staff.models import ProductLine, Region
from warranty.guarantees import REMEDIES, TRIGGERS
from warranty.models import Cause, ComponentKind, Cover, Extension, GuaranteeRule, Mode, Term

SCOPES = ("product_line", "product_model", "contract", "equipment")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskForm(forms.Form):
    """What would a repair cost?"""

    component = forms.ModelChoiceField(
        ComponentKind.objects.all(), label=_("Component"), required=False, to_field_name="code",
        empty_label=_("Whole machine"),
    )  # fmt: skip
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Not known yet")), *Cause.choices], required=False)
    on = forms.DateField(label=_("On"), required=False, widget=_day())


class AllowancesField(forms.JSONField):
    """Allowances as indented text."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Readable, with Chinese as it is."""
        if isinstance(value, list):
            return json.dumps(value, ensure_ascii=False, indent=2)
        return super().prepare_value(value)


class TermForm(forms.Form):
    """A term, or a new version of one."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    valid_from = forms.DateField(
        label=_("Holds from"), widget=_day(), help_text=_("For machines sold from this day on; own agreements at once.")
    )
    product_line = forms.ModelChoiceField(ProductLine.objects.all(), label=_("Product line"), required=False)
    product_model = forms.ModelChoiceField(
        ProductModel.objects.all(), label=_("Model"), required=False, to_field_name="code"
    )
    contract = forms.CharField(label=_("Contract"), required=False, help_text=_("Number of the contract."))
    equipment = forms.CharField(label=_("Machine"), required=False, help_text=_("Serial number of the machine."))
    component = forms.ModelChoiceField(
        ComponentKind.objects.all(), label=_("Component"), required=False, empty_label=_("Whole machine")
    )
    phase = forms.ChoiceField(label=_("Phase"), choices=Term.Phase.choices)
    basis = forms.ChoiceField(label=_("Counted from"), choices=Term.Basis.choices)
    months = forms.IntegerField(label=_("Months"), min_value=0, max_value=1200, required=False)
    hours = forms.DecimalField(label=_("Running hours"), min_value=0, required=False)
    labour = forms.ChoiceField(label=_("Labour"), choices=Cover.choices)
    parts = forms.ChoiceField(label=_("Parts"), choices=Cover.choices)
    travel = forms.ChoiceField(label=_("Travel"), choices=Cover.choices)
    mode = forms.ChoiceField(label=_("Way of service"), choices=Mode.choices, required=False)
    excluded_causes = forms.MultipleChoiceField(
        label=_("Excluded causes"), choices=Cause.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    when_excluded = forms.ChoiceField(label=_("Then"), choices=Cover.choices, initial=Cover.CHARGED)
    adds_days_out = forms.BooleanField(label=_("Days out of service are added"), required=False)
    restarts_machine = forms.BooleanField(label=_("Replacing this part restarts the machine"), required=False)
    made_plus_months = forms.IntegerField(
        label=_("Months after production, when no other day is known"), min_value=0, required=False
    )
    order = forms.IntegerField(label=_("Order within the phase"), min_value=1, max_value=999, initial=10)
    source_zh = forms.CharField(label=_("Clause or letter, in Chinese"), max_length=120, required=False)
    source_en = forms.CharField(label=_("Clause or letter, in English"), max_length=120, required=False)
    allowances = AllowancesField(
        label=_("Allowances"), required=False, help_text=_("List of code, name_zh, name_en, limit, per (term or year).")
    )
    why = forms.CharField(label=_("Why it is changed"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def clean_contract(self) -> Contract | None:
        """The contract of that number."""
        return self._found(Contract, "number", self.cleaned_data["contract"], _("There is no such contract."))

    def clean_equipment(self) -> Equipment | None:
        """The machine of that serial number."""
        return self._found(Equipment, "serial", self.cleaned_data["equipment"], _("There is no such machine."))

    def clean_allowances(self) -> list[Any]:
        """A list, empty for nothing."""
        value = self.cleaned_data["allowances"] or []
        if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
            raise forms.ValidationError(_("Allowances are a list."))
        return value

    @staticmethod
    def _found(model: Any, key: str, value: str, missing: Any) -> Any:
        if not value.strip():
            return None
        found = model.objects.filter(**{key: value.strip()}).first()
        if found is None:
            raise forms.ValidationError(missing)
        return found

    @staticmethod
    def initial_of(term: Term) -> dict[str, Any]:
        """The values of a term."""
        values = {name: getattr(term, name) for name in TermForm.base_fields if name not in ("why", "valid_from")}
        return values | {
            "product_model": term.product_model.code if term.product_model else None,
            "contract": term.contract.number if term.contract else "",
            "equipment": term.equipment.serial if term.equipment else "",
        }


class RuleForm(forms.Form):
    """A new version of a guarantee rule."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    valid_from = forms.DateField(label=_("Holds from"), widget=_day())
    active = forms.BooleanField(label=_("In force"), required=False)
    product_line = forms.ModelChoiceField(ProductLine.objects.all(), label=_("Product line"), required=False)
    trigger = forms.ChoiceField(label=_("Trigger"))
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=3660, required=False)
    working_days = forms.IntegerField(label=_("Working days"), min_value=0, max_value=3660, required=False)
    count = forms.IntegerField(label=_("Number of repairs"), min_value=1, max_value=99, required=False)
    remedies = forms.MultipleChoiceField(label=_("Remedies"), widget=forms.CheckboxSelectMultiple)
    claim_within_days = forms.IntegerField(label=_("Claimed within days"), min_value=0, max_value=3660, required=False)
    claim_within_working_days = forms.IntegerField(
        label=_("Claimed within working days"), min_value=0, max_value=3660, required=False
    )
    source_zh = forms.CharField(label=_("Clause or letter, in Chinese"), max_length=120, required=False)
    source_en = forms.CharField(label=_("Clause or letter, in English"), max_length=120, required=False)
    why = forms.CharField(label=_("Why it is changed"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, texts in (("trigger", TRIGGERS), ("remedies", REMEDIES)):
            self.fields[name].choices = [(code, text.within(language)) for code, text in texts.items()]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(rule: GuaranteeRule) -> dict[str, Any]:
        """The values of a rule."""
        return {name: getattr(rule, name) for name in RuleForm.base_fields if name not in ("why", "valid_from")}


class WithdrawForm(forms.Form):
    """From when a term is no longer given."""

    valid_from = forms.DateField(label=_("From"), widget=_day())
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))


class TryForm(forms.Form):
    """A machine to try the terms on."""

    serial = forms.CharField(label=_("Serial number"), required=False)
    component = forms.ModelChoiceField(
        ComponentKind.objects.all(), label=_("Component"), required=False, to_field_name="code",
        empty_label=_("Whole machine"),
    )  # fmt: skip
    on = forms.DateField(label=_("On"), required=False, widget=_day())


class ExtensionForm(forms.Form):
    """Ask for an extension."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Extension.Kind.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(label=_("From"), widget=_day())
    ends_on = forms.DateField(label=_("Until"), widget=_day())
    price = forms.DecimalField(label=_("Price"), min_value=0, initial=0)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ClaimForm(forms.Form):
    """What the customer asks for."""

    remedy = forms.ChoiceField(label=_("The customer asks for"), widget=forms.RadioSelect)

    def __init__(self, remedies: list[str], language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, REMEDIES[code].within(language)) for code in remedies]
        self.fields["remedy"].choices = choices  # type: ignore[attr-defined]


class EndingFilter(forms.Form):
    """How far to look ahead."""

    days = forms.ChoiceField(
        label=_("Ends within"),
        choices=[("30", _("30 days")), ("90", _("90 days")), ("180", _("half a year"))],
        required=False,
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), required=False, to_field_name="code", empty_label=_("All regions")
    )
