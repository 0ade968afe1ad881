"""Forms of clocks, chains and promises: people type times and names, the actions get plain values."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.actions.policy import CHAIN_ROLES
from sla.forms import offer
from sla.models import Chain, Clock, PauseReason, Promise, PromiseLine, Target
from sla.policy_fields import (
    DaysField,
    RangesField,
    RegionDaysField,
    SelectorsField,
    WordsField,
    ranges_text,
    selectors_text,
)
from sla.querysets import newest
from sla.working_time import WEEKDAYS
from staff.roles import Role

UNITS = [
    ("minutes", gettext_lazy("minutes")),
    ("working_days", gettext_lazy("working days")),
    ("days", gettext_lazy("calendar days")),
    ("same_day", gettext_lazy("the same day")),
]


class VersionForm(forms.Form):
    """What every version has: code, names, first day, reason."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    why = forms.CharField(label=gettext_lazy("Why this change"), max_length=300, required=False)

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known is not None:
            self.fields["code"].widget.attrs["readonly"] = True

    def clean_code(self) -> str:
        """A known code stays as it is."""
        return str(self.known.code if self.known is not None else self.cleaned_data["code"])


class ClockForm(VersionForm):
    """A clock as a week of times and the days that differ (SLA-08)."""

    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=40, initial="Asia/Shanghai")
    mon = RangesField(label=gettext_lazy("Monday"), required=False)
    tue = RangesField(label=gettext_lazy("Tuesday"), required=False)
    wed = RangesField(label=gettext_lazy("Wednesday"), required=False)
    thu = RangesField(label=gettext_lazy("Thursday"), required=False)
    fri = RangesField(label=gettext_lazy("Friday"), required=False)
    sat = RangesField(label=gettext_lazy("Saturday"), required=False)
    sun = RangesField(label=gettext_lazy("Sunday"), required=False)
    days = DaysField(
        label=gettext_lazy("Days that differ"),
        required=False,
        help_text=gettext_lazy("One a line: 2026-10-01 for a holiday, 2026-10-10 08:30-12:00 for a day worked."),
    )
    region_days = RegionDaysField(
        label=gettext_lazy("Days of single regions"),
        required=False,
        help_text=gettext_lazy("One a line: NW 2026-11-19, for example a day of storm."),
    )
    follows_holidays = forms.BooleanField(label=gettext_lazy("Public holidays concern it"), required=False)
    published_years = WordsField(
        label=gettext_lazy("Years whose holidays are entered"),
        required=False,
        help_text=gettext_lazy("Deadlines in other years are marked as provisional."),
    )

    @classmethod
    def initial_of(cls, clock: Clock) -> dict[str, Any]:
        """What the form shows of a version."""
        region_days = [
            f"{region} {day} {ranges_text(ranges)}".strip()
            for region, days in clock.region_days.items()
            for day, ranges in days.items()
        ]
        return {
            "code": clock.code,
            "name_zh": clock.name_zh,
            "name_en": clock.name_en,
            "zone": clock.zone,
            **{name: ranges_text(clock.weekly.get(name) or []) for name in WEEKDAYS},
            "days": "\n".join(f"{day} {ranges_text(ranges)}".strip() for day, ranges in sorted(clock.days.items())),
            "region_days": "\n".join(region_days),
            "follows_holidays": clock.follows_holidays,
            "published_years": " ".join(map(str, clock.published_years)),
        }

    def clean_published_years(self) -> list[int]:
        """Years as numbers."""
        words = self.cleaned_data["published_years"]
        if not all(word.isdecimal() and 1900 < int(word) < 3000 for word in words):
            raise forms.ValidationError(_("Write years such as 2026 2027."))
        return [int(word) for word in words]

    def values(self) -> dict[str, Any]:
        """What `put_clock` takes."""
        plain = {name: value for name, value in self.cleaned_data.items() if name not in WEEKDAYS}
        return {**plain, "weekly": {name: self.cleaned_data[name] for name in WEEKDAYS if self.cleaned_data[name]}}


class RungForm(forms.Form):
    """One rung: so many minutes past the deadline, these people."""

    after = forms.IntegerField(label=gettext_lazy("Minutes past the deadline"), min_value=0)
    who = forms.MultipleChoiceField(label=gettext_lazy("Who is told"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "who", people())


def people() -> list[tuple[str, Any]]:
    """Who may stand on a rung."""
    names = {"engineer": _("Engineer of the order"), "owner": _("Dispatcher who minds it")}
    return [(code, names.get(code) or Role(code).label) for code in CHAIN_ROLES]


class ChainForm(VersionForm):
    """A chain: whom the warning goes to, in whose hours (SLA-05)."""

    warn_who = forms.MultipleChoiceField(
        label=gettext_lazy("The warning goes to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.ChoiceField(
        label=gettext_lazy("Own hours of the receivers"),
        required=False,
        help_text=gettext_lazy("For grades 3 and 4; grades 1 and 2 are told at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "warn_who", people())
        offer(self, "hours", [("", _("Always at once")), *clock_choices()])

    @classmethod
    def initial_of(cls, chain: Chain) -> dict[str, Any]:
        """What the form shows of a version."""
        return {name: getattr(chain, name) for name in ("code", "name_zh", "name_en", "warn_who", "hours")}


RungFormSet = forms.formset_factory(RungForm, extra=1, max_num=8, can_delete=True)


class PromiseForm(VersionForm):
    """Head of a promise: for whom, from when to when."""

    valid_to = forms.DateField(
        label=gettext_lazy("Holds until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    selectors = SelectorsField(
        label=gettext_lazy("For whom"),
        required=False,
        help_text=gettext_lazy(
            "One fact a line: kind, product_line, product_model, contract, customer, region, province, grade; "
            "is_home and is_remote: yes or no."
        ),
    )
    by_choice = forms.BooleanField(label=gettext_lazy("Only for contracts that chose it"), required=False)
    is_draft = forms.BooleanField(label=gettext_lazy("Draft: only for trying out"), required=False)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200, required=False)
    letter_zh = forms.CharField(
        label=gettext_lazy("Further sentences of the letter, Chinese"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    letter_en = forms.CharField(
        label=gettext_lazy("Further sentences of the letter, English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def initial_of(cls, promise: Promise) -> dict[str, Any]:
        """What the form shows of a version."""
        names = ("code", "name_zh", "name_en", "valid_to", "by_choice", "is_draft", "source", "letter_zh", "letter_en")
        return {**{name: getattr(promise, name) for name in names}, "selectors": selectors_text(promise.selectors)}


class LineForm(forms.Form):
    """One line of a promise."""

    target = forms.ChoiceField(label=gettext_lazy("What"), choices=Target.choices, initial=Target.ANSWER)
    label_zh = forms.CharField(label=gettext_lazy("Own words, Chinese"), max_length=60, required=False)
    label_en = forms.CharField(label=gettext_lazy("Own words, English"), max_length=60, required=False)
    leg = forms.CharField(label=gettext_lazy("Distinction"), max_length=40, required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Within"),
        initial="minutes",
        choices=UNITS,
    )
    amount = forms.IntegerField(label=gettext_lazy("How many"), required=False)
    cutoff = forms.CharField(label=gettext_lazy("Cut-off hour"), max_length=5, required=False)
    clock = forms.ChoiceField(label=gettext_lazy("Clock"))
    remote_minutes = forms.IntegerField(
        label=gettext_lazy("More minutes for remote places"), min_value=0, required=False, initial=0
    )
    selectors = SelectorsField(label=gettext_lazy("Only for"), required=False)
    start_kinds = WordsField(label=gettext_lazy("Starts with"))
    restart_kinds = WordsField(label=gettext_lazy("Starts anew with"), required=False)
    stop_kinds = WordsField(label=gettext_lazy("Ends with"))
    cancel_kinds = WordsField(label=gettext_lazy("Void with"), required=False)
    reopen_kinds = WordsField(label=gettext_lazy("Reopened with"), required=False)
    reopen = forms.ChoiceField(label=gettext_lazy("Then"), choices=PromiseLine.Reopen.choices, initial="continue")
    pausable = forms.MultipleChoiceField(
        label=gettext_lazy("Stands still for"),
        required=False,
        choices=[choice for choice in PauseReason.choices if choice[0] != PauseReason.CLOSED],
        widget=forms.CheckboxSelectMultiple,
    )
    warn_share = forms.DecimalField(
        label=gettext_lazy("Warning at this share"), min_value=0, max_value=1, initial=Decimal("0.75"), decimal_places=2
    )
    chain = forms.ChoiceField(label=gettext_lazy("Chain"), required=False)
    penalty = forms.DecimalField(
        label=gettext_lazy("Penalty when missed"), min_value=0, required=False, initial=0, decimal_places=2
    )
    party = forms.CharField(label=gettext_lazy("In whose hands"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "clock", clock_choices())
        self.fields["clock"].initial = next((code for code, _name in clock_choices()), "")
        chains = newest(Chain.objects.all()).order_by("code")
        offer(self, "chain", [("", _("none")), *((row.code, str(row)) for row in chains)])

    @classmethod
    def initial_of(cls, line: PromiseLine) -> dict[str, Any]:
        """What the form shows of a line."""
        unit = next(name for name in ("minutes", "working_days", "days", "same_day") if line.span.get(name))
        kinds = ("start_kinds", "restart_kinds", "stop_kinds", "cancel_kinds", "reopen_kinds")
        same = ("target", "label_zh", "label_en", "leg", "clock", "remote_minutes", "reopen", "pausable")
        return {
            **{name: getattr(line, name) for name in (*same, "warn_share", "chain", "penalty", "party")},
            **{name: " ".join(getattr(line, name)) for name in kinds},
            "selectors": selectors_text(line.selectors),
            "unit": unit,
            "amount": line.span[unit] if unit != "same_day" else None,
            "cutoff": line.span.get("cutoff", ""),
        }

    def values(self) -> dict[str, Any]:
        """A line as `put_promise` takes it."""
        data = dict(self.cleaned_data)
        unit, amount, cutoff = data.pop("unit"), data.pop("amount"), data.pop("cutoff")
        data.pop("DELETE", None)
        span: dict[str, Any] = {"same_day": True} if unit == "same_day" else {unit: amount or 0}
        if cutoff:
            span["cutoff"] = cutoff
        return {
            **data,
            "span": span,
            "remote_minutes": data["remote_minutes"] or 0,
            "penalty": data["penalty"] or 0,
        }


LineFormSet = forms.formset_factory(LineForm, extra=1, max_num=30, can_delete=True)


def clock_choices() -> list[tuple[str, str]]:
    """Clocks by name."""
    return [(row.code, str(row)) for row in newest(Clock.objects.all()).order_by("code")]


class TryClockForm(forms.Form):
    """When a span would end on this clock."""

    start = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Within"), choices=UNITS)
    amount = forms.IntegerField(label=gettext_lazy("How many"), required=False, initial=240)
    cutoff = forms.CharField(label=gettext_lazy("Cut-off hour"), max_length=5, required=False)

    def span(self) -> dict[str, Any]:
        """The span asked for."""
        unit = self.cleaned_data["unit"]
        span: dict[str, Any] = {"same_day": True} if unit == "same_day" else {unit: self.cleaned_data["amount"] or 0}
        if self.cleaned_data["cutoff"]:
            span["cutoff"] = self.cleaned_data["cutoff"]
        return span


class TryPromiseForm(forms.Form):
    """What would be promised to somebody."""

    equipment = forms.CharField(label=gettext_lazy("Machine"), required=False)
    product_line = forms.CharField(label=gettext_lazy("Product line"), required=False)
    province = forms.CharField(label=gettext_lazy("Province"), required=False, max_length=6)
    contract = forms.CharField(label=gettext_lazy("Contract"), required=False)
    remote = forms.NullBooleanField(
        label=gettext_lazy("Remote place"),
        required=False,
        widget=forms.Select(choices=[("", "—"), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]),
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("Grade"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), (1, "1"), (2, "2"), (3, "3"), (4, "4")],
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ChoiceForm(forms.Form):
    """A contract chooses the promise."""

    contract = forms.CharField(label=gettext_lazy("Contract number"), max_length=40)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
