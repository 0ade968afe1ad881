"""Guided grading: questions in order, safety first; the gravest answer proposes the grade (TKT-04)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from core.errors import Refused
from staff.models import in_language
from tickets.models import FaultType, GradeQuestion


@dataclass(frozen=True)
class Proposal:
    """A proposed grade (1 gravest to 4, None when nothing follows) and the answer that decided."""

    grade: int | None
    because: str


def questions(fault_type: FaultType | None = None) -> list[GradeQuestion]:
    """Active questions: the general ones first, then those of the fault type."""
    wanted = Q(fault_type__isnull=True) | Q(fault_type=fault_type)
    rows = GradeQuestion.objects.filter(wanted, is_active=True)
    return list(rows.order_by(F("fault_type").asc(nulls_first=True), "position", "id"))


def propose(asked: list[GradeQuestion], answers: Mapping[str, str]) -> Proposal:
    """The gravest grade that any answer proposes, with that question and answer in words."""
    best: tuple[int, str] | None = None
    for question in asked:
        for answer in question.answers:
            if answer["code"] == answers.get(question.code) and answer.get("grade"):
                words = f"{in_language(question.text_zh, question.text_en)} {in_language(answer['zh'], answer['en'])}"
                if best is None or answer["grade"] < best[0]:
                    best = (int(answer["grade"]), words)
    return Proposal(*best) if best else Proposal(None, "")


def check_answers(asked: list[GradeQuestion], answers: object) -> dict[str, str]:
    """The answers as question code to answer code; Refused when one is unknown."""
    if not isinstance(answers, Mapping):
        raise Refused({"grade_answers": _("Answers are given as question code to answer code.")})
    known = {question.code: {answer["code"] for answer in question.answers} for question in asked}
    for code, answer in answers.items():
        if code not in known or answer not in known[code]:
            raise Refused(
                {
                    "grade_answers": _("“%(code)s: %(answer)s” is not among the questions.")
                    % {"code": code, "answer": answer}
                }
            )
    return dict(answers)
