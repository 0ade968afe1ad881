"""Answers read against their questionnaire: what is complete, what is low, what they say of the repair."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from followups.models import Questionnaire
from staff.models import in_language

OVERALL = "overall"
YES = {True, "yes", "true", "True", "1"}
NO = {False, "no", "false", "False", "0"}


def read(questionnaire: Questionnaire, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the answers. Raises Refused by question for what is missing, unknown or impossible."""
    known = {str(question["code"]): question for question in questionnaire.questions}
    problems: dict[str, object] = {
        name: _("The form has no such question. It has: %(codes)s.") % {"codes": ", ".join(known)}
        for name in given
        if name not in known
    }
    rows = []
    for code, question in known.items():
        value = given.get(code)
        if value in (None, ""):
            if question.get("required"):
                problems[code] = _("This question is to be asked.")
            continue
        try:
            rows.append({"question": code, **_value(str(question["kind"]), value)})
        except ValueError as error:
            problems[code] = str(error)
    if problems:
        raise Refused(problems)
    return rows


def _value(kind: str, value: Any) -> dict[str, Any]:
    if kind == "rating":
        if str(value) not in {"1", "2", "3", "4", "5"}:
            raise ValueError(_("A rating is a number from 1 to 5."))
        return {"rating": int(value)}
    if kind == "yesno":
        if not isinstance(value, str | bool | int) or value not in YES | NO:
            raise ValueError(_("Answer yes or no."))
        return {"yes": value in YES}
    return {"text": str(value).strip()}


def low(questionnaire: Questionnaire, rows: list[dict[str, Any]]) -> list[str]:
    """Names of the questions whose answer the superior has to see, in the reader's language."""
    by_code = {row["question"]: row for row in rows}
    found = []
    for question in questionnaire.questions:
        row = by_code.get(str(question["code"]), {})
        rating, limit = row.get("rating"), question.get("low", 2)
        if (rating is not None and rating <= int(str(limit))) or (row.get("yes") is False and question.get("low_no")):
            found.append(in_language(str(question["zh"]), str(question["en"])))
    return found


def works(questionnaire: Questionnaire, rows: list[dict[str, Any]]) -> bool | None:
    """What the customer said to the question whether it works; None when it was not asked."""
    codes = {str(question["code"]) for question in questionnaire.questions if question.get("reopens")}
    return next((row["yes"] for row in rows if row["question"] in codes and row.get("yes") is not None), None)
