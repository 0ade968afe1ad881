"""Forms of follow-ups: attempt, questionnaire, escalation, answer, service card, rules and questionnaires."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from followups.models import Attempt, Questionnaire, Rule
from staff.models import Region, in_language
from staff.roles import Role
from tickets.models import DispatchOrder

RATINGS = [
    (5, _("5 very satisfied")),
    (4, _("4 satisfied")),
    (3, _("3 fair")),
    (2, _("2 dissatisfied")),
    (1, _("1 very dissatisfied")),
]
CALLERS = [Role.DISPATCHER, Role.SUPERVISION, Role.SUPERVISOR, Role.HEAD]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _lines(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class AttemptForm(forms.Form):
    """Not reached: what happened, and when to try again."""

    outcome = forms.ChoiceField(
        label=_("What happened"),
        choices=[choice for choice in Attempt.Outcome.choices if choice[0] != "reached"],
        widget=forms.RadioSelect,
        initial="no_answer",
    )
    next_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        help_text=_("Empty: as the rule says."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class EscalateForm(forms.Form):
    """A question for the superior."""

    question = forms.CharField(label=_("What the customer wants to know"), widget=_lines(3))


class ResolveForm(forms.Form):
    """The superior's answer."""

    answer = forms.CharField(label=_("What the customer was told"), widget=_lines(3))


class CancelForm(forms.Form):
    """Nobody is called."""

    why = forms.CharField(label=_("Why nobody is called"), widget=_lines(2))


class AnswerForm(forms.Form):
    """The questions of a questionnaire as fields, by section."""

    def __init__(self, questionnaire: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        for question in questionnaire.questions:
            self.fields[str(question["code"])] = _field(question)
        self.fields["question"] = forms.CharField(
            label=_("Question that could not be answered at once"),
            help_text=_("Goes to the superior today, who answers today."),
            required=False,
            widget=_lines(2),
        )

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Sections with their bound fields."""
        return [
            {
                "label": in_language(section["zh"], section["en"]),
                "fields": [self[question["code"]] for question in section["questions"]],
            }
            for section in self.questionnaire.sections
        ]

    def answers(self) -> dict[str, Any]:
        """What was given, by question."""
        codes = [str(question["code"]) for question in self.questionnaire.questions]
        return {code: self.cleaned_data[code] for code in codes if self.cleaned_data.get(code) not in (None, "")}


def _field(question: dict[str, Any]) -> forms.Field:
    label, required = in_language(question["zh"], question["en"]), bool(question.get("required"))
    if question["kind"] == "rating":
        return forms.ChoiceField(label=label, choices=RATINGS, widget=forms.RadioSelect, required=required)
    if question["kind"] == "yesno":
        choices = [("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=required)
    return forms.CharField(label=label, required=required, widget=_lines(3))


class QueueFilter(forms.Form):
    """Filters of the queue."""

    q = forms.CharField(label=_("Customer"), required=False)
    rule = forms.ChoiceField(label=_("Reason for the call"), required=False)
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("Region"), required=False, to_field_name="code", empty_label=_("All regions")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = [(rule.code, str(rule)) for rule in Rule.objects.newest().order_by("pk")]
        self.fields["rule"].choices = [("", _("All occasions")), *rules]  # type: ignore[attr-defined]


class CardForm(forms.Form):
    """A service card came back."""

    order = forms.CharField(
        label=_("Dispatch order"), help_text=_("Number of the dispatch order, for example PG20261119-0003.")
    )
    number = forms.CharField(label=_("Card number"), max_length=30)
    sealed = forms.BooleanField(label=_("Sealed by the customer"), required=False, initial=True)
    stamped = forms.BooleanField(label=_("Stamped by the customer"), required=False, initial=True)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_order(self) -> DispatchOrder:
        """The order among those the person sees."""
        rows = DispatchOrder.objects.visible_to(self.user).select_related("ticket__customer", "ticket__equipment")
        order: DispatchOrder | None = rows.filter(number=self.cleaned_data["order"].strip()).first()
        if order is None:
            raise forms.ValidationError(_("There is no such dispatch order."))
        return order


class JsonField(forms.JSONField):
    """Data as indented text."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Readable, with Chinese as it is."""
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False, indent=2)
        return super().prepare_value(value)


class RuleForm(forms.Form):
    """A new version of a rule."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    active = forms.BooleanField(label=_("In force"), required=False)
    valid_from = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    trigger = forms.ChoiceField(label=_("Comes"), choices=Rule.Trigger.choices)
    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    max_attempts = forms.IntegerField(label=_("Attempts before it is given up"), min_value=1, max_value=20)
    retry_hours = forms.CharField(label=_("Hours until the next attempt, in turn"), help_text=_("For example 2, 24"))
    roles = forms.MultipleChoiceField(
        label=_("Called by"),
        choices=[(role.value, role.label) for role in CALLERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    script_zh = forms.CharField(label=_("What to say, in Chinese"), widget=_lines(3), required=False)
    script_en = forms.CharField(label=_("What to say, in English"), widget=_lines(3), required=False)
    spec = JsonField(label=_("Occasion as data"), help_text=_("Kinds of entries, field of the machine, weekdays …"))
    delay = JsonField(label=_("Due as data"), help_text=_("minutes or hours after it; or days after it, by a time"))
    why = forms.CharField(label=_("Why it is changed"), widget=_lines(2))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Questionnaire.objects.newest().order_by("pk")
        self.fields["questionnaire"].choices = [(row.code, str(row)) for row in rows]  # type: ignore[attr-defined]

    def clean_retry_hours(self) -> list[float]:
        """Numbers, in turn."""
        text = self.cleaned_data["retry_hours"].replace("，", ",").replace("、", ",")
        try:
            hours = [float(part) for part in text.split(",") if part.strip()]
        except ValueError as error:
            raise forms.ValidationError(_("Give numbers with commas between them.")) from error
        if any(not 0 < number <= 24 * 60 for number in hours):
            raise forms.ValidationError(_("Give hours between 0 and 1440."))
        return hours

    @staticmethod
    def initial_of(rule: Rule) -> dict[str, Any]:
        """The values of a rule."""
        names = [*RuleForm.base_fields]
        values = {name: getattr(rule, name) for name in names if name not in ("why", "valid_from")}
        return values | {"retry_hours": ", ".join(f"{hours:g}" for hours in rule.retry_hours)}


class QuestionnaireForm(forms.Form):
    """A new version of a questionnaire."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    valid_from = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sections = JsonField(
        label=_("Sections and questions"),
        help_text=_("Each question has code, kind (rating, yesno, text), zh, en; and may have required, low, reopens."),
    )
    why = forms.CharField(label=_("Why it is changed"), widget=_lines(2))

    def clean_sections(self) -> Any:
        """A list of sections."""
        sections = self.cleaned_data["sections"]
        if not isinstance(sections, list):
            raise forms.ValidationError(_("Sections are a list."))
        return sections
