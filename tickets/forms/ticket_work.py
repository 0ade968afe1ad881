"""The verbs of a ticket that think along: guided grading, help by phone, dispatching."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.models import Engineer
from tickets import candidates, cases, grading, permissions
from tickets.actions import orders, tickets
from tickets.forms.actions import text, when
from tickets.forms.ticket_actions import StateForm
from tickets.models import DispatchOrder, FaultCase
from tickets.visit_forms import MomentInput

ANSWER = "answer-"
SHOWN = 3


class GradeForm(StateForm):
    """Guided grading: the answers propose a grade, the dispatcher decides (TKT-04)."""

    code, title, submit = "grade", _("Grade"), _("Keep the grade")
    done = _("The grade is kept.")
    template, part = "tickets/actions/grade.html", "tickets/actions/proposal.html"
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("1", _("1 stands still")),
            ("2", _("2 danger of it")),
            ("3", _("3 works in part")),
            ("4", _("4 now and then")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Without a choice the answers decide."),
    )
    why = text(_("Reason"), required=False, hint=_("Needed when the grade changes or differs from the answers"))
    at = when()

    def prepare(self) -> None:
        """The questions of the fault type with what was answered."""
        self.asked_questions = grading.questions(self.record.fault_type)
        given = self.data if self.is_bound else self.asked
        kept = {name.removeprefix(ANSWER): given[name] for name in given if name.startswith(ANSWER)}
        known = {question.code: {answer["code"] for answer in question.answers} for question in self.asked_questions}
        found = kept or dict(self.record.grade_answers)
        self.answers = {code: str(value) for code, value in found.items() if value in known.get(code, ())}

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Questions with the answer that is chosen."""
        return [{"question": one, "given": self.answers.get(one.code, "")} for one in self.asked_questions]

    @property
    def proposal(self) -> grading.Proposal:
        """What follows from the answers."""
        return grading.propose(self.asked_questions, self.answers)

    def clean(self) -> dict[str, Any]:
        """The chosen grade, else the proposed one."""
        data = super().clean() or {}
        proposed = self.proposal.grade
        if data.get("grade") is None:
            data["grade"] = proposed
        if data["grade"] is None:
            self.add_error("grade", gettext("Answer the questions or choose a grade."))
        elif proposed is not None and data["grade"] != proposed and not data.get("why", "").strip():
            self.add_error("why", gettext("The answers say grade %(n)s. Why another one?") % {"n": proposed})
        return data

    def run(self) -> Any:
        """Grade."""
        values = self.values("why", "version")
        return tickets.grade_ticket(self.record, self.cleaned_data["grade"], answers=self.answers, **values)


class PhoneForm(StateForm):
    """What was tried by phone, step by step; in the end it is solved or not (TKT-05)."""

    code, title, submit = "solve_by_phone", _("Solve by phone"), _("Solved by phone")
    template = "tickets/actions/phone.html"
    steps = text(_("What else was tried"), rows=2, required=False, hint=_("One step a line"))
    at = when()

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whoever helps the customer; solving asks the state table."""
        return permissions.can_add_to_ticket(user)

    def prepare(self) -> None:
        """Cases for this symptom and model, and like tickets of the past."""
        record, machine = self.record, self.record.equipment
        self.suggested = cases.suggest(record.symptom, equipment=machine, fault_type=record.fault_type, at_most=4)
        self.past = cases.similar(record.symptom, machine, but=record.pk) if machine else []
        self.fault_steps = self._fault_steps()
        self.ticked = set(self._steps()) if self.is_bound else set()

    def _fault_steps(self) -> list[str]:
        kind = self.record.fault_type
        return [] if kind is None or self.suggested else list(kind.steps_zh)

    def saying(self) -> Any:
        """What has been reached."""
        return _("Solved by phone. The call-back comes by itself.") if self.solved else _("What was tried is kept.")

    @property
    def solved(self) -> bool:
        """Which of the two buttons was pressed."""
        return bool(self.data.get("result", "solved") == "solved")

    @property
    def is_ticked(self) -> dict[str, bool]:
        """For the template: which steps are ticked."""
        return dict.fromkeys(self.ticked, True)

    def _steps(self) -> list[str]:
        data: Any = self.data
        return list(data.getlist("step"))

    def rows(self) -> list[tuple[FaultCase | None, str]]:
        """Ticked steps with their case, then what was typed."""
        by_key = {str(one.case.pk): one for one in self.suggested}
        found: list[tuple[FaultCase | None, str]] = []
        for value in self._steps():
            key, _colon, place = value.partition(":")
            steps = by_key[key].steps if key in by_key else self.fault_steps if key == "type" else []
            if place.isdigit() and int(place) < len(steps):
                found.append((by_key[key].case if key in by_key else None, steps[int(place)]))
        typed = self.cleaned_data.get("steps", "").splitlines()
        return found + [(None, line.strip()) for line in typed if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Something must have been tried."""
        data = super().clean() or {}
        self.cleaned_data = data
        if "steps" in data and not self.rows():
            self.add_error("steps", gettext("Tick or write what was tried."))
        return data

    @transaction.atomic
    def run(self) -> Any:
        """Solve, or note each step that did not help."""
        rows, values = self.rows(), self.values("version")
        if self.solved:
            case = next((case for case, _step in rows if case is not None), None)
            return tickets.solve_by_phone(self.record, [step for _case, step in rows], case=case, **values)
        values.pop("version")
        for case, step in rows:
            tickets.try_step(self.record, step, case=case, helped=False, **values)
        return self.record


class TryForm(PhoneForm):
    """The same form, opened to note what did not help."""

    code, title = "try_step", _("Note a tried step")


class DispatchForm(StateForm):
    """Who goes, when and how: the ranking explains itself, the dispatcher decides (DSP-01, DSP-02)."""

    code, title, submit = "dispatch", _("Dispatch"), _("Send")
    done = _("The order is issued; the engineer has been told.")
    template, part = "tickets/actions/dispatch.html", "tickets/actions/candidates.html"
    appointment_from = forms.DateTimeField(label=_("Appointment from"), required=False, widget=MomentInput())
    appointment_to = forms.DateTimeField(label=_("until"), required=False, widget=MomentInput())
    expected_return_at = forms.DateTimeField(label=_("Expected return"), required=False, widget=MomentInput())
    travel = forms.ChoiceField(
        label=_("Way of travel"), required=False, choices=DispatchOrder.Travel.choices, widget=forms.RadioSelect
    )
    travel_note = forms.CharField(label=_("About the trip"), required=False, max_length=120)
    parts_to_take = forms.CharField(label=_("Parts to take along"), required=False, max_length=300)
    note = forms.CharField(label=_("For the engineer"), required=False, max_length=1000)
    additional = forms.BooleanField(required=False, widget=forms.HiddenInput)
    engineer = forms.CharField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """The ranking for the appointment that is typed; parts that this kind of fault needs."""
        self.open_order = self.record.orders.open().select_related("engineer__user").first()
        self.initial.setdefault("additional", self.open_order is not None)
        kind = self.record.fault_type
        if kind is not None:
            names = [" ".join(filter(None, [part.get("name"), part.get("model")])) for part in kind.parts]
            self.initial.setdefault("parts_to_take", ", ".join(names))
        self._ranking: list[candidates.Candidate] | None = None

    @property
    def ranking(self) -> list[candidates.Candidate]:
        """Everybody, best first."""
        if self._ranking is None:
            given = self.data if self.is_bound else self.asked
            start, end = (_moment(given.get(name)) for name in ("appointment_from", "appointment_to"))
            self._ranking = candidates.for_ticket(self.record, start=start, end=end)
        return self._ranking

    @property
    def best(self) -> list[candidates.Candidate]:
        """The first three who can go."""
        return [one for one in self.ranking if not one.obstacle][:SHOWN]

    @property
    def others(self) -> list[candidates.Candidate]:
        """All others who can go."""
        return [one for one in self.ranking if not one.obstacle][SHOWN:]

    @property
    def blocked(self) -> list[candidates.Candidate]:
        """Those who cannot go, with the reason."""
        return [one for one in self.ranking if one.obstacle]

    def clean_engineer(self) -> Engineer:
        """The engineer whose button was pressed; Ctrl+Enter presses the first."""
        name = self.cleaned_data["engineer"]
        found = Engineer.objects.in_service().filter(user__username=name).first()
        if found is None:
            raise forms.ValidationError(gettext("Choose who goes."))
        return found

    def run(self) -> Any:
        """Issue the order."""
        names = ("appointment_from", "appointment_to", "expected_return_at", "travel", "travel_note", "parts_to_take")
        values = self.values(*names, "note", "additional", "version")
        return orders.dispatch(self.record, self.cleaned_data["engineer"], **values)


def _moment(value: Any) -> Any:
    try:
        found = parse_datetime(value) if value else None
    except ValueError:
        return None
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found
