"""Forms of customers, contacts, machines and what hangs on them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import kinds, phones
from customers.models import (
    Channel,
    Component,
    Contract,
    Customer,
    DeliveredItem,
    Equipment,
    MeterReading,
    Operator,
    ProductModel,
    Site,
)
from customers.stories import FIELDS
from staff.models import ProductLine, Province, Region, User
from staff.roles import Role

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Labelled:
    """Fields are named as the history names them; days are picked from a calendar."""

    fields: dict[str, forms.Field]

    def label(self) -> None:
        """Set labels and widgets of all fields."""
        for name, field in self.fields.items():
            field.label = FIELDS.get(name, field.label)
            field.help_text = ""
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CustomerForm(Labelled, forms.ModelForm):
    """A customer file; saving is the action's."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields = [
            "name",
            "short_name",
            "kind",
            "province",
            "city",
            "district",
            "address",
            "is_remote",
            "owner",
            "notes",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(is_active=True, roles__contains=[Role.MARKETING]).order_by("name")

    def validate_unique(self) -> None:
        """Left to the action, which looks under the lock."""


class ContactForm(Labelled, forms.Form):
    """A line of the contacts in the customer form."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60)
    position = forms.CharField(max_length=60, required=False)
    phone = forms.CharField(max_length=40, required=False)
    backup_phone = forms.CharField(max_length=40, required=False)
    email = forms.EmailField(required=False)
    channel = forms.ChoiceField(choices=Channel.choices)
    is_main = forms.BooleanField(required=False)
    remove = forms.BooleanField(required=False, label=_("Remove"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.fields["name"].label = _("Contact's name")

    def clean(self) -> dict[str, Any]:
        """Whatever is no phone number is said at its own field."""
        given = super().clean() or {}
        for name in ("phone", "backup_phone"):
            if given.get(name) and not phones.digits(given[name]):
                self.add_error(name, _("This is not a phone number."))
        return given


class BaseContactFormSet(forms.BaseFormSet):
    """The contacts of the customer form; empty lines count for nothing."""

    def rows(self) -> list[dict[str, Any]]:
        """The filled lines for the action; one main contact at most (the last one ticked)."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


ContactFormSet = forms.formset_factory(ContactForm, formset=BaseContactFormSet, extra=1, max_num=60)


class ContractForm(Labelled, forms.ModelForm):
    """A contract."""

    class Meta:
        model = Contract
        fields = ["number", "title", "signed_on", "ends_on", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()

    def validate_unique(self) -> None:
        """Left to the action, which looks under the lock."""


class SiteForm(Labelled, forms.ModelForm):
    """A place where machines work."""

    class Meta:
        model = Site
        fields = ["name", "province", "city", "address", "is_remote"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()


class MachineForm(Labelled, forms.ModelForm):
    """A machine file; `customer` is given by number, so that a machine can change hands."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = forms.CharField(max_length=120)
    why = forms.CharField(max_length=200, required=False, label=_("Reason of the change"))

    class Meta:
        model = Equipment
        fields = [
            "serial",
            "model",
            "customer",
            "contract",
            "site",
            "plate",
            "batch",
            "quantity",
            "state",
            "produced_on",
            "purchased_on",
            "delivered_on",
            "accepted_on",
            "first_used_on",
            "notes",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, user: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.user = user
        self.initial["customer"] = customer.number
        for name, rows in (("contract", customer.contracts), ("site", customer.sites)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows.all()
        model = self.fields["model"]
        assert isinstance(model, forms.ModelChoiceField)
        model.queryset = ProductModel.objects.select_related("product_line").order_by("product_line_id", "code")
        model.choices = [("", "—"), *((row.pk, _model_label(row)) for row in model.queryset)]
        self.fields["customer"].help_text = _("Number or full name.")

    def clean_customer(self) -> Customer:
        """The customer of that number or name among those the person may see."""
        text = self.cleaned_data["customer"].strip()
        rows = Customer.objects.visible_to(self.user)
        found = rows.filter(number=text.upper()).first() or rows.filter(name=text).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer of this number or name."))
        return found

    def clean(self) -> dict[str, Any]:
        """A machine that changes hands leaves contract and site of the old customer."""
        given = super().clean() or {}
        customer = given.get("customer")
        for name in ("contract", "site"):
            if customer and given.get(name) and given[name].customer_id != customer.pk and self.instance.pk:
                given[name] = None
        return given

    def _post_clean(self) -> None:
        """The checks of the model are the action's."""


def _model_label(row: ProductModel) -> str:
    return row.code if str(row) == row.code else f"{row.code} {row}"


class ReadingForm(forms.Form):
    """Running hours read off a machine."""

    hours = forms.DecimalField(label=_("Running hours"), min_value=0, max_digits=9, decimal_places=1)
    at = forms.DateTimeField(
        label=_("Read at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    source = forms.ChoiceField(
        label=_("Read by"),
        choices=[(source.value, source.label) for source in (MeterReading.Source.CUSTOMER, MeterReading.Source.VISIT)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = timezone.localtime

    def clean_at(self) -> Any:
        """Nobody reads a meter tomorrow."""
        at = self.cleaned_data["at"]
        if at > timezone.now() + timedelta(minutes=10):
            raise forms.ValidationError(_("This lies in the future."))
        return at


class ComponentForm(Labelled, forms.ModelForm):
    """A component of a machine."""

    class Meta:
        model = Component
        fields = ["name", "kind", "serial", "installed_on", "warranty_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.fields["kind"].label = _("Kind of component")
        if known := kinds.choices():
            self.fields["kind"] = forms.ChoiceField(label=_("Kind of component"), choices=known)


class ReplacementForm(Labelled, forms.ModelForm):
    """The component that takes another's place."""

    on = forms.DateField(label=_("Replaced on"), widget=DAY)
    why = forms.CharField(max_length=200, required=False, label=_("Reason"))

    class Meta:
        model = Component
        fields = ["serial", "warranty_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.fields["on"].label = _("Replaced on")
        self.order_fields(["on", "serial", "warranty_until", "why"])


class ItemForm(Labelled, forms.ModelForm):
    """A document or tool that was handed over."""

    handed_over_on = forms.DateField(label=_("Handed over on"), widget=DAY, required=False)

    class Meta:
        model = DeliveredItem
        fields = ["kind", "name", "quantity", "handed_over_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.fields["handed_over_on"].label = _("Handed over on")


class OperatorForm(Labelled, forms.ModelForm):
    """A trained operator."""

    class Meta:
        model = Operator
        fields = ["name", "phone", "trained_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label()
        self.fields["name"].label = _("Operator's name")


def _codes(rows: Any, every: Any) -> list[tuple[str, Any]]:
    return [("", every), *((row.code, str(row)) for row in rows)]


class CustomerFilterForm(forms.Form):
    """Filters of the customer list."""

    q = forms.CharField(
        required=False,
        label=_("Search"),
        widget=forms.TextInput(attrs={"data-find": "", "placeholder": _("Name, initials, phone, contract")}),
    )
    region = forms.ChoiceField(required=False, label=_("Region"))
    province = forms.ChoiceField(required=False, label=_("Province"))
    kind = forms.ChoiceField(required=False, label=_("Type"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in {
            "region": _codes(Region.objects.order_by("id"), _("All regions")),
            "province": _codes(Province.objects.all(), _("All provinces")),
            "kind": [("", _("All types")), *Customer.Kind.choices],
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class MachineFilterForm(forms.Form):
    """Filters of the machine list."""

    q = forms.CharField(
        required=False,
        label=_("Search"),
        widget=forms.TextInput(attrs={"data-find": "", "placeholder": _("Serial, plate, customer, contract")}),
    )
    customer = forms.CharField(required=False, widget=forms.HiddenInput)
    region = forms.ChoiceField(required=False, label=_("Region"))
    province = forms.ChoiceField(required=False, label=_("Province"))
    product_line = forms.ChoiceField(required=False, label=_("Product line"))
    model = forms.ChoiceField(required=False, label=_("Model"))
    state = forms.ChoiceField(required=False, label=_("State"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in {
            "region": _codes(Region.objects.order_by("id"), _("All regions")),
            "province": _codes(Province.objects.all(), _("All provinces")),
            "product_line": _codes(ProductLine.objects.order_by("id"), _("All lines")),
            "model": _codes(ProductModel.objects.order_by("code"), _("All models")),
            "state": [("", _("All states")), *Equipment.State.choices],
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
