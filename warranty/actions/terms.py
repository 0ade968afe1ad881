"""Terms and guarantee rules: written as new versions, never edited (WAR-01, WAR-06)."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import history
from core.errors import Forbidden, Refused
from warranty import permissions
from warranty.guarantees import REMEDIES, TRIGGERS
from warranty.models import GuaranteeRule, Term


@transaction.atomic
def add_term(*, by: Any, at: datetime, code: str, valid_from: date, why: str = "", **fields: Any) -> Term:
    """Write a term, or the next version of one; what the versions are for stays the same."""
    _demand(by)
    newest = _newest(Term, code)
    term = Term(code=code, valid_from=valid_from, why=why, by=by, created_at=at, **fields)
    _next_version(term, newest)
    if newest is not None and newest.scope != term.scope:
        raise Refused({"code": _("A new version holds for the same machines; write a term of its own instead.")})
    _check_term(term)
    term.save()
    data = {"code": code, "version": term.version, "valid_from": valid_from.isoformat()}
    history.record("warranty.term_added", term, by=by, at=at, about=[term.equipment], why=why, data=data)
    return term


@transaction.atomic
def withdraw_term(term: Term, *, by: Any, at: datetime, valid_from: date, why: str) -> Term:
    """Give a term no longer to machines sold from a day on, by a last version that says so."""
    _demand(by)
    newest = _newest(Term, term.code)
    assert newest is not None
    last = Term.objects.get(pk=newest.pk)
    last.pk = None
    last._state.adding = True
    last.withdrawn, last.valid_from, last.why, last.by, last.created_at = True, valid_from, why, by, at
    _next_version(last, newest)
    last.save()
    data = {"code": last.code, "version": last.version, "valid_from": valid_from.isoformat()}
    history.record("warranty.term_withdrawn", last, by=by, at=at, about=[last.equipment], why=why, data=data)
    return last


@transaction.atomic
def add_rule(*, by: Any, at: datetime, code: str, valid_from: date, why: str = "", **fields: Any) -> GuaranteeRule:
    """Write a guarantee rule, or the next version of one."""
    _demand(by)
    rule = GuaranteeRule(code=code, valid_from=valid_from, why=why, by=by, created_at=at, **fields)
    _next_version(rule, _newest(GuaranteeRule, code))
    if rule.trigger not in TRIGGERS:
        raise Refused({"trigger": _("This trigger is not known.")})
    if not rule.remedies or set(rule.remedies) - REMEDIES.keys():
        raise Refused({"remedies": _("Choose what the customer may ask for.")})
    if rule.trigger in ("fault_within", "no_reason_within") and (rule.days is None) == (rule.working_days is None):
        raise Refused({"days": _("Give either days or working days.")})
    if rule.trigger in ("repair_longer", "parts_wait") and rule.days is None:
        raise Refused({"days": _("Say after how many days.")})
    _clean(rule)
    rule.save()
    data = {"code": code, "version": rule.version, "valid_from": valid_from.isoformat()}
    history.record("warranty.rule_added", rule, by=by, at=at, why=why, data=data)
    return rule


def _demand(by: Any) -> None:
    if not permissions.can_edit_terms(by):
        raise Forbidden(_("Your role does not write warranty terms."))


def _newest(model: type[models.Model], code: str) -> Any:
    rows: Any = model._default_manager.select_for_update(of=("self",))
    return rows.filter(code=code).order_by("-version").first()


def _next_version(row: Any, newest: Any) -> None:
    row.version = newest.version + 1 if newest else 1
    if newest is not None and row.valid_from < newest.valid_from:
        text = _("The version before holds from %(day)s; a new one cannot hold earlier.")
        raise Refused({"valid_from": text % {"day": newest.valid_from}})


def _check_term(term: Term) -> None:
    """Refuse nonsense: a free period without end, a part term for the whole machine that restarts it, a vague scope."""
    if term.phase == Term.Phase.FREE and term.months is None and term.hours is None:
        raise Refused({"months": _("A free period has an end: give months or running hours.")})
    if (
        sum(
            key is not None
            for key in (term.product_line_id, term.product_model_id, term.contract_id, term.equipment_id)
        )
        > 1
    ):
        raise Refused({"product_line": _("Choose one: product line, model, contract or machine.")})
    if term.restarts_machine and (term.basis != Term.Basis.REPLACEMENT or term.component_id is None):
        raise Refused({"restarts_machine": _("Only the replacement of a named key part can restart the machine.")})
    for row in term.allowances:
        if not {"code", "name_zh", "name_en", "limit"} <= row.keys() or row.get("per", "term") not in ("term", "year"):
            raise Refused({"allowances": _("An allowance needs a code, both names, a limit, and per term or year.")})
    _clean(term)


def _clean(row: models.Model) -> None:
    try:
        row.full_clean(exclude=["by"])
    except ValidationError as error:
        messages = error.message_dict
        if NON_FIELD_ERRORS in messages:
            messages["code"] = messages.pop(NON_FIELD_ERRORS)
        raise Refused(dict(messages)) from error
