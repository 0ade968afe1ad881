"""Rules and questionnaires: written as new versions, never edited (FUP-01, FUP-05)."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from customers.models import Equipment
from followups import permissions, scheduling
from followups.kinds import CALL_KINDS
from followups.models import Policy, Questionnaire, Rule

KINDS = ("rating", "yesno", "text")
NEEDED = {
    "history": ("kinds",),
    "date": ("field", "lookback_days"),
    "interval": ("fields", "every_months", "lookback_days"),
    "sample": ("weekdays", "size", "lookback_days"),
}


@transaction.atomic
def add_rule(*, code: str, by: Any, at: datetime, valid_from: date, why: str = "", **fields: Any) -> Rule:
    """Write a rule, or the next version of one; follow-ups made before keep theirs."""
    _demand(by)
    rule = Rule(code=code, valid_from=valid_from, why=why, by=by, created_at=at, **fields)
    _next_version(rule)
    _check_rule(rule)
    _clean(rule)
    rule.save()
    data = {"code": code, "version": rule.version, "valid_from": valid_from.isoformat()}
    history.record("followup.rule_added", rule, by=by, at=at, why=why, data=data)
    return rule


@transaction.atomic
def add_questionnaire(
    *, code: str, by: Any, at: datetime, valid_from: date, why: str = "", **fields: Any
) -> Questionnaire:
    """Write a questionnaire, or the next version of one; answered ones keep theirs."""
    _demand(by)
    form = Questionnaire(code=code, valid_from=valid_from, why=why, by=by, created_at=at, **fields)
    _next_version(form)
    _check_questions(form)
    _clean(form)
    form.save()
    data = {"code": code, "version": form.version, "valid_from": valid_from.isoformat()}
    history.record("followup.questionnaire_added", form, by=by, at=at, why=why, data=data)
    return form


def _demand(by: Any) -> None:
    if not permissions.can_edit_rules(by):
        raise Forbidden(_("Your role does not write follow-up rules."))


def _next_version(row: Policy) -> None:
    newest = type(row).objects.select_for_update().filter(code=row.code).order_by("-version").first()
    row.version = newest.version + 1 if newest else 1
    if newest is not None and row.valid_from < newest.valid_from:
        text = _("The version before holds from %(day)s; a new one cannot hold earlier.")
        raise Refused({"valid_from": text % {"day": newest.valid_from}})


def _check_rule(rule: Rule) -> None:
    """Refuse a rule that could never fire or never be due."""
    missing = [name for name in NEEDED.get(rule.trigger, ()) if rule.spec.get(name) in (None, "", [])]
    if missing:
        raise Refused({"spec": _("Missing: %(names)s.") % {"names": ", ".join(missing)}})
    days = [rule.spec.get("field"), *rule.spec.get("fields", [])]
    unknown = [name for name in days if name and not (name.endswith("_on") and hasattr(Equipment, name))]
    unknown += [kind for kind in rule.spec.get("kinds", []) if kind not in CALL_KINDS]
    if unknown:
        raise Refused({"spec": _("Not known: %(names)s.") % {"names": ", ".join(unknown)}})
    if any(day not in range(7) for day in rule.spec.get("weekdays", [])):
        raise Refused({"spec": _("Weekdays are numbers from 0 (Monday) to 6.")})
    amounts = [rule.delay[name] for name in ("minutes", "hours", "days") if name in rule.delay]
    if not amounts or any(not isinstance(amount, int) or amount < 0 for amount in amounts):
        raise Refused({"delay": _("Give minutes, hours or days as whole numbers.")})
    try:
        scheduling.clock_time(rule.delay.get("by", "18:00"))
    except ValueError as error:
        raise Refused({"delay": _("Give the time as 18:00.")}) from error
    if not Questionnaire.objects.filter(code=rule.questionnaire).exists():
        raise Refused({"questionnaire": _("There is no such questionnaire.")})


def _check_questions(form: Questionnaire) -> None:
    """Refuse a form without questions, with unknown kinds, or with a code used twice."""
    try:
        questions = form.questions
        codes = [str(question["code"]) for question in questions]
        broken = [q for q in questions if q["kind"] not in KINDS or not q["zh"] or not q["en"]]
    except (TypeError, KeyError) as error:
        text = _("Sections hold questions with code, kind (rating, yesno, text), zh and en.")
        raise Refused({"sections": text}) from error
    if not questions or broken or len(set(codes)) < len(codes):
        raise Refused({"sections": _("Every question has a code of its own, a known kind and both languages.")})


def _clean(row: Policy) -> None:
    try:
        row.full_clean(exclude=["by"])
    except ValidationError as error:
        raise Refused(dict(error.message_dict)) from error
