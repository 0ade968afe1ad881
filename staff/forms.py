"""Forms of people and organisation: shape only, the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.models import Absence, Division, Engineer, ProductLine, Province, Region, Tier, User
from staff.roles import FIELD, Role

LEVELS = [(0, _("no skill")), *((level, str(level)) for level in range(1, 6))]
MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A local moment to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


class DayField(forms.DateField):
    """A day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OwnIds:
    """Forms that stand beside others on one page: their fields carry the verb in their ids."""

    verb = "form"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{self.verb}_%s")
        super().__init__(*args, **kwargs)


class PasswordForm(OwnIds, forms.Form):
    """The owner changes the password."""

    verb = "password"
    old = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters, not your name and not a common word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class NewPasswordForm(OwnIds, forms.Form):
    """An administrator sets a password."""

    verb = "new_password"
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters, not your name and not a common word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class TokenForm(OwnIds, forms.Form):
    """A new API token."""

    verb = "token"
    name = forms.CharField(label=_("What it is for"), max_length=60)


class WhyForm(OwnIds, forms.Form):
    """A reason."""

    verb = "why"
    why = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class UserForm(forms.Form):
    """An account."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Messages are sent there too."))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.order_by("id"), required=False, empty_label="—"
    )
    division = forms.ModelChoiceField(label=_("Division"), queryset=Division.objects.order_by("id"), required=False)


class NewUserForm(UserForm):
    """A new account; the password is given to the person by hand."""

    username = forms.CharField(label=_("Account"), max_length=150, help_text=_("For signing in."))
    password = forms.CharField(
        label=_("First password"),
        required=False,
        help_text=_("Empty: nobody can sign in with this account yet."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    field_order = ["username", "name", "password", "phone", "email", "roles", "region", "division"]


class UserFilter(forms.Form):
    """Which accounts the list shows."""

    q = forms.CharField(label=_("Name, account or telephone"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    account = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("open accounts")), ("ended", _("ended accounts")), ("all", _("all"))],
    )


class RegionForm(forms.ModelForm):
    """A region with its supervisor and provinces."""

    provinces = forms.ModelMultipleChoiceField(
        label=_("Provinces"),
        queryset=Province.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A province ticked here leaves the region it was in."),
    )

    class Meta:
        model = Region
        fields = ["code", "name_zh", "name_en", "is_mobile", "supervisor"]
        labels = {
            "code": _("Code"),
            "name_zh": _("Name in Chinese"),
            "name_en": _("Name in English"),
            "is_mobile": _("Mobile team"),
            "supervisor": _("Supervisor"),
        }
        help_texts = {"is_mobile": _("Serves the home province and all that no region holds.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supervisors = User.objects.with_role(Role.SUPERVISOR).filter(region=self.instance.pk)
        self.fields["supervisor"].queryset = supervisors  # type: ignore[attr-defined]
        self.fields["supervisor"].empty_label = "—"  # type: ignore[attr-defined]
        self.fields["supervisor"].help_text = _("People with the role regional supervisor in this region.")
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.fields["provinces"].initial = list(self.instance.provinces.values_list("pk", flat=True))
        if self.instance.is_mobile:
            del self.fields["provinces"]


class CodedForm(forms.ModelForm):
    """A row with a code that stays once it is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


NAMES = {"code": _("Code"), "name_zh": _("Name in Chinese"), "name_en": _("Name in English")}


class DivisionForm(CodedForm):
    """A division."""

    class Meta:
        model = Division
        fields = ["code", "name_zh", "name_en"]
        labels = NAMES


class ProductLineForm(CodedForm):
    """A product line."""

    class Meta:
        model = ProductLine
        fields = ["code", "name_zh", "name_en", "division"]
        labels = {**NAMES, "division": _("Division")}


class TierForm(CodedForm):
    """A tier with its authority."""

    class Meta:
        model = Tier
        fields = ["code", "name_zh", "name_en", "rank", "may_decide_up_to", "highest_grade_alone", "pay_band"]
        labels = {
            **NAMES,
            "rank": _("Rank"),
            "may_decide_up_to": _("May grant alone up to (CNY)"),
            "highest_grade_alone": _("Gravest fault grade alone"),
            "pay_band": _("Pay band"),
        }
        help_texts = {
            "rank": _("1 is the highest."),
            "may_decide_up_to": "",
            "highest_grade_alone": _("Grade 1 is the gravest."),
        }


class EngineerForm(forms.Form):
    """An engineer's file."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=20)
    tier = forms.ModelChoiceField(label=_("Tier"), queryset=Tier.objects.order_by("rank"))
    region = forms.ModelChoiceField(label=_("Region or team"), queryset=Region.objects.order_by("id"))
    base_province = forms.ModelChoiceField(label=_("Base: province"), queryset=Province.objects.all())
    base_city = forms.CharField(label=_("Base: city"), max_length=40, required=False)


class NewEngineerForm(EngineerForm):
    """The file of an account that has none yet."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    field_order = ["user", "staff_number", "tier", "region", "base_province", "base_city"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.with_role(*FIELD).filter(engineer=None).order_by("name")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["user"].help_text = _("People with the role engineer or contractor without a file.")


class ChangeEngineerForm(OwnIds, EngineerForm):
    """The file as it shall be."""

    verb = "change"
    active = forms.BooleanField(label=_("In service"), required=False)


class StandbyForm(OwnIds, forms.Form):
    """Standby state."""

    verb = "standby"
    standby = forms.ChoiceField(label=_("Standby"), choices=Engineer.Standby, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Reason"), required=False, max_length=200)


class AbsenceForm(OwnIds, forms.Form):
    """An absence."""

    verb = "absence"
    kind = forms.ChoiceField(label=_("Kind"), choices=Absence.Kind, widget=forms.RadioSelect, initial="leave")
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class DutyForm(OwnIds, forms.Form):
    """A turn of the rota."""

    verb = "duty"
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))


class PhoneOffForm(OwnIds, forms.Form):
    """An engineer could not be reached."""

    verb = "phone_off"
    at = MomentField(label=_("When"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class SkillForm(OwnIds, forms.Form):
    """Skill in a product line."""

    verb = "skill"
    product_line = forms.ModelChoiceField(label=_("Product line"), queryset=ProductLine.objects.order_by("id"))
    level = forms.TypedChoiceField(
        label=_("Skill"),
        choices=LEVELS,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("1 assists, 3 works alone, 5 teaches."),
    )


class QualificationForm(OwnIds, forms.Form):
    """A passed examination."""

    verb = "qualification"
    product_line = forms.ModelChoiceField(label=_("Product line"), queryset=ProductLine.objects.order_by("id"))
    passed_on = DayField(label=_("Examination passed on"))
    valid_until = DayField(label=_("Valid until"), required=False, help_text=_("Empty: without end."))
    score = forms.DecimalField(
        label=_("Examination score"), required=False, min_value=0, max_value=100, decimal_places=1
    )
    certificate = forms.CharField(
        label=_("Certificate number"), required=False, max_length=40, help_text=_("Empty: the next number.")
    )


class EngineerFilter(forms.Form):
    """Which engineers the list shows."""

    q = forms.CharField(label=_("Name or staff number"), required=False)
    region = forms.ModelChoiceField(
        label=_("Region or team"), queryset=Region.objects.order_by("id"), required=False, empty_label=_("all")
    )
    tier = forms.ModelChoiceField(
        label=_("Tier"), queryset=Tier.objects.order_by("rank"), required=False, empty_label=_("all")
    )
    product_line = forms.ModelChoiceField(
        label=_("May be sent to"),
        queryset=ProductLine.objects.order_by("id"),
        required=False,
        empty_label=_("all"),
    )
    standby = forms.ChoiceField(label=_("Standby"), required=False, choices=[("", _("all")), *Engineer.Standby.choices])
